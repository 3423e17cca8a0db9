"""A whole cluster without a server: what tests of controllers step through time."""

from __future__ import annotations

from functools import partial
from typing import Any

from playground.cluster import controller, kind
from playground.cluster.clock import Clock
from playground.cluster.controller import Controller, Engine
from playground.cluster.request import Asking, DeleteOptions
from playground.cluster.store import Store
from playground.cluster.verbs import Verbs
from playground.cluster.wire.hooks import Admits

Json = dict[str, Any]
NOON = 1_767_268_800.0
"""2026-01-01 12:00:00 UTC: when these clusters begin."""
PERSON = Asking(user="ann", groups=("system:authenticated",), manager="kubectl")


class InProcess:
    """Time stands still until ``step``; ``namespace`` is where objects go that do not say."""

    def __init__(self, *controllers: Controller) -> None:
        self.clock = Clock(speed=0, start=NOON)
        self.verbs = Verbs(Store(), self.clock, kind.discover())
        turned = list(controllers) or controller.discover()
        self.engine = Engine(self.verbs, turned)
        self.verbs.admission += [partial(one.admit, self.verbs) for one in turned if isinstance(one, Admits)]
        self.namespace = "shop"
        self.create({"kind": "Namespace", "metadata": {"name": "shop"}})

    def create(self, obj: Json, asking: Asking = PERSON) -> Json:
        made = self.verbs.create(self.verbs.kind(obj["kind"]), self._placed(obj), asking)
        self.engine.settle()
        return made

    def get(self, kind: str, name: str) -> Json:
        return self.verbs.get(self.verbs.kind(kind), self._scope(kind), name)

    def find(self, kind: str, name: str) -> Json | None:
        return self.verbs.find(self.verbs.kind(kind), self._scope(kind), name)

    def list(self, kind: str) -> list[Json]:
        return self.verbs.list(self.verbs.kind(kind), self._scope(kind))

    def change(self, kind: str, name: str, **parts: Any) -> Json:
        """Update top-level parts of an object (``spec=…``), each merged one level deep."""
        live = self.get(kind, name)
        merged = {key: {**live.get(key, {}), **part} for key, part in parts.items()}
        changed = self.verbs.update(self.verbs.kind(kind), {**live, **merged}, PERSON)
        self.engine.settle()
        return changed

    def set_status(self, kind: str, name: str, **status: Any) -> None:
        live = self.get(kind, name)
        self.verbs.set_status(self.verbs.kind(kind), live, {**live.get("status", {}), **status})
        self.engine.settle()

    def delete(self, kind: str, name: str, propagation: str = "Background") -> bool:
        """Whether it is gone at once."""
        options = DeleteOptions(propagation=propagation)
        _, gone = self.verbs.delete(self.verbs.kind(kind), self._scope(kind), name, options, PERSON)
        self.engine.settle()
        return gone

    def step(self, seconds: float) -> None:
        self.engine.step(seconds)

    def events(self, name: str) -> list[tuple[str, str, int]]:
        """Reason, message and count of the events about objects of that name, oldest first."""
        found = [event for event in self.list("Event") if event["involvedObject"]["name"] == name]
        found.sort(key=lambda event: int(event["metadata"]["resourceVersion"]))
        return [(event["reason"], event["message"], event.get("count", 1)) for event in found]

    def _placed(self, obj: Json) -> Json:
        scope = self._scope(obj["kind"])
        return {**obj, "metadata": {**({"namespace": scope} if scope else {}), **obj["metadata"]}}

    def _scope(self, kind: str) -> str:
        return self.namespace if self.verbs.kind(kind).namespaced else ""
