"""Evictions: deletions that ask the pod's disruption budgets first. ``kubectl drain`` sends them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from playground.cluster.kind import Kind
from playground.cluster.status import bad_request
from playground.cluster.verbs import Verbs
from playground.cluster.wire import bodies, options
from playground.cluster.wire.call import Answer, Call
from playground.cluster.wire.hooks import Disruption

Json = dict[str, Any]


class Evictions:
    def __init__(self, verbs: Verbs, disruptions: Iterable[Disruption]) -> None:
        self._verbs = verbs
        self._disruptions = list(disruptions)

    def answer(self, kind: Kind, call: Call) -> Answer:
        """Raises StatusError, 429 if a budget would be violated."""
        asked, body = call.asked, bodies.document(call, "Eviction")
        name = (body.get("metadata") or {}).get("name", "")
        if name != asked.name:
            raise bad_request("name in URL does not match name in Eviction object")
        chosen, asking = options.deleting(call, body.get("deleteOptions") or {})
        pod = self._verbs.get(kind, asked.namespace, asked.name)
        for disruption in self._disruptions:
            disruption.allow_eviction(self._verbs, pod, asking)
        self._verbs.delete(kind, asked.namespace, asked.name, chosen, asking)
        return Answer(201, {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 201})
