"""Counts what each PodDisruptionBudget allows, and is asked before a pod is evicted (``eviction.py`` decides)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import ceil
from typing import Any

from playground.cluster import eviction
from playground.cluster.clock import parse, stamp
from playground.cluster.conditions import is_true, with_condition
from playground.cluster.controller import Key, own
from playground.cluster.events import Recorder
from playground.cluster.request import Asking
from playground.cluster.selectors import matches
from playground.cluster.store import Change
from playground.cluster.verbs import Verbs

Json = dict[str, Any]
EVERY_BUDGET = "*"
DELETION_SECONDS = 120.0
"""How long an evicted pod is counted as gone although nobody has seen it go (DeletionTimeout)."""
_SCALED = ("ReplicaSet", "StatefulSet", "Deployment", "ReplicationController")


def _in_namespace(change: Change) -> Iterable[Key]:
    return [(change.object["metadata"]["namespace"], EVERY_BUDGET)]


class DisruptionController:
    name = "disruption"
    watches: Mapping[str, Callable[[Change], Iterable[Key]]] = {
        "poddisruptionbudgets.policy": own,
        "pods": _in_namespace,
        "replicasets.apps": _in_namespace,
        "statefulsets.apps": _in_namespace,
        "deployments.apps": _in_namespace,
    }

    def reconcile(self, verbs: Verbs, key: Key) -> float | None:
        kind = verbs.kind("PodDisruptionBudget")
        budgets = verbs.list(kind, key[0]) if key[1] == EVERY_BUDGET else [verbs.find(kind, *key)]
        waiting = [_count(verbs, budget) for budget in budgets if budget is not None]
        return DELETION_SECONDS if any(waiting) else None

    def allow_eviction(self, verbs: Verbs, pod: Json, asking: Asking) -> None:
        """Raises StatusError if a budget forbids it; else the eviction counts against the budget at once."""
        kind = verbs.kind("PodDisruptionBudget")
        budgets = [
            budget
            for budget in verbs.list(kind, pod["metadata"]["namespace"])
            if matches(budget["spec"].get("selector"), pod["metadata"].get("labels"))
        ]
        budget = eviction.decide(pod, budgets)
        if budget is None or asking.dry_run:
            return
        status = budget["status"]
        evicted = {**status.get("disruptedPods", {}), pod["metadata"]["name"]: verbs.clock.stamp()}
        allowed = status["disruptionsAllowed"] - 1
        verbs.set_status(kind, budget, {**status, "disruptedPods": evicted, "disruptionsAllowed": allowed})


def _count(verbs: Verbs, budget: Json) -> bool:
    """Whether pods are counted as gone that are still there, so that it must be counted again."""
    spec, meta, status = budget["spec"], budget["metadata"], budget.get("status", {})
    pods = [
        pod
        for pod in verbs.list(verbs.kind("Pod"), meta["namespace"])
        if matches(spec.get("selector"), pod["metadata"].get("labels"))
        and pod.get("status", {}).get("phase") not in {"Failed", "Succeeded"}
    ]
    if not pods:
        Recorder(verbs, "controllermanager").normal(budget, "NoPods", "No matching pods found")
    now = verbs.clock.now()
    evicted = {
        name: at
        for name, at in status.get("disruptedPods", {}).items()
        if now - parse(at) < DELETION_SECONDS
        and any(pod["metadata"]["name"] == name and "deletionTimestamp" not in pod["metadata"] for pod in pods)
    }
    going = {pod["metadata"]["name"] for pod in pods if "deletionTimestamp" in pod["metadata"]} | evicted.keys()
    healthy = sum(is_true(pod, "Ready") and pod["metadata"]["name"] not in going for pod in pods)
    expected, desired = _wanted(verbs, spec, pods)
    allowed = max(0, healthy - desired) if expected > 0 else 0
    condition = {
        "type": "DisruptionAllowed",
        "status": "True" if allowed else "False",
        "reason": "SufficientPods" if allowed else "InsufficientPods",
        "message": "",
        "observedGeneration": meta["generation"],
        "lastTransitionTime": stamp(now),
    }
    counted = {
        "observedGeneration": meta["generation"],
        "disruptionsAllowed": allowed,
        "currentHealthy": healthy,
        "desiredHealthy": desired,
        "expectedPods": expected,
        "conditions": with_condition(status.get("conditions", []), condition),
    }
    counted |= {"disruptedPods": evicted} if evicted else {}
    verbs.set_status(verbs.kind("PodDisruptionBudget"), budget, counted)
    return bool(evicted)


def _wanted(verbs: Verbs, spec: Json, pods: Sequence[Json]) -> tuple[int, int]:
    """How many pods there should be, and how many of them healthy."""
    least, most = spec.get("minAvailable"), spec.get("maxUnavailable")
    if isinstance(least, int):
        return len(pods), least
    expected = _scale(verbs, pods)
    if most is not None:
        return expected, max(0, expected - _share(most, expected))
    return expected, _share(least if least is not None else 1, expected)


def _share(value: str | int, total: int) -> int:
    return ceil(total * int(value[:-1]) / 100) if isinstance(value, str) else value


def _scale(verbs: Verbs, pods: Iterable[Json]) -> int:
    """The sum of what the pods' controllers want; a pod that nothing controls counts for none."""
    controllers = {}
    for pod in pods:
        reference = next((ref for ref in pod["metadata"].get("ownerReferences", []) if ref.get("controller")), None)
        if reference and reference["kind"] in _SCALED:
            found = verbs.find(verbs.kind(reference["kind"]), pod["metadata"]["namespace"], reference["name"])
            controllers[reference["uid"]] = _top(verbs, found) if found else None
    tops = {top["metadata"]["uid"]: top for top in controllers.values() if top}
    return sum(top["spec"].get("replicas", 1) for top in tops.values())


def _top(verbs: Verbs, controller: Json) -> Json:
    """A ReplicaSet's Deployment, which says how many all its ReplicaSets shall have."""
    for ref in controller["metadata"].get("ownerReferences", []):
        if ref.get("controller") and ref["kind"] == "Deployment":
            return verbs.find(verbs.kind("Deployment"), controller["metadata"]["namespace"], ref["name"]) or controller
    return controller


CONTROLLER = DisruptionController
