"""The patch content types: which change of the live object each asks for."""

from __future__ import annotations

from typing import Any

from playground.cluster.kind import Kind
from playground.cluster.request import Asking
from playground.cluster.status import StatusError
from playground.cluster.verbs import Verbs
from playground.cluster.wire import bodies
from playground.cluster.wire.call import Call

Json = dict[str, Any]


def change_of(verbs: Verbs, kind: Kind, call: Call, asking: Asking) -> Json:
    """Carry out the patch in the body; returns the object as it is then. Raises StatusError."""
    patch = bodies.read(call.content_type, call.body)
    if call.content_type != "application/merge-patch+json":
        raise StatusError(415, "UnsupportedMediaType", "only merge patches yet", {})
    namespace = call.asked.namespace if kind.namespaced else ""
    return verbs.patch(kind, namespace, call.asked.name, lambda live: _merged(live, patch), asking)


def _merged(live: Any, patch: Any) -> Any:
    if not isinstance(patch, dict):
        return patch
    base = live if isinstance(live, dict) else {}
    merged = {key: _merged(base.get(key), value) for key, value in patch.items() if value is not None}
    return {**{key: value for key, value in base.items() if key not in patch}, **merged}
