"""What stands around a workload: who scales it, who protects its pods, who serves them, and what was told of it lately.

Each is a list of the namespace, and may be forbidden for itself alone: ``Forbidden`` is for the reader to tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from commands.live import Object, Served
from commands.objects import controller_of, name_of, seen_at, template_of
from workers.cluster import Cluster
from workers.redact import redact_messages
from workers.selection import selects, serves

_SERVICE = "kubernetes.io/service-name"
"""The label by which an EndpointSlice tells whose it is."""


LATEST = 50
"""Events that are handed on, and redacted before: nobody reads more."""


class Surroundings:
    """See ``commands.live.Live`` for what each method promises."""

    def __init__(
        self,
        cluster: Cluster,
        namespace: str,
        hiding: Callable[[Iterable[Object]], Callable[[str], str]],
    ) -> None:
        """``hiding``: from pods to what masks the words about them."""
        self._cluster, self._namespace, self._hiding = cluster, namespace, hiding

    def autoscalers(self, workload: Object) -> Sequence[Object]:
        return [scaler for scaler in self._list("HorizontalPodAutoscaler") if _scales(scaler, workload)]

    def budgets(self, workload: Object) -> Sequence[Object]:
        labels = _labels(workload)
        return [each for each in self._list("PodDisruptionBudget") if selects(each["spec"].get("selector"), labels)]

    def services(self, workload: Object) -> Sequence[Served]:
        labels = _labels(workload)
        found = [service for service in self._list("Service") if serves(service, labels)]
        if not found:
            return ()
        slices = self._list("EndpointSlice", f"{_SERVICE} in ({','.join(map(name_of, found))})")
        return [Served(service, tuple(each for each in slices if _is_of(each, service))) for service in found]

    def events(self, about: Iterable[Object]) -> Sequence[Object]:
        """Of the first all, of the others only warnings: of thousands of pods, thousands tell that they were made and started."""
        named = list(about)
        uids = {obj["metadata"]["uid"] for obj in named}
        if any(obj["kind"] == "Deployment" for obj in named):  # that a pod cannot be made is told of its ReplicaSet
            owned = (rs for rs in self._list("ReplicaSet") if (controller_of(rs) or {}).get("uid") in uids)
            uids |= {rs["metadata"]["uid"] for rs in owned}
        own = f"involvedObject.uid={named[0]['metadata']['uid']},type=Normal"
        warnings = self._list("Event", field_selector="type!=Normal")
        told = [each for each in warnings if (each.get("involvedObject") or {}).get("uid") in uids]
        told += self._list("Event", field_selector=own)
        latest = sorted(told, key=lambda event: (event.get("type") == "Normal", -seen_at(event)))
        hide = self._hiding(obj for obj in named if obj["kind"] == "Pod")
        return [redact_messages(each, hide) for each in latest[:LATEST]]

    def _list(self, kind: str, label_selector: str = "", field_selector: str = "") -> Sequence[Object]:
        selectors = {"label_selector": label_selector, "field_selector": field_selector}
        return self._cluster.list(kind, self._namespace, **selectors).items


def _labels(workload: Object) -> Mapping[str, str]:
    """Those of its pods."""
    return (template_of(workload).get("metadata") or {}).get("labels") or {}


def _scales(scaler: Object, workload: Object) -> bool:
    target = scaler["spec"]["scaleTargetRef"]
    return (target.get("kind"), target.get("name")) == (workload["kind"], name_of(workload))


def _is_of(piece: Object, service: Object) -> bool:
    return bool((piece["metadata"].get("labels") or {}).get(_SERVICE) == name_of(service))
