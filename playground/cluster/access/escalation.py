"""Nobody grants by RBAC what they do not hold: roles and bindings are held against the rights of who writes them.

Except for those who may ``escalate`` the role, or ``bind`` what the binding refers to.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from playground.cluster.access.attributes import Attributes
from playground.cluster.access.authorizer import GROUP, Authorizer
from playground.cluster.access.identity import MASTERS, Identity
from playground.cluster.access.rules import covers, split
from playground.cluster.kind import Kind
from playground.cluster.request import Asking
from playground.cluster.status import StatusError, forbidden, not_found

Json = dict[str, Any]
_ROLES = {"Role": "roles", "ClusterRole": "clusterroles"}
_EVERYTHING = (
    {"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]},
    {"verbs": ["*"], "nonResourceURLs": ["*"]},
)
_GARBAGE_COLLECTORS = ("ownerReferences", "finalizers", "managedFields", "resourceVersion", "generation")
"""Metadata that the garbage collector must be able to change, whoever holds which rights."""


class Escalation:
    def __init__(self, authorizer: Authorizer) -> None:
        self._authorizer = authorizer

    def admit(self, kind: Kind, new: Json, old: Json | None, asking: Asking) -> Json:
        """Raises StatusError 403, or 404 where the role of a binding is not there to compare with."""
        if kind.group != GROUP or MASTERS in asking.groups or (old and _settled(new) == _settled(old)):
            return new
        if kind.kind in _ROLES:
            self._check_role(kind, new, old, asking)
        else:
            self._check_binding(kind, new, old, asking)
        return new

    def _check_role(self, kind: Kind, new: Json, old: Json | None, asking: Asking) -> None:
        meta = new["metadata"]
        named = meta["name"] if old or asking.applies else ""  # what is posted has no name in its path
        if self._may("escalate", kind.plural, meta.get("namespace", ""), named, asking):
            return
        self._confirm(kind, new, old, new.get("rules") or [], asking)
        if new.get("aggregationRule") or (old or {}).get("aggregationRule"):
            held, _ = self._held(kind, meta.get("namespace", ""), asking)
            if any(_uncovered(_EVERYTHING, held)):
                why = "must have cluster-admin privileges to use the aggregationRule"
                raise forbidden(kind.group, kind.plural, _name(new, old), why)

    def _check_binding(self, kind: Kind, new: Json, old: Json | None, asking: Asking) -> None:
        ref, namespace = new["roleRef"], new["metadata"].get("namespace", "")
        plural = _ROLES.get(ref.get("kind", ""))
        if plural is None:
            raise StatusError(500, "", f'unsupported role reference kind: "{ref.get("kind", "")}"')
        if self._may("bind", plural, namespace, ref.get("name", ""), asking):
            return
        role = self._authorizer.role(new)
        if role is None:
            raise not_found(kind.group, kind.plural, ref.get("name", ""))
        self._confirm(kind, new, old, role.get("rules") or [], asking)

    def _may(self, verb: str, plural: str, namespace: str, name: str, asking: Asking) -> bool:
        asked = Attributes(verb, GROUP, "*", plural, namespace=namespace, name=name)
        return self._authorizer.decide(Identity(asking.user, asking.groups), asked).allowed

    def _confirm(self, kind: Kind, new: Json, old: Json | None, granted: list[Json], asking: Asking) -> None:
        held, unresolved = self._held(kind, new["metadata"].get("namespace", ""), asking)
        missing = list(_uncovered(granted, held))
        if missing:
            groups = " ".join(map(_quoted, asking.groups))
            said = f"user {_quoted(asking.user)} (groups=[{groups}]) is attempting to grant RBAC permissions not currently held"
            why = f"{said}:\n" + "\n".join(sorted(set(_compact(missing)))) + unresolved
            raise forbidden(kind.group, kind.plural, _name(new, old), why)

    def _held(self, kind: Kind, namespace: str, asking: Asking) -> tuple[list[Json], str]:
        """The rules of who asks, and a remark on bindings whose role is not there.

        The API server looks roles up in the name of the request, so that it misses them as what is being written.
        """
        rules, lost = self._authorizer.resolved(Identity(asking.user, asking.groups), namespace)
        texts = [not_found(kind.group, kind.plural, binding["roleRef"]["name"]).message for binding in lost]
        unique = list(dict.fromkeys(texts))
        several = unique[0] if len(unique) == 1 else f"[{', '.join(unique)}]"
        return rules, f"; resolution errors: [{several}]" if unique else ""


def _settled(obj: Json) -> Json:
    meta = {key: value for key, value in obj["metadata"].items() if key not in _GARBAGE_COLLECTORS}
    return {**obj, "metadata": meta}


def _name(new: Json, old: Json | None) -> str:
    """A generated name was not yet there when the API server looked."""
    meta = new["metadata"]
    return "" if old is None and meta.get("generateName") else meta["name"]


def _uncovered(granted: Iterable[Json], held: list[Json]) -> Iterator[Json]:
    """Each single right of ``granted`` that no rule of ``held`` has."""
    for rule in granted:
        yield from (single for single in split(rule) if not any(covers(one, single) for one in held))


def _compact(singles: Iterable[Json]) -> Iterator[str]:
    """As the API server writes them: the verbs for one resource in one line, paths each by themselves."""
    verbs: dict[str, list[str]] = {}
    for single in singles:
        where = "".join(
            f"{title}:{_go_list(single[key])}, "
            for title, key in (
                ("APIGroups", "apiGroups"), ("NonResourceURLs", "nonResourceURLs"),
                ("Resources", "resources"), ("ResourceNames", "resourceNames"),
            )
            if key in single
        )  # fmt: skip
        if "nonResourceURLs" in single:
            yield f"{{{where}Verbs:{_go_list(single['verbs'])}}}"
        else:
            verbs.setdefault(where, []).extend(single["verbs"])
    yield from (f"{{{where}Verbs:{_go_list(found)}}}" for where, found in verbs.items())


def _go_list(values: Iterable[str]) -> str:
    return f"[{' '.join(map(_quoted, values))}]"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
