"""The pods of StatefulSets have an order: which of them a rollout replaces, and which it waits for.

An ordered one replaces them one after another, and waits for each to be ready: also for one that never will be. Going
back does not free them (kubernetes#67250): the controller waits for the broken pod before it replaces it, so that
somebody has to delete it. What promises to go back promises that too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from commands.objects import Object


def is_ordered(workload: Object) -> bool:
    """Parallel ones replace a broken pod by themselves; under OnDelete people delete them anyway."""
    spec = workload["spec"]
    on_delete = (spec.get("updateStrategy") or {}).get("type") == "OnDelete"
    parallel = spec.get("podManagementPolicy") == "Parallel"
    return workload["kind"] == "StatefulSet" and not parallel and not on_delete


def ordinal(pod: Mapping[str, Any]) -> int:
    """A pod's place: the controller replaces the last first."""
    said = str(pod["metadata"]["name"]).rpartition("-")[2]
    return int(said) if said.isdecimal() else -1


def partition_of(workload: Mapping[str, Any]) -> int:
    """So many pods, the first ones, a rollout leaves as they are."""
    rolling = (workload["spec"].get("updateStrategy") or {}).get("rollingUpdate") or {}
    return int(rolling.get("partition") or 0)


def is_kept(workload: Mapping[str, Any], pod: Mapping[str, Any]) -> bool:
    """Whether the partition, which counts from where the ordinals start, leaves this pod as it is."""
    return ordinal(pod) < start_of(workload) + partition_of(workload)


def start_of(workload: Mapping[str, Any]) -> int:
    """The first pod's ordinal."""
    return int((workload["spec"].get("ordinals") or {}).get("start") or 0)
