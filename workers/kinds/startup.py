"""How long new pods took to start: from their node's taking them up to Ready. Both times are the kubelet's, by one clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from statistics import median
from typing import Any

from commands.progress import Startup
from commands.times import seconds_of
from workers.kinds.faults import is_leaving
from workers.kinds.faults.container import condition

Object = Mapping[str, Any]


def startup(pods: Iterable[Object], written_at: float) -> Startup | None:
    """Of those that were made since the write (both by the API server's clock, which drops fractions). Seconds.

    None too where all took less than one, which these times do not tell.
    """
    new = (pod for pod in pods if seconds_of(pod["metadata"].get("creationTimestamp")) >= int(written_at))
    took = [(seconds, str(pod["metadata"]["name"])) for pod in new if (seconds := _took(pod)) is not None]
    slowest, name = max(took, default=(0.0, ""))
    if not slowest:
        return None
    return Startup(len(took), median(seconds for seconds, _ in took), slowest, name)


def _took(pod: Object) -> float | None:
    ready, began = condition(pod, "Ready"), seconds_of((pod.get("status") or {}).get("startTime"))
    if is_leaving(pod) or ready.get("status") != "True" or not began:
        return None
    return max(0.0, seconds_of(ready.get("lastTransitionTime")) - began)
