"""``withdraw``: take one's own yes back; what waits for it waits again."""

from __future__ import annotations

from commands.declaration import Argument, Command, Controls, Offered, Takes, Type

COMMAND = Command(
    name="withdraw",
    summary="Take your own approval back, until it is acted on",
    effect=Controls(action="withdraw"),
    arguments=(Argument("operation", Type.OPERATION, "its id, such as op-7k3f"),),
    environment=Takes.NOTHING,
    examples=("withdraw op-7k3f",),
    anyone=True,
    offered=Offered.APPROVING,
    instead="leave it out: everyone may take back their own approval",
)
