"""Who wrote a part of an object last and when, as the API server keeps it in ``managedFields``. Pure.

A field manager is a program's name: what it says itself, or the beginning of its user agent (``kubectl-set``,
``argocd-controller``). Which person it was is in the cluster's audit log only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from commands.times import seconds_of

Object = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Authorship:
    """``at`` in Unix seconds, by the API server's clock; 0 where it is not told."""

    manager: str
    at: float


def last_write(live: Object, *path: str, besides: str = "") -> Authorship | None:
    """The last at or below ``path`` (``spec``, ``template``) by anybody but ``besides``; None: it is not told."""
    found = [entry for entry in _writes(live) if entry.get("manager") != besides and _holds(entry, path)]
    newest = max(found, key=_recency, default=None)
    if newest is None or not newest.get("manager"):
        return None
    return Authorship(str(newest["manager"]), seconds_of(newest.get("time")))


def _writes(live: Object) -> Iterator[Object]:
    """Without those of subresources, such as the status, which controllers write; a scale is one that people make."""
    for entry in live["metadata"].get("managedFields") or ():
        if entry.get("subresource") in {None, "", "scale"}:
            yield entry


def _recency(entry: Object) -> tuple[float, int]:
    """Times are whole seconds: of two in one, who wrote less changed what the other had made."""
    return seconds_of(entry.get("time")), -len(str(entry.get("fieldsV1")))


def _holds(entry: Object, path: tuple[str, ...]) -> bool:
    fields: Any = entry.get("fieldsV1") or {}
    for step in path:
        fields = fields.get(f"f:{step}")
        if fields is None:
            return False
    return True
