"""What the API server asks of controllers beyond storing objects. A controller that has the method is asked."""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

from playground.cluster.kind import Kind
from playground.cluster.request import Asking
from playground.cluster.verbs import Verbs

Json = dict[str, Any]


@runtime_checkable
class Disruption(Protocol):
    """Decides on evictions: the disruption controller."""

    def allow_eviction(self, verbs: Verbs, pod: Json, asking: Asking) -> None:
        """Count the eviction against the pod's budgets; raises StatusError 429 if one would be violated."""


@runtime_checkable
class Admits(Protocol):
    """Looks at every write before it is stored, as an admission plugin: quota, a namespace that is being deleted."""

    def admit(self, verbs: Verbs, kind: Kind, new: Json, old: Json | None, asking: Asking) -> Json:
        """The object as it shall be stored; raises StatusError to refuse. ``old`` None: it is being created."""
