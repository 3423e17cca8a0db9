"""Why it broke, for the thread: the cause in words, then the evidence."""

from __future__ import annotations

from slack_sdk.models.blocks import SectionBlock

from bot.views import limits
from bot.views.text import code, cut, escape, fenced, one_line, tail
from bot.views.view import View, section, view
from commands.operation import Diagnosis

PODS = 10
EVENTS = 1_500
LOGS = 2_500


def view_of(found: Diagnosis) -> View:
    """The end of the logs is kept: that is where it broke."""
    cause = cut(escape(found.cause), limits.SENTENCE)
    return view(
        f"Why: {one_line(found.cause, limits.SENTENCE)}",
        (
            section("cause", f"🔎 *Why:* {cause}"),
            section("facts", "\n".join(_facts(found))),
            _block("events", "Events", "\n".join(found.events), EVENTS),
            _block("logs", "Last lines of the log", found.logs, LOGS),
        ),
    )


def _facts(found: Diagnosis) -> list[str]:
    facts = {
        "Container": found.container,
        "Image": found.image,
        "Reason": found.reason,
        "Exit code": None if found.exit_code is None else str(found.exit_code),
    }
    lines = [f"{label}: {code(value, 200)}" for label, value in facts.items() if value]
    pods = [f"Pods: {_pods(found.pods, found.of)}"] if found.pods else []
    since = [f"Since: {one_line(found.since, 300)}"] if found.since else []
    return [*lines, *pods, *since]


def _pods(pods: tuple[str, ...], of: int) -> str:
    more = f" and {len(pods) - PODS} more" if len(pods) > PODS else ""
    share = f"{len(pods)} of {of}: " if of else ""
    return share + ", ".join(code(pod, 100) for pod in pods[:PODS]) + more


def _block(block_id: str, title: str, text: str, room: int) -> SectionBlock | None:
    if not text.strip():
        return None
    shown = escape(text.rstrip())
    kept = tail(shown, room)
    cut_off = " (the beginning is left out)" if kept != shown else ""
    return section(block_id, f"*{title}*{cut_off}\n{fenced(kept)}")
