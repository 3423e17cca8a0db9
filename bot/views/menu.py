"""A menu of lines to say: what is picked is said in the name of who picked it."""

from __future__ import annotations

from slack_sdk.models.blocks import ActionsBlock, ConfirmObject, Option, PlainTextObject, StaticSelectElement

from bot.views import actions, limits
from bot.views.text import length, plain
from commands.report import Choice

UNNAMED = "…"
"""Slack refuses an empty text."""


def menu(block_id: str, choice: Choice) -> ActionsBlock | None:
    """None where no line fits: then it has to be typed."""
    fitting = [(text, line) for text, line in choice.options if 0 < length(line) <= limits.OPTION_VALUE]
    options = [
        Option(text=PlainTextObject(text=plain(text, limits.OPTION_TEXT) or UNNAMED, emoji=False), value=line)
        for text, line in fitting[: limits.OPTIONS]
    ]
    if not options:
        return None
    label = plain(choice.label, limits.PLACEHOLDER) or UNNAMED
    element = StaticSelectElement(
        placeholder=PlainTextObject(text=label, emoji=False), action_id=actions.SAY, options=options,
        confirm=_confirm(label, choice.confirm),
    )  # fmt: skip
    return ActionsBlock(block_id=block_id, elements=[element])


def _confirm(label: str, asked: str) -> ConfirmObject | None:
    """Slack does not tell in the question what was picked."""
    if not plain(asked, limits.CONFIRM_TEXT):
        return None
    return ConfirmObject(
        title=PlainTextObject(text=plain(label, limits.CONFIRM_TITLE)),
        text=PlainTextObject(text=plain(asked, limits.CONFIRM_TEXT)),
        confirm=PlainTextObject(text="Yes"),
        deny=PlainTextObject(text="Leave it"),
    )
