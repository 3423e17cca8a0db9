"""Whether somebody may do something: role-based access control over the Roles and bindings in the store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from playground.cluster.access.attributes import Attributes
from playground.cluster.access.identity import MASTERS, SERVICE_ACCOUNT, Identity
from playground.cluster.access.rules import allows
from playground.cluster.verbs import Verbs

Json = dict[str, Any]
GROUP = "rbac.authorization.k8s.io"


@dataclass(frozen=True)
class Decision:
    """``reason`` is what a SubjectAccessReview says for it; the superusers' needs none."""

    allowed: bool
    reason: str = ""


class Authorizer:
    def __init__(self, verbs: Verbs) -> None:
        self._verbs = verbs

    def check(self, who: Identity, asked: Attributes) -> None:
        """Raises StatusError 403."""
        decision = self.decide(who, asked)
        if not decision.allowed:
            raise asked.refusal(who.name, decision.reason)

    def decide(self, who: Identity, asked: Attributes) -> Decision:
        if MASTERS in who.groups:
            return Decision(True)
        missing: list[str] = []
        for binding, subject in self._bindings(who, asked.namespace if asked.resource else ""):
            role = self.role(binding)
            if role is None:
                missing.append(_no_role(binding))
            elif any(allows(rule, asked) for rule in role.get("rules") or []):
                return Decision(True, _because(binding, subject))
        return Decision(False, f"rbac: RBAC: {_several(missing)}" if missing else "")

    def rules(self, who: Identity, namespace: str) -> Iterator[Json]:
        """All that a user was granted there and in the whole cluster."""
        yield from self.resolved(who, namespace)[0]

    def resolved(self, who: Identity, namespace: str) -> tuple[list[Json], list[Json]]:
        """The rules of ``rules``, and the bindings whose role is not there."""
        bound = [(binding, self.role(binding)) for binding, _ in self._bindings(who, namespace)]
        rules = [rule for _, role in bound if role for rule in role.get("rules") or []]
        return rules, [binding for binding, role in bound if role is None]

    def _bindings(self, who: Identity, namespace: str) -> Iterator[tuple[Json, Json]]:
        """Each binding that concerns the user, with the subject by which it does."""
        bindings = self._list("ClusterRoleBinding", "") + (self._list("RoleBinding", namespace) if namespace else [])
        for binding in bindings:
            own = binding["metadata"].get("namespace", "")
            subject = next((one for one in binding.get("subjects") or [] if _is(one, who, own)), None)
            if subject:
                yield binding, subject

    def role(self, binding: Json) -> Json | None:
        """What a binding refers to, if that is there."""
        ref = binding["roleRef"]
        namespace = binding["metadata"].get("namespace", "") if ref["kind"] == "Role" else ""
        return self._verbs.find(self._verbs.kind(ref["kind"]), namespace, ref["name"])

    def _list(self, kind: str, namespace: str) -> list[Json]:
        return self._verbs.list(self._verbs.kind(kind), namespace)


def _is(subject: Json, who: Identity, namespace: str) -> bool:
    match subject["kind"]:
        case "User":
            return bool(subject["name"] == who.name)
        case "Group":
            return subject["name"] in who.groups
        case _:
            return f"{SERVICE_ACCOUNT}{subject.get('namespace') or namespace}:{subject['name']}" == who.name


def _because(binding: Json, subject: Json) -> str:
    meta, ref = binding["metadata"], binding["roleRef"]
    name = f"{meta['name']}/{meta['namespace']}" if meta.get("namespace") else meta["name"]
    kind = "RoleBinding" if meta.get("namespace") else "ClusterRoleBinding"
    whom = f"{subject['name']}/{subject['namespace']}" if subject["kind"] == "ServiceAccount" else subject["name"]
    return f'RBAC: allowed by {kind} "{name}" of {ref["kind"]} "{ref["name"]}" to {subject["kind"]} "{whom}"'


def _no_role(binding: Json) -> str:
    ref = binding["roleRef"]
    return f'{ref["kind"].lower()}.{GROUP} "{ref["name"]}" not found'


def _several(texts: list[str]) -> str:
    """As Go prints an aggregate of errors: one bare, several in brackets."""
    unique = list(dict.fromkeys(texts))
    return unique[0] if len(unique) == 1 else f"[{', '.join(unique)}]"
