"""Where a rollout is: counts in words first, then a bar for the eye."""

from __future__ import annotations

from slack_sdk.models.blocks import SectionBlock

from bot.views import limits, times
from bot.views.ending import people_of
from bot.views.text import one_line, ours
from bot.views.view import section
from commands.operation import Operation, Progress, State
from commands.wording import counted

CELLS = 10
STALE = 60.0
"""Seconds without news after which the message says so, rather than pretend."""

WORKING = {
    State.PLANNING: "Making a plan from what runs now.",
    State.QUEUED: "Waiting for a worker.",
    State.ACTING: "Writing the change.",
    State.OBSERVING: "Written. Waiting for the first news of the rollout.",
}


def phase(op: Operation, progress: Progress | None) -> str:
    """The one sentence to know while it is on its way; empty where the state says it all."""
    if progress and op.state in WORKING and _is_of_this_state(op, progress):
        return ours(progress.sentence, people_of(op)) or _counts(progress)
    return WORKING.get(op.state, "")


def _is_of_this_state(op: Operation, at: Progress) -> bool:
    """A job that waited for its cluster has said so, with nothing counted; once it got through, that is over."""
    return at.at >= op.since or (op.state is State.OBSERVING and _is_counted(at))


def _is_counted(at: Progress) -> bool:
    return any((at.desired, at.updated, at.ready, at.old))


def progress(op: Operation, at: Progress | None, now: float) -> SectionBlock | None:
    """While it is observed, what the head does not say already; and where it stood when it failed."""
    if at is None or op.state not in {State.OBSERVING, State.FAILED}:
        return None
    stale = f"No news from the cluster since {times.moment(at.at)}" if _is_stale(op, at, now) else ""
    hoping = (
        at.warnings[: limits.INLINE_RISKS] if op.state is State.OBSERVING else ()
    )  # once it failed, the cause stands
    warnings = [f"⚠️ {one_line(warning, limits.LINE)}" for warning in hoping]
    counts = _counts(at) if _is_counted(at) and (op.state is State.FAILED or at.sentence) else ""
    return section("progress", "\n".join(filter(None, (counts, stale, *warnings))))


def _is_stale(op: Operation, at: Progress, now: float) -> bool:
    return op.state is State.OBSERVING and now - at.at > STALE


def _counts(at: Progress) -> str:
    return f"{at.ready} of {counted(at.desired, 'new pod')} ready · {at.updated} started · {at.old} old  {bar(at)}"


def bar(at: Progress) -> str:
    """Full only when every wanted pod is new and ready, and no old one is left."""
    share = max(0, min(at.ready, at.updated)) / at.desired if at.desired > 0 else 1.0
    done = min(int(share * CELLS), CELLS if at.old <= 0 else CELLS - 1)
    return "▰" * done + "▱" * (CELLS - done)
