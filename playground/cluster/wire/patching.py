"""The patch content types: which change of the live object each asks for."""

from __future__ import annotations

from typing import Any

from playground.cluster.kind import Kind
from playground.cluster.patches import apply_patch
from playground.cluster.request import Asking
from playground.cluster.verbs import Verbs
from playground.cluster.wire.call import Call

Json = dict[str, Any]


def change_of(verbs: Verbs, kind: Kind, call: Call, asking: Asking) -> Json:
    """Carry out the patch in the body; returns the object as it is then. Raises StatusError."""
    namespace = call.asked.namespace if kind.namespaced else ""

    def change(live: Json) -> Json:
        return apply_patch(kind, live, call.content_type, call.body, asking)

    return verbs.patch(kind, namespace, call.asked.name, change, asking)
