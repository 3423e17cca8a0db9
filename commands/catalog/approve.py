"""``approve``: say yes to an operation's plan as it stands, by words instead of the button."""

from __future__ import annotations

from commands.declaration import Argument, Command, Controls, Offered, Takes, Type

COMMAND = Command(
    name="approve",
    summary="Say yes to the plan of an operation that waits",
    effect=Controls(action="approve"),
    arguments=(Argument("operation", Type.OPERATION, "its id, such as op-7k3f"),),
    environment=Takes.NOTHING,
    examples=("approve op-7k3f",),
    anyone=True,
    offered=Offered.APPROVING,
    instead="name the roles as approvers in the environment's approvals",
)
