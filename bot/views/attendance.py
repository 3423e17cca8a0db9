"""That no worker comes: a sentence of ours, shown until the record moves on."""

from __future__ import annotations

from bot.views.text import code, one_line
from bot.views.view import View, section, view
from commands.operation import Operation

SENTENCE = "no worker has taken this yet: is `quarterdeck worker` running?"


def waits(what: str) -> View:
    """For who asked, alone. ``what``: an operation's id, or what they said."""
    told = f"⏳ {code(what, 200)}: {SENTENCE} It goes on as soon as one does."
    return view(told, (section("waits", told),))


def notices(op: Operation, unattended: int | None) -> tuple[str, ...]:
    """For the operation's message. ``unattended``: the version that nobody had taken."""
    return (f"⏳ {one_line(op.id, 40)}: {SENTENCE}",) if unattended == op.version else ()
