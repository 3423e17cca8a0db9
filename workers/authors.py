"""Who wrote a part of an object last, as the API server keeps it in ``managedFields``. Pure.

A field manager is a program's name: what it says itself, or the beginning of its user agent (``kubectl-set``,
``argocd-controller``). Which person it was is in the cluster's audit log only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from commands.times import seconds_of

Object = Mapping[str, Any]


def author_of(live: Object, *path: str, besides: str) -> str | None:
    """The manager, other than ``besides``, that wrote at or below ``path`` (``spec``, ``template``) last; None: it is not told."""
    found = [entry for entry in _writes(live) if entry.get("manager") != besides and _holds(entry, path)]
    newest = max(found, key=_recency, default=None)
    return str(newest["manager"]) if newest and newest.get("manager") else None


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
