"""The first thing read: what it is and how it stands, in words and one emoji, then who asked and when."""

from __future__ import annotations

from slack_sdk.models.blocks import ContextBlock, SectionBlock

from bot.views import limits, times
from bot.views.text import bold, link, mention, one_line
from bot.views.view import context, section
from commands.operation import Operation, State
from commands.times import duration

EMOJI = {
    State.PLANNING: "📝",
    State.AWAITING: "✋",
    State.QUEUED: "🕓",
    State.ACTING: "✍️",
    State.OBSERVING: "👀",
    State.ROLLING_BACK: "⏪",
    State.REJECTED: "🚫",
    State.DENIED: "⛔",
    State.EXPIRED: "⌛",
    State.CANCELLED: "⏹️",
    State.SUCCEEDED: "✅",
    State.FAILED: "❌",
    State.SUPERSEDED: "↪️",
    State.ROLLED_BACK: "↩️",
    State.ROLLBACK_FAILED: "🆘",
}
"""Never alone: the state's word is always beside it."""


def subject(op: Operation) -> str:
    """``deploy web 1.4.2 in prod``, escaped, and each part cut by itself."""
    what = one_line(op.what, limits.SUMMARY)
    words = f"{one_line(op.invocation.verb, 40)} {what} in {one_line(op.environment, 60)}"
    return " ".join(words.split())


def headline(op: Operation) -> str:
    """The operation's own headline, escaped and cut: the top-level text."""
    return f"{subject(op)}: {op.state.value}"


def head(op: Operation, sentence: str) -> SectionBlock | None:
    """``sentence`` is the one thing to know beside the state."""
    return section("head", f"{EMOJI[op.state]} {bold(headline(op))}\n{sentence}".strip())


def who(op: Operation) -> ContextBlock | None:
    """Who asked, since when it runs or how long it took, and the id to name it by."""
    return context("who", f"Asked by {mention(op.invocation.person.id)} · {_times(op)} · {_lineage(op)}")


def _times(op: Operation) -> str:
    if not op.state.final:
        return f"started {times.ago(op.created)}"
    ended = op.moments[-1].at if op.moments else op.created
    return f"started {times.moment(op.created)}, ended {times.moment(ended)} after {duration(ended - op.created)}"


def _lineage(op: Operation) -> str:
    origin = f", {one_line(op.origin.relation, 20)} of {one_line(op.origin.id, 40)}" if op.origin else ""
    return one_line(op.id, 40) + origin


def why(op: Operation) -> SectionBlock | None:
    """The reason and the link, where they were given."""
    reason, address = op.invocation.argument("reason"), op.invocation.argument("link")
    lines = [
        "🚨 *Break-glass:* no approval was asked for, and no freeze obeyed." if op.invocation.breaks_glass else "",
        f"*Reason:* {one_line(str(reason), limits.LINE)}" if reason else "",
        f"*Link:* {link(str(address))}" if address else "",
    ]
    return section("why", "\n".join(line for line in lines if line))
