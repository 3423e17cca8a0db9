"""Kinds in an older version than the one they are stored in: read, created, replaced and deleted in its words."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from playground.cluster import schema
from playground.cluster.kind import Kind, Older
from playground.cluster.status import not_simulated
from playground.cluster.wire import bodies, options
from playground.cluster.wire.call import JSON, Answer, Call
from playground.cluster.wire.resources import Resources

Json = dict[str, Any]


class OlderVersion:
    """``shown`` is the kind as it is discovered and asked for."""

    def __init__(self, resources: Resources, stored: Kind, older: Older) -> None:
        self.shown = replace(stored, version=older.version, older=())
        self._resources = resources
        self._stored = stored
        self._older = older

    def answer(self, call: Call) -> Answer:
        """Raises StatusError."""
        match call.asked.verb:
            case "get":
                answer = self._resources.get(self._stored, call)
            case "list":
                answer = self._resources.list(self._stored, call)
            case "delete":
                answer = self._resources.delete(self._stored, call)
            case "create":
                answer = self._resources.create(self._stored, self._translated(call))
            case "update":
                answer = self._resources.update(self._stored, self._translated(call))
            case verb:
                raise not_simulated(f"{verb} of {self._stored.plural} as {self.shown.api_version}")
        return replace(answer, document=self._written(answer.document or {}))

    def _translated(self, call: Call) -> Call:
        obj = schema.typed(self.shown, bodies.document(call, self.shown.kind), options.asking(call))
        return replace(call, body=json.dumps(self._older.read(obj)).encode(), content_type=JSON)

    def _written(self, document: Json) -> Json:
        if document.get("kind") == self._stored.kind:
            return self._older.write(document)
        if document.get("kind") == f"{self._stored.kind}List":
            items = [self._older.write(item) for item in document["items"]]
            return {**document, "apiVersion": self.shown.api_version, "items": items}
        return document
