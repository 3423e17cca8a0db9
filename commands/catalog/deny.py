"""``deny``: say no to an operation that waits, by words instead of the button."""

from __future__ import annotations

from commands.declaration import Argument, Command, Controls, Offered, Takes, Type

COMMAND = Command(
    name="deny",
    summary="Say no to an operation that waits, and why",
    effect=Controls(action="deny"),
    arguments=(
        Argument("operation", Type.OPERATION, "its id, such as op-7k3f"),
        Argument("reason", Type.TEXT, "why; the requester reads it", keyword=True),
    ),
    environment=Takes.NOTHING,
    examples=('deny op-7k3f reason="not on a Friday"',),
    anyone=True,
    offered=Offered.APPROVING,
    instead="name the roles as approvers in the environment's approvals",
)
