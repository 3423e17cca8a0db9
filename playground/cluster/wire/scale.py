"""The ``scale`` subresource: the number of replicas alone, for those who may change nothing else."""

from __future__ import annotations

from typing import Any

from playground.cluster import faults, schema
from playground.cluster.columns import AGE, NAME
from playground.cluster.kind import Column, Kind
from playground.cluster.patches import apply_patch
from playground.cluster.request import Asking
from playground.cluster.selectors import format_selector
from playground.cluster.status import conflict, invalid
from playground.cluster.verbs import Verbs
from playground.cluster.wire import bodies, options
from playground.cluster.wire.call import Answer, Call
from playground.cluster.wire.rendering import rendering

Json = dict[str, Any]
SCALE = Kind(
    kind="Scale",
    plural="scales",
    group="autoscaling",
    columns=(
        NAME,
        Column("Desired", lambda scale, _: scale["spec"].get("replicas", 0), type="integer"),
        Column("Available", lambda scale, _: scale["status"]["replicas"], type="integer"),
        AGE,
    ),
)
_SHOWN = ("name", "namespace", "uid", "resourceVersion", "creationTimestamp")


class Scaling:
    def __init__(self, verbs: Verbs) -> None:
        self._verbs = verbs

    def answer(self, kind: Kind, call: Call) -> Answer:
        """get, update and patch. Raises StatusError."""
        asked = call.asked
        live = self._verbs.get(kind, asked.namespace, asked.name)
        if asked.verb == "get":
            return self._one(call, live)
        asking = options.asking(call)
        shown = _scale(live)
        if asked.verb == "patch":
            scale = apply_patch(SCALE, shown, call.content_type, call.body, asking)
        else:
            scale = schema.typed(SCALE, bodies.document(call, "Scale"), asking)
        changed = self._set(kind, live, scale, asking)
        return self._one(call, changed, *asking.warnings)

    def _one(self, call: Call, live: Json, *warnings: str) -> Answer:
        form = rendering(SCALE, call, self._verbs.clock.now())
        return Answer(document=form.one(_scale(live)), warnings=warnings)

    def _set(self, kind: Kind, live: Json, scale: Json, asking: Asking) -> Json:
        meta = live["metadata"]
        replicas = (scale.get("spec") or {}).get("replicas") or 0
        if replicas < 0:
            why = "must be greater than or equal to 0"
            raise invalid("autoscaling", "Scale", meta["name"], [faults.invalid("spec.replicas", replicas, why)])
        if scale.get("metadata", {}).get("resourceVersion") not in {None, "", meta["resourceVersion"]}:
            raise conflict(kind.group, kind.plural, meta["name"])
        changed = {**live, "spec": {**live["spec"], "replicas": replicas}}
        return self._verbs.patch(kind, meta["namespace"], meta["name"], lambda _: changed, asking)


def _scale(obj: Json) -> Json:
    status: Json = {"replicas": obj.get("status", {}).get("replicas", 0)}
    selector = format_selector(obj["spec"].get("selector") or {})
    return {
        "kind": "Scale",
        "apiVersion": "autoscaling/v1",
        "metadata": {key: obj["metadata"][key] for key in _SHOWN if key in obj["metadata"]},
        "spec": {"replicas": obj["spec"].get("replicas", 0)} if obj["spec"].get("replicas") else {},
        "status": {**status, **({"selector": selector} if selector else {})},
    }
