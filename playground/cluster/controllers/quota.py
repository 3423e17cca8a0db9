"""ResourceQuotas: counts what a namespace uses, and refuses what would be too much."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any

from playground.cluster import kind as kinds
from playground.cluster import quota_usage
from playground.cluster.controller import Key
from playground.cluster.kind import Kind
from playground.cluster.quantity import parse
from playground.cluster.quota_usage import Usage, written
from playground.cluster.request import Asking
from playground.cluster.status import forbidden
from playground.cluster.store import Change
from playground.cluster.verbs import Verbs

Json = dict[str, Any]


def _namespace(change: Change) -> Iterable[Key]:
    return [(change.object["metadata"].get("namespace", ""), "")]


class QuotaController:
    """Keys are namespaces."""

    name = "quota"

    def __init__(self) -> None:
        self.watches: Mapping[str, Callable[[Change], Iterable[Key]]] = {
            name: _namespace for name, kind in kinds.discover().items() if kind.namespaced and kind.kind != "Event"
        }

    def reconcile(self, verbs: Verbs, key: Key) -> None:
        kind = verbs.kind("ResourceQuota")
        for quota in verbs.list(kind, key[0]):
            hard = quota["spec"].get("hard") or {}
            used = _used(verbs, key[0], hard)
            status = {"hard": hard, "used": {name: written(used.get(name), hard[name]) for name in hard}}
            verbs.set_status(kind, quota, status)

    def admit(self, verbs: Verbs, kind: Kind, new: Json, old: Json | None, asking: Asking) -> Json:
        if not kind.namespaced or not kind.stored or asking.subresource == "status":
            return new
        for quota in verbs.list(verbs.kind("ResourceQuota"), new["metadata"].get("namespace", "?")):
            _check(verbs, quota, kind, new, old)
        return new


def _check(verbs: Verbs, quota: Json, kind: Kind, new: Json, old: Json | None) -> None:
    """Only what grows is checked: a namespace that is over its quota may still shrink."""
    hard = quota["spec"].get("hard") or {}
    meta, name = new["metadata"], quota["metadata"]["name"]
    if old is None and (missing := quota_usage.unspecified(kind, new, hard)):
        raise forbidden(kind.group, kind.plural, meta["name"], f"failed quota: {name}: must specify {missing}")
    before = quota_usage.of(kind, old) if old else {}
    after = quota_usage.of(kind, new)
    grown = {key: amount for key in hard if (amount := after.get(key, Fraction()) - before.get(key, Fraction())) > 0}
    used = _used(verbs, meta["namespace"], grown) if grown else {}
    over = sorted(key for key in grown if used.get(key, Fraction()) + grown[key] > parse(hard[key]))
    if over:
        requested = ",".join(f"{key}={written(grown[key], _form(key, new, hard))}" for key in over)
        said = ",".join(f"{key}={written(used.get(key), hard[key])}" for key in over)
        limited = ",".join(f"{key}={hard[key]}" for key in over)
        why = f"exceeded quota: {name}, requested: {requested}, used: {said}, limited: {limited}"
        raise forbidden(kind.group, kind.plural, meta["name"], why)


def _form(key: str, obj: Json, hard: Json) -> str:
    """A quantity in whose family of units the amount is to be written."""
    return quota_usage.example(key, obj) or hard[key]


def _used(verbs: Verbs, namespace: str, wanted: Iterable[str]) -> Usage:
    names = set(wanted)
    total: Usage = {}
    for kind in verbs.kinds.values():
        if kind.namespaced and quota_usage.concerns(kind, names):
            for obj in verbs.list(kind, namespace):
                for key, amount in quota_usage.of(kind, obj).items():
                    total[key] = total.get(key, Fraction()) + amount
    return total


CONTROLLER = QuotaController
