"""Events: what happened to an object, counted when it happens again. Written by ``events.Recorder``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playground.cluster.columns import NAME, since
from playground.cluster.kind import Column, Kind

Json = dict[str, Any]


def _default(obj: Json) -> None:
    for field in ("eventTime", "firstTimestamp", "lastTimestamp"):
        obj.setdefault(field, None)
    obj.setdefault("source", {})
    obj.setdefault("reportingComponent", "")
    obj.setdefault("reportingInstance", "")


def _object(event: Json) -> str:
    involved = event["involvedObject"]
    kind, name = involved.get("kind", "").lower(), involved.get("name", "")
    return f"{kind}/{name}" if name else str(kind)


def _source(event: Json) -> str:
    component = event["source"].get("component") or event["reportingComponent"]
    host = event["source"].get("host")
    return f"{component}, {host}" if host else str(component)


def _first_seen(event: Json, now: float) -> str:
    return since(event["firstTimestamp"] or event["eventTime"], now)


def _last_seen(event: Json, now: float) -> str:
    series = event.get("series") or {}
    return since(series.get("lastObservedTime") or event["lastTimestamp"] or event["eventTime"], now)


def _count(event: Json) -> int:
    return int((event.get("series") or {}).get("count") or event.get("count") or 1)


def _text(field: str) -> Callable[[Json, float], str]:
    return lambda event, _: str(event.get(field, "")).strip()


def _of_involved(field: str) -> Callable[[Json], str]:
    return lambda event: str(event["involvedObject"].get(field, ""))


KIND = Kind(
    kind="Event",
    plural="events",
    short=("ev",),
    columns=(
        Column("Last Seen", _last_seen),
        Column("Type", _text("type")),
        Column("Reason", _text("reason")),
        Column("Object", lambda event, _: _object(event)),
        Column("Subobject", lambda event, _: event["involvedObject"].get("fieldPath", ""), wide=True),
        Column("Source", lambda event, _: _source(event), wide=True),
        Column("Message", _text("message")),
        Column("First Seen", _first_seen, wide=True),
        Column("Count", lambda event, _: _count(event), wide=True),
        Column("Name", NAME.cell, wide=True),
    ),
    default=_default,
    has_generation=False,
    fields={
        **{f"involvedObject.{field}": _of_involved(field)
           for field in ("kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath")},
        "reason": lambda event: str(event.get("reason", "")),
        "reportingComponent": lambda event: str(event["reportingComponent"]),
        "source": lambda event: str(event["source"].get("component") or event["reportingComponent"]),
        "type": lambda event: str(event.get("type", "")),
    },
)  # fmt: skip
