"""Who owns which fields: ``metadata.managedFields``, kept up by every write. ``track`` is the ``FieldTracker`` of Verbs.

An update owns what it adds or changes, and takes it from everybody else; what is gone is nobody's. See ``apply`` for the
other way to own fields.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playground.cluster import api_types, clock
from playground.cluster.kind import Kind
from playground.cluster.patches import field_paths
from playground.cluster.patches.field_paths import NOTHING, Paths
from playground.cluster.patches.typed_values import difference
from playground.cluster.request import Asking

Json = dict[str, Any]
UPDATE, APPLY = "Update", "Apply"
_SERVERS_OWN = frozenset(
    [("f:apiVersion",), ("f:kind",), ("f:metadata",)]
    + [("f:metadata", f"f:{name}") for name in (
        "name", "namespace", "creationTimestamp", "selfLink", "uid", "generation", "managedFields", "resourceVersion",
        "deletionTimestamp", "deletionGracePeriodSeconds",
    )]
)  # fmt: skip
"""Fields that have no owner."""


@dataclass(frozen=True, order=True)
class Owner:
    """Everyone has one entry per operation and subresource."""

    manager: str
    operation: str
    api_version: str
    subresource: str = ""

    @property
    def said(self) -> str:
        """As conflicts name it."""
        through = f' with subresource "{self.subresource}"' if self.subresource else ""
        using = f" using {self.api_version}" if self.operation == UPDATE else ""
        return f'"{self.manager}"{through}{using}'


@dataclass(frozen=True)
class Claim:
    """``time`` is RFC 3339: when the owner last wrote."""

    paths: Paths
    time: str


Claims = Mapping[Owner, Claim]


def owner(kind: Kind, asking: Asking) -> Owner:
    return Owner(asking.manager, APPLY if asking.applies else UPDATE, kind.api_version, asking.subresource)


def track(kind: Kind, old: Json | None, new: Json, asking: Asking, now: str) -> Json:
    """The new object with the owners of its fields. An object that has lost all owners gets none by an update."""
    given = new["metadata"].get("managedFields")
    claims = {} if given == [{}] else read(given) or (read(old["metadata"].get("managedFields")) if old else {})
    if old is not None and not claims:
        return with_claims(new, {})
    return with_claims(new, updated(kind, old or {}, new, claims, owner(kind, asking), now))


def updated(kind: Kind, old: Json, new: Json, claims: Claims, me: Owner, now: str) -> Claims:
    """The claims after ``me`` has made ``new`` of ``old``."""
    changed = difference(api_types.of(kind), old, new)
    taken = ownable(kind, changed.added | changed.modified, me.subresource)
    after = {other: Claim(claim.paths - taken - changed.removed, claim.time) for other, claim in claims.items()}
    if taken:
        mine = after[me].paths if me in after else NOTHING
        after[me] = Claim(mine | taken, "" if me.subresource == "scale" else now)  # which keeps no time
    return after


def ownable(kind: Kind, paths: Paths, subresource: str) -> Paths:
    """Without the server's own fields, and those that this subresource cannot write."""
    through_status = subresource == "status"

    def reachable(path: tuple[str, ...]) -> bool:
        return path[0] == "f:metadata" or not kind.has_status or (path[0] == "f:status") == through_status

    return frozenset(path for path in paths if path not in _SERVERS_OWN and reachable(path))


def read(entries: Any) -> Claims:
    """Nothing if any entry is malformed, as the API server has it."""
    try:
        return {
            Owner(entry["manager"], entry["operation"], entry["apiVersion"], entry.get("subresource", "")): Claim(
                field_paths.decoded(entry["fieldsV1"]), entry.get("time", "")
            )
            for entry in entries or ()
            if entry["operation"] in {UPDATE, APPLY} and entry["fieldsType"] == "FieldsV1"
        }
    except (KeyError, TypeError, AttributeError):
        return {}


def with_claims(obj: Json, claims: Claims) -> Json:
    """The object with these claims written into it; whoever owns nothing any more is left out."""
    held = sorted(
        ((who, claim) for who, claim in claims.items() if claim.paths),
        key=lambda each: (each[0].operation, clock.parse(each[1].time) if each[1].time else 0.0, each[0]),
    )
    meta = {key: value for key, value in obj["metadata"].items() if key != "managedFields"}
    if held:
        meta["managedFields"] = [_entry(who, claim) for who, claim in held]
    return {**obj, "metadata": meta}


def _entry(who: Owner, claim: Claim) -> Json:
    entry = {
        "manager": who.manager, "operation": who.operation, "apiVersion": who.api_version, "time": claim.time,
        "fieldsType": "FieldsV1", "fieldsV1": field_paths.encoded(claim.paths), "subresource": who.subresource,
    }  # fmt: skip
    return {key: value for key, value in entry.items() if value not in (None, "")}
