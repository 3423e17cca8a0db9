"""Where a rollout is: counts in words first, then a bar for the eye."""

from __future__ import annotations

from math import ceil

from slack_sdk.models.blocks import SectionBlock

from bot.views import limits, times
from bot.views.ending import people_of
from bot.views.text import one_line, ours
from bot.views.view import section
from commands.operation import Operation, State
from commands.progress import Phase, Progress, Startup
from commands.times import duration
from commands.wording import counted

CELLS = 10
STALE = 60.0
"""Seconds without news after which the message says so, rather than pretend."""

WORKING = {
    State.PLANNING: "Making a plan from what runs now.",
    State.QUEUED: "Waiting for a worker.",
    State.ACTING: "Writing the change.",
    State.OBSERVING: "Written. Waiting for the first news of the rollout.",
    State.ROLLING_BACK: "",
}


def phase(op: Operation, progress: Progress | None) -> str:
    """The one sentence to know while it is on its way; empty where the state says it all."""
    if progress and op.state is State.AWAITING and progress.at >= op.since:
        return ours(progress.sentence, people_of(op))
    if progress and op.state in WORKING and _is_of_this_state(op, progress):
        said = ours(progress.sentence, people_of(op))
        return _watched(progress) or _begun(said, op) or _counts(progress)
    return WORKING.get(op.state, "")


def _begun(said: str, op: Operation) -> str:
    """With a capital, except where the target's name or a pod's of it comes first: those are written as they are."""
    if op.target and said.startswith((f"{op.target.name} ", f"{op.target.name}-")):
        return said
    return said[:1].upper() + said[1:]


def _is_of_this_state(op: Operation, at: Progress) -> bool:
    """A job that waited for its cluster has said so, with nothing counted; once it got through, that is over."""
    return at.at >= op.since or (op.state is State.OBSERVING and _is_counted(at))


def _is_counted(at: Progress) -> bool:
    return any((at.desired, at.updated, at.ready, at.old))


def progress(op: Operation, at: Progress | None, now: float) -> SectionBlock | None:
    """While it is observed, what the head does not say already; where it stood when it failed; how fast it started."""
    if at is None:
        return None
    match op.state:
        case State.OBSERVING | State.ROLLING_BACK if at.at >= op.since or op.state is State.OBSERVING:
            return section("progress", "\n".join(filter(None, _observed(op, at, now))))
        case State.FAILED:  # the cause stands, so what was hoped for is of no use
            return section("progress", _counts(at) if _is_counted(at) else "")
        case State.SUCCEEDED:
            return section("progress", _startup(at.startup) if at.startup else "")
        case _:
            return None


def _observed(op: Operation, at: Progress, now: float) -> list[str]:
    counts = _counts(at) if _is_counted(at) and at.sentence and not at.watched_until else ""
    stale = f"No news from the cluster since {times.moment(at.at)}" if _is_stale(op, at, now) else ""
    still = f"⏳ Nothing has moved since {times.ago(at.still_since)}." if at.still_since is not None else ""
    warnings = [f"⚠️ {one_line(warning, limits.LINE)}" for warning in at.warnings[: limits.INLINE_RISKS]]
    return [counts, _waits(at.phase) if at.phase else "", still, stale, *warnings]


def _watched(at: Progress) -> str:
    """All is ready, and has to stay so for a while."""
    if at.watched_until is None:
        return ""
    return f"{at.ready} of {counted(at.desired, 'pod')} ready; watching until {times.moment(at.watched_until)} that they stay so."


def _waits(phase: Phase) -> str:
    words = one_line(phase.words[:1].upper() + phase.words[1:], limits.LINE)
    return words if phase.since is None else f"{words}, since {times.ago(phase.since)}"


def _startup(at: Startup) -> str:
    if at.pods == 1:
        return f"The new pod took {duration(at.slowest)} to start."
    slowest = f"the slowest {duration(at.slowest)} ({one_line(at.pod, limits.LINE)})"
    half = max(1, ceil(at.median))  # told are whole seconds, and 0 means less than one
    return f"{at.pods} new pods started: half of them within {duration(half)}, {slowest}."


def _is_stale(op: Operation, at: Progress, now: float) -> bool:
    return op.state in {State.OBSERVING, State.ROLLING_BACK} and now - at.at > STALE


def _counts(at: Progress) -> str:
    return f"{at.ready} of {counted(at.desired, 'new pod')} ready · {at.updated} started · {at.old} old  {bar(at)}"


def bar(at: Progress) -> str:
    """Full only when every wanted pod is new and ready, and no old one is left."""
    share = max(0, min(at.ready, at.updated)) / at.desired if at.desired > 0 else 1.0
    done = min(int(share * CELLS), CELLS if at.old <= 0 else CELLS - 1)
    return "▰" * done + "▱" * (CELLS - done)
