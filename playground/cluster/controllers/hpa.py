"""HorizontalPodAutoscalers as a cluster without a metrics server knows them: what is outside their bounds is brought
within, and for the rest nothing is known. A target without replicas is left alone (``reconcileAutoscaler``)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from playground.cluster.conditions import with_condition
from playground.cluster.controller import Key, own
from playground.cluster.events import Recorder
from playground.cluster.request import Asking
from playground.cluster.store import Change
from playground.cluster.verbs import Verbs

Json = dict[str, Any]
SYNC_SECONDS = 15.0
_NO_METRICS = (
    "unable to get metrics for resource {0}: unable to fetch metrics from resource metrics API: "
    "the server could not find the requested resource (get pods.metrics.k8s.io)"
)


def _respecified(change: Change) -> Iterable[Key]:
    """Its own status concerns it only every few seconds."""
    old = change.old or {}
    return own(change) if old.get("spec") != change.object["spec"] else ()


class HpaController:
    name = "horizontal-pod-autoscaler"
    watches: Mapping[str, Callable[[Change], Iterable[Key]]] = {"horizontalpodautoscalers.autoscaling": _respecified}

    def reconcile(self, verbs: Verbs, key: Key) -> float | None:
        kind = verbs.kind("HorizontalPodAutoscaler")
        scaler = verbs.find(kind, *key)
        if scaler is None:
            return None
        verbs.set_status(kind, scaler, _status(verbs, scaler))
        return SYNC_SECONDS


def _status(verbs: Verbs, scaler: Json) -> Json:
    reference, meta = scaler["spec"]["scaleTargetRef"], scaler["metadata"]
    recorder = Recorder(verbs, "horizontal-pod-autoscaler")
    held = {**scaler["status"], "observedGeneration": meta["generation"]}
    target = _target(verbs, meta["namespace"], reference)
    if target is None:
        resource = f"{reference['kind'].lower()}s.apps"
        why = f'{resource} "{reference["name"]}" not found'
        recorder.warning(scaler, "FailedGetScale", why)
        message = f"the HPA controller was unable to get the target's current scale: {why}"
        return _with(verbs, held, ("AbleToScale", "False", "FailedGetScale", message))
    able = "the HPA controller was able to get the target's current scale"
    present = int(target["spec"].get("replicas", 1))
    held = _with(verbs, _counted(held, present), ("AbleToScale", "True", "SucceededGetScale", able))
    if not present:
        why = "scaling is disabled since the replica count of the target is zero"
        return {**_with(verbs, held, ("ScalingActive", "False", "ScalingDisabled", why)), "desiredReplicas": 0}
    if reason := _outside(scaler["spec"], present):
        return _rescaled(verbs, scaler, target, held, reason)
    return _unmeasured(verbs, scaler, held, recorder)


def _counted(status: Json, present: int) -> Json:
    """Left out where it is none (``omitempty``)."""
    bare = {key: value for key, value in status.items() if key != "currentReplicas"}
    return {**bare, "currentReplicas": present} if present else bare


def _outside(spec: Json, present: int) -> str:
    if present > spec["maxReplicas"]:
        return "Current number of replicas above Spec.MaxReplicas"
    return "Current number of replicas below Spec.MinReplicas" if present < spec["minReplicas"] else ""


def _rescaled(verbs: Verbs, scaler: Json, target: Json, held: Json, reason: str) -> Json:
    """Without any metric, whose last values it forgets."""
    wanted = min(max(target["spec"].get("replicas", 1), scaler["spec"]["minReplicas"]), scaler["spec"]["maxReplicas"])
    changed = {**target, "spec": {**target["spec"], "replicas": wanted}}
    verbs.update(verbs.kind(target["kind"]), changed, Asking(subresource="scale"))
    Recorder(verbs, "horizontal-pod-autoscaler").normal(
        scaler, "SuccessfulRescale", f"New size: {wanted}; reason: {reason}"
    )
    said = f"the HPA controller was able to update the target scale to {wanted}"
    held = _with(verbs, held, ("AbleToScale", "True", "SucceededRescale", said))
    unscaled = "the HPA controller did not scale the workload to zero"
    held = _with(verbs, held, ("ScaledToZero", "False", "NotScaledToZero", unscaled))
    return {**held, "desiredReplicas": wanted, "lastScaleTime": verbs.clock.stamp(), "currentMetrics": None}


def _unmeasured(verbs: Verbs, scaler: Json, held: Json, recorder: Recorder) -> Json:
    metric = scaler["spec"]["metrics"][0]
    name = metric.get("resource", {}).get("name", "cpu")
    measured = f"failed to get {name} utilization: {_NO_METRICS.format(name)}"
    recorder.warning(scaler, "FailedGetResourceMetric", measured)
    first = (
        f"invalid metrics (1 invalid out of 1), first error is: failed to get {name} resource metric value: {measured}"
    )
    recorder.warning(scaler, "FailedComputeMetricsReplicas", first)
    unable = f"the HPA was unable to compute the replica count: {measured}"
    held["currentMetrics"] = [{"type": ""} for _ in scaler["spec"]["metrics"]]
    return _with(verbs, held, ("ScalingActive", "False", "FailedGetResourceMetric", unable))


def _target(verbs: Verbs, namespace: str, reference: Json) -> Json | None:
    if reference["kind"] not in {"Deployment", "StatefulSet", "ReplicaSet"}:
        return None
    return verbs.find(verbs.kind(reference["kind"]), namespace, reference["name"])


def _with(verbs: Verbs, status: Json, said: tuple[str, str, str, str]) -> Json:
    name, value, reason, message = said
    new = {
        "type": name,
        "status": value,
        "lastTransitionTime": verbs.clock.stamp(),
        "reason": reason,
        "message": message,
    }
    return {**status, "conditions": with_condition(status.get("conditions", []), new)}


CONTROLLER = HpaController
