"""Forms. A modal opens within the trigger's 3 s, and carries in ``private_metadata`` what it is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_sdk.models.blocks import InputBlock, PlainTextInputElement, PlainTextObject
from slack_sdk.models.views import View as Modal

from bot.views import actions, limits
from bot.views.header import subject
from bot.views.text import plain
from bot.views.view import Json, section
from commands.operation import Operation

REASON = 500
"""Characters of a reason: it stands in the message, the audit and a notification."""


def deny(op: Operation) -> Json:
    """Asks why, for views.open. What is submitted is bound to the plan as it stood when the modal opened."""
    asked = PlainTextInputElement(
        action_id=actions.REASON_INPUT,
        multiline=True,
        min_length=1,
        max_length=REASON,
        placeholder=PlainTextObject(text="What would have to be different?"),
    )
    label = PlainTextObject(text="Why not? The requester and the channel read it.")
    blocks = [
        section("about", f"You are about to deny *{subject(op)}*. One no ends it; nothing is changed."),
        InputBlock(block_id=actions.REASON_BLOCK, label=label, element=asked, optional=False),
    ]
    return Modal(
        type="modal",
        callback_id=actions.DENY_MODAL,
        title=PlainTextObject(text=plain(f"Deny {op.id}", limits.TITLE)),
        submit=PlainTextObject(text="Deny"),
        close=PlainTextObject(text="Back"),
        blocks=[block for block in blocks if block is not None],
        private_metadata=actions.click(op).value,
    ).to_dict()


def reason(submitted: Mapping[str, Any]) -> str:
    """What was typed, from a view_submission's ``view``. Empty where only blanks were typed."""
    values = submitted.get("state", {}).get("values", {})
    said = values.get(actions.REASON_BLOCK, {}).get(actions.REASON_INPUT, {}).get("value")
    return str(said or "").strip()
