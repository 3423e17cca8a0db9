"""What is said to the bot, or about it, and is no command: thanks, say."""

from __future__ import annotations

from bot.views.refusal import sentence
from bot.views.view import View
from commands.grammar import readable
from commands.registry import Registry

HINT = (
    "You mentioned me, and I take that for no command. What I am to do stands behind my name: "
    "`status in prod`, say. `help` lists all that I can do."
)


def small_talk(text: str, registry: Registry) -> View | None:
    """For who said it alone, where ``text`` (as Slack sends it, without the mention) begins with no verb, nor nearly."""
    words = readable(text).split()
    if not words or registry.nearest(words[0].removeprefix("/")) is not None:
        return None
    return sentence(HINT)
