"""StatefulSets that replace their pods one after another, and wait for each to be ready: also for one that never will be.

Going back does not free them (kubernetes#67250): the controller waits for the broken pod before it replaces it, so that
somebody has to delete it. What promises to go back promises that too.
"""

from __future__ import annotations

from commands.objects import Object


def is_ordered(workload: Object) -> bool:
    """Parallel ones replace a broken pod by themselves; under OnDelete people delete them anyway."""
    spec = workload["spec"]
    on_delete = (spec.get("updateStrategy") or {}).get("type") == "OnDelete"
    parallel = spec.get("podManagementPolicy") == "Parallel"
    return workload["kind"] == "StatefulSet" and not parallel and not on_delete
