"""What Roll back on a message asks for: the way back from what that operation wrote. Pure."""

from __future__ import annotations

from typing import Any

from commands.errors import Unsuitable
from commands.operation import Operation


def undo(operation: Operation) -> tuple[str, dict[str, Any]]:
    """Verb and arguments: back to exactly what it replaced, whatever came before. Raises ``Unsuitable`` where nothing was written."""
    plan = operation.plan
    if plan is None or operation.written is None:
        raise Unsuitable(f"{operation.id} changed nothing, so there is nothing to roll back.")
    workload = f"{plan.promise.ref.kind}/{plan.promise.ref.name}"  # the plan is signed, the record's target is not
    if plan.promise.writes_to("/spec/replicas"):
        return "scale", {"workload": workload, "replicas": plan.replicas}
    if plan.bounds:
        return "scale", {"workload": workload, "min": plan.bounds.min, "max": plan.bounds.max}
    known = {} if plan.revision is None else {"revision": plan.revision}
    return "rollback", {"workload": workload, "template": plan.promise.template, **known}
