"""Writes Events as the cluster's components do: the same thing happening again counts up instead of filling the list."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from weakref import WeakKeyDictionary

from playground.cluster.clock import stamp
from playground.cluster.status import StatusError
from playground.cluster.store import Store
from playground.cluster.verbs import Verbs

Json = dict[str, Any]
SIMILAR = 10
"""After so many events that differ in their message only, further ones are combined (client-go's EventAggregator)."""
SIMILAR_SECONDS = 600.0
COMBINED = "(combined from similar events): "
_heard: WeakKeyDictionary[Store, dict[tuple[str, ...], dict[str, float]]] = WeakKeyDictionary()
"""Per cluster: what was said of whom, and by message when last. Components keep this in their memory."""


class Recorder:
    """``component`` as in ``kubectl describe``'s From: ``deployment-controller``, ``kubelet`` (with its node as ``host``).

    ``series``: writes events as events.k8s.io clients do, which of the components only the scheduler is.
    """

    def __init__(self, verbs: Verbs, component: str, *, host: str = "", series: bool = False) -> None:
        self._verbs = verbs
        self._component = component
        self._host = host
        self._series = series

    def normal(self, obj: Json, reason: str, message: str, *, field_path: str = "", action: str = "") -> None:
        self._record("Normal", _reference(obj, field_path), reason, message, action)

    def warning(self, obj: Json, reason: str, message: str, *, field_path: str = "", action: str = "") -> None:
        """``field_path``: ``spec.containers{web}``, for events of a kubelet about one container."""
        self._record("Warning", _reference(obj, field_path), reason, message, action)

    def _record(self, event_type: str, about: Json, reason: str, message: str, action: str) -> None:
        who = (self._component, self._host, about["kind"], about.get("uid", ""), about.get("fieldPath", ""))
        similar = (*who, event_type, reason)
        combined = not self._series and self._combines(similar, message)
        identity = similar if combined else (*similar, message)
        message = COMBINED + message if combined else message
        namespace = about.get("namespace") or "default"
        suffix = hashlib.sha256("\0".join(identity).encode()).hexdigest()[:16]
        name = f"{about['name']}.{suffix}"
        kind = self._verbs.kind("Event")
        known = self._verbs.find(kind, namespace, name)
        meta = {"name": name, "namespace": namespace}
        said = {"involvedObject": about, "reason": reason, "message": message, "type": event_type}
        with suppress(StatusError):  # components do not stop for an event that cannot be written
            if known:
                self._verbs.update(kind, {**known, "message": message, **self._again(known)})
            else:
                self._verbs.create(kind, {"metadata": meta, **said, **self._first(action)})

    def _combines(self, similar: tuple[str, ...], message: str) -> bool:
        now = self._verbs.clock.now()
        messages = _heard.setdefault(self._verbs.store, {}).setdefault(similar, {})
        if messages and now - max(messages.values()) > SIMILAR_SECONDS:
            messages.clear()
        messages[message] = now
        return len(messages) >= SIMILAR

    def _first(self, action: str) -> Json:
        now = self._verbs.clock.now()
        if self._series:
            who: Json = {"reportingComponent": self._component, "reportingInstance": f"{self._component}-playground"}
            return {"eventTime": _micro(now), "action": action, **who}
        source = {"component": self._component, **({"host": self._host} if self._host else {})}
        reporter = {"reportingComponent": self._component, "reportingInstance": self._host}
        return {"firstTimestamp": stamp(now), "lastTimestamp": stamp(now), "count": 1, "source": source, **reporter}

    def _again(self, known: Json) -> Json:
        now = self._verbs.clock.now()
        if self._series:
            count = (known.get("series") or {"count": 1})["count"] + 1
            return {"series": {"count": count, "lastObservedTime": _micro(now)}}
        return {"lastTimestamp": stamp(now), "count": known["count"] + 1}


def _reference(obj: Json, field_path: str) -> Json:
    meta = obj["metadata"]
    about = {"apiVersion": obj["apiVersion"], "kind": obj["kind"], "name": meta["name"], "uid": meta.get("uid", "")}
    held = {"namespace": meta.get("namespace", ""), "resourceVersion": meta.get("resourceVersion", "")}
    return {**about, **{key: value for key, value in {**held, "fieldPath": field_path}.items() if value}}


def _micro(seconds: float) -> str:
    """RFC 3339 with microseconds, as ``eventTime`` has it."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
