"""Who else waits for approval on the same target, and with what."""

from __future__ import annotations

from slack_sdk.models.blocks import SectionBlock

from bot.views import limits
from bot.views.text import mention, one_line
from bot.views.view import section
from commands.operation import Operation, State


def rivals(op: Operation) -> SectionBlock | None:
    """While it waits itself; as it was when its plan was made."""
    if op.state is not State.AWAITING or not op.rivals:
        return None
    lines = [
        f"• {one_line(rival.id, 40)}: {one_line(rival.what, limits.LINE)}, asked by {mention(rival.person)}"
        for rival in op.rivals
    ]
    told = "*Also waiting for approval on it*, and not replaced unless who asked for this says so"
    return section("rivals", "\n".join([told, *lines]))
