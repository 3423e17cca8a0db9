"""What Roll back on a message asks for: the way back from what that operation wrote. Pure."""

from __future__ import annotations

from typing import Any

from commands.errors import Unsuitable
from commands.operation import Operation


def undo(operation: Operation) -> tuple[str, dict[str, Any]]:
    """Verb and arguments. Raises ``Unsuitable`` where nothing was written."""
    if operation.plan is None or operation.target is None or operation.written is None:
        raise Unsuitable(f"{operation.id} changed nothing, so there is nothing to roll back.")
    workload = f"{operation.target.kind}/{operation.target.name}"
    for edit in operation.plan.draft.patch.edits:
        if edit.path == "/spec/replicas":
            return "scale", {"workload": workload, "replicas": edit.old}
    return "rollback", {"workload": workload}
