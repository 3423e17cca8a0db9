"""``cancel``: call an operation off. What is already written goes on by itself; it is just no longer followed."""

from __future__ import annotations

from commands.declaration import Argument, Command, Controls, Offered, Takes, Type

COMMAND = Command(
    name="cancel",
    summary="Call off an operation that is planned, waiting or under way",
    effect=Controls(action="cancel"),
    arguments=(Argument("operation", Type.OPERATION, "its id, such as op-7k3f"),),
    environment=Takes.NOTHING,
    examples=("cancel op-7k3f",),
    anyone=True,
    offered=Offered.CHANGING,
    instead="leave it out: who may run the command that is cancelled may cancel it",
)
