"""What follows by itself if it breaks, said before anybody approves it; and what has followed."""

from __future__ import annotations

from slack_sdk.models.blocks import ContextBlock

from bot.views import limits, times
from bot.views.text import one_line
from bot.views.view import context
from commands.draft import WayBack
from commands.operation import Operation, State


def failing(op: Operation) -> ContextBlock | None:
    """While its plan may still break."""
    plan = op.plan
    if plan is None or plan.promise.failing is None or op.state.final or op.state is State.ROLLING_BACK:
        return None
    held = f"{one_line(plan.promise.ref.name, 100)} is held until somebody lifts that"
    if plan.promise.failing.goes_back and plan.way_back:
        return context("failing", f"*If it breaks:* it goes back by itself to {_told(plan.way_back)}, and {held}.")
    return context("failing", f"*If it breaks:* it stays as it is, and {held}.")


def _told(way: WayBack) -> str:
    verified = times.moment(way.verified, "{date_short_pretty} at {time}")
    how = f"verified by {one_line(way.by, 40)}" if way.by else "complete and ready"
    return f"{one_line(way.what, limits.LINE)}, {how} {verified}"


def going_back(op: Operation) -> str:
    """Why, and where to: in front of how far it is. Empty unless it is going back."""
    if op.state is not State.ROLLING_BACK or op.broken is None:
        return ""
    to = op.plan.way_back.what if op.plan and op.plan.way_back else "what ran before"
    return f"{one_line(op.broken.sentence, limits.SENTENCE)} Going back to {one_line(to, limits.LINE)}."


def followed(op: Operation) -> ContextBlock | None:
    """Pods that were deleted, and that the target is held."""
    freed = ", ".join(one_line(pod.name, 100) for pod in op.freed)
    name = one_line(op.target.name, 100) if op.target else "the target"
    said = f"unlock {name} in {one_line(op.environment, 60)}"
    return context(
        "followed",
        f"Deleted because it was broken and in the way: {freed}." if freed else "",
        f"🔒 {name} is held: no change of it is carried out until somebody lifts that (`{said}`)."
        if op.is_held
        else "",
    )
