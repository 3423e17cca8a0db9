"""What an approver alone reads half-way to the end of the time in which a plan can be approved."""

from __future__ import annotations

from bot.views import times
from bot.views.approvals import tally
from bot.views.header import subject
from bot.views.text import mention, one_line
from bot.views.view import View, section, view
from commands.operation import Operation


def reminder(op: Operation, permalink: str) -> View:
    """Without buttons: it is not edited later, and the message it leads to says how things stand."""
    until = f", {times.until(op.demand.expires)}" if op.demand else ""
    told = (
        f"⏰ {subject(op)} still waits for your approval ({tally(op)}){until}. "
        f"Asked by {mention(op.invocation.person.id)} · <{permalink}|Look at it> · {one_line(op.id, 40)}"
    )
    return view(told, (section("reminder", told),))
