"""Cluster roles that are the sum of others: their rules are gathered from all cluster roles with certain labels."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from playground.cluster.controller import Key
from playground.cluster.selectors import matches
from playground.cluster.store import Change
from playground.cluster.verbs import Verbs

Json = dict[str, Any]


class RoleAggregation:
    """Looks at the aggregate itself when it changes, and at every aggregate when another role does (key "")."""

    name = "clusterrole-aggregation"
    watches: Mapping[str, Callable[[Change], Iterable[Key]]] = {
        "clusterroles.rbac.authorization.k8s.io": lambda _: [("", "")]
    }

    def reconcile(self, verbs: Verbs, _key: Key) -> None:
        kind = verbs.kind("ClusterRole")
        roles = verbs.list(kind)
        for role in roles:
            selectors = (role.get("aggregationRule") or {}).get("clusterRoleSelectors")
            if not selectors:
                continue
            rules = _sum(role, selectors, roles)
            if rules != (role.get("rules") or []):
                verbs.update(kind, {**role, "rules": rules})


def _sum(role: Json, selectors: list[Json], roles: list[Json]) -> list[Json]:
    rules: list[Json] = []
    for other in roles:
        labels = other["metadata"].get("labels")
        if other is not role and any(matches(selector, labels) for selector in selectors):
            rules += [rule for rule in other.get("rules") or [] if rule not in rules]
    return rules


CONTROLLER = RoleAggregation
