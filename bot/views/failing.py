"""What follows by itself if it breaks, said before anybody approves it; and what has followed."""

from __future__ import annotations

from slack_sdk.models.blocks import ContextBlock

from bot.views import limits, times
from bot.views.ending import people_of
from bot.views.text import one_line, ours
from bot.views.view import context
from commands.consequence import if_it_breaks
from commands.operation import Operation, State


def failing(op: Operation) -> ContextBlock | None:
    """While its plan may still break."""
    if op.plan is None or op.state.final or op.state is State.ROLLING_BACK:
        return None
    said = if_it_breaks(op.plan, _moment, lambda text: one_line(text, limits.LINE))
    return context("failing", f"*If it breaks:* {said}" if said else "")


def _moment(at: float) -> str:
    return times.moment(at, "{date_short_pretty} at {time}")


def going_back(op: Operation) -> str:
    """Why, and where to: in front of how far it is. Empty unless it is going back."""
    if op.state is not State.ROLLING_BACK or op.broken is None:
        return ""
    to = op.plan.way_back.what if op.plan and op.plan.way_back else "what ran before"
    return f"{one_line(op.broken.sentence, limits.SENTENCE)} Going back to {one_line(to, limits.LINE)}."


def followed(op: Operation, *, held: bool) -> ContextBlock | None:
    """Pods that were deleted, or could not be, and that the target is ``held``."""
    freed = ", ".join(one_line(pod.name, 100) for pod in op.freed if not pod.kept)
    kept = (
        f"⚠️ {one_line(pod.name, 100)} was broken and in the way, and could not be deleted: {ours(pod.kept, people_of(op))}"
        for pod in op.freed
        if pod.kept
    )
    name = one_line(op.target.name, 100) if op.target else "the target"
    said = f"unlock {name} in {one_line(op.environment, 60)}"
    return context(
        "followed",
        f"Deleted because it was broken and in the way: {freed}." if freed else "",
        "\n".join(kept),
        f"🔒 {name} is held, so no change of it is carried out until somebody lifts that (`{said}`)." if held else "",
    )
