"""The names of what can be pressed and filled in, and what a press carries. Views write them, listeners read them."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from commands.canonical import dump, load
from commands.errors import Refusal
from commands.operation import Operation

APPROVE = "approve"
DENY = "deny"
WITHDRAW = "withdraw"
SUPERSEDE = "supersede"
CANCEL = "cancel"
ROLLBACK = "rollback"
RETRY = "retry"
LOGS = "logs"
LIFT = "lift"
ACKNOWLEDGE = "acknowledge"
"""On a notice: its value's ``operation`` is the notice's id."""
BUTTONS = (APPROVE, DENY, WITHDRAW, SUPERSEDE, CANCEL, ROLLBACK, RETRY, LOGS, LIFT, ACKNOWLEDGE)

SAY = "say"
"""The action_id of a menu: what is picked is a line, which is said in the name of who picked it."""

DENY_MODAL = "deny_modal"
"""The modal's callback_id."""
REASON_BLOCK = "reason_block"
REASON_INPUT = "reason_input"


@dataclass(frozen=True, slots=True)
class Click:
    """What was seen when a button was pressed: a press counts only for that very plan."""

    operation: str
    digest: str | None
    round: int

    @property
    def value(self) -> str:
        """For a button's ``value`` (at most 2,000 characters) and a modal's ``private_metadata``."""
        return dump(self).decode()


def click(op: Operation) -> Click:
    return Click(op.id, op.plan.digest if op.plan else None, op.round)


def read(value: str) -> Click:
    """The inverse of ``Click.value``. Raises ``Refusal`` for what is not ours."""
    try:
        return load(value, Click)
    except msgspec.MsgspecError as error:
        raise Refusal(
            "That button is not one of mine, or from a version I no longer know. Nothing was changed."
        ) from error


def about(value: str) -> Click | None:
    """What a press is about, for the audit; None where the value is not ours."""
    try:
        return read(value)
    except Refusal:
        return None
