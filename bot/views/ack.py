"""The instant answer to a slash command, before anything is known but that it was heard."""

from __future__ import annotations

from bot.views.header import subject
from bot.views.text import one_line, ours
from bot.views.view import View
from commands.operation import Operation


def ack(op: Operation, channel: str) -> View:
    """Ephemeral: ``op-7k3f: planning deploy web 1.4.2 in prod. The answer follows.``. Slack keeps it on the screen, so it must stay true.

    ``channel``: where the operation's message will stand. Where that is another one it is said, and that a refusal is told
    where it was asked.
    """
    elsewhere = channel != op.invocation.place.channel
    follows = (
        ours(f"The plan follows in <#{channel}>; if there is none, I say why here.")
        if elsewhere
        else "The answer follows."
    )
    return View(f"{one_line(op.id, 40)}: planning {subject(op)}. {follows}")
