"""Roles and their bindings. What they allow is decided in ``access.authorizer``."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from playground.cluster import faults
from playground.cluster.columns import AGE, NAME
from playground.cluster.kind import Column, Kind
from playground.cluster.status import Cause

Json = dict[str, Any]
GROUP = "rbac.authorization.k8s.io"
_SUBJECTS = ("ServiceAccount", "User", "Group")
_CREATED = Column("Created At", lambda obj, _: obj["metadata"].get("creationTimestamp"), type="date")


def _role_causes(new: Json, _old: Json | None) -> Sequence[Cause]:
    rules = list(enumerate(new.get("rules") or []))
    wordless = [faults.required(f"rules[{number}].verbs") for number, rule in rules if not rule.get("verbs")]
    return [*(cause for number, rule in rules for cause in _rule_causes(new, number, rule)), *wordless]


def _rule_causes(role: Json, number: int, rule: Json) -> Iterator[Cause]:
    path = f"rules[{number}]"
    if rule.get("nonResourceURLs"):
        if role["metadata"].get("namespace"):
            why = "namespaced rules cannot apply to non-resource URLs"
            yield faults.invalid(f"{path}.nonResourceURLs", rule["nonResourceURLs"], why)
        return
    if not rule.get("apiGroups"):
        yield faults.required(f"{path}.apiGroups", "resource rules must supply at least one api group")
    if not rule.get("resources"):
        yield faults.required(f"{path}.resources", "resource rules must supply at least one resource")


def _default_binding(obj: Json) -> None:
    role = obj.get("roleRef") or {}
    obj["roleRef"] = {"apiGroup": role.get("apiGroup") or GROUP, **{k: role[k] for k in role if k != "apiGroup"}}
    if obj.get("subjects"):
        obj["subjects"] = [_subject(subject) for subject in obj["subjects"]]


def _subject(subject: Json) -> Json:
    """People and groups are in the API group of RBAC, service accounts in the core's."""
    if subject.get("kind") in {"User", "Group"} and not subject.get("apiGroup"):
        return {"apiGroup": GROUP, **{key: subject[key] for key in subject if key != "apiGroup"}}
    return dict(subject)


def _binding_causes(roles: Sequence[str]) -> Callable[[Json, Json | None], Sequence[Cause]]:
    def causes(new: Json, old: Json | None) -> Sequence[Cause]:
        found = [*_role_ref_causes(new["roleRef"], roles), *_subject_causes(new)]
        if old is not None and old["roleRef"] != new["roleRef"]:
            ref = new["roleRef"]
            internal = {"APIGroup": ref.get("apiGroup"), "Kind": ref.get("kind"), "Name": ref.get("name")}
            shown = json.dumps(internal, separators=(",", ":"))
            found.append(Cause("roleRef", f"Invalid value: {shown}: field is immutable"))
        return found

    return causes


def _role_ref_causes(ref: Json, roles: Sequence[str]) -> Iterator[Cause]:
    if ref.get("apiGroup") != GROUP:
        yield faults.not_supported("roleRef.apiGroup", ref.get("apiGroup", ""), [GROUP])
    if ref.get("kind") not in roles:
        yield faults.not_supported("roleRef.kind", ref.get("kind", ""), roles)
    if not ref.get("name"):
        yield faults.required("roleRef.name")


def _subject_causes(binding: Json) -> Iterator[Cause]:
    for number, subject in enumerate(binding.get("subjects") or []):
        path = f"subjects[{number}]"
        if subject.get("kind") not in _SUBJECTS:
            yield faults.not_supported(f"{path}.kind", subject.get("kind", ""), _SUBJECTS)
        elif subject["kind"] == "ServiceAccount" and not subject.get("namespace"):
            yield faults.required(f"{path}.namespace")
    for number, subject in enumerate(binding.get("subjects") or []):
        if not subject.get("name"):
            yield faults.required(f"subjects[{number}].name")


def _subjects(kind: str) -> Callable[[Json, float], str]:
    def cell(obj: Json, _now: float) -> str:
        named = [subject for subject in obj.get("subjects") or [] if subject["kind"] == kind]
        return ", ".join(
            f"{one['namespace']}/{one['name']}" if kind == "ServiceAccount" else one["name"] for one in named
        )

    return cell


_BINDING_COLUMNS = (
    NAME,
    Column("Role", lambda obj, _: f"{obj['roleRef']['kind']}/{obj['roleRef']['name']}"),
    AGE,
    Column("Users", _subjects("User"), wide=True),
    Column("Groups", _subjects("Group"), wide=True),
    Column("ServiceAccounts", _subjects("ServiceAccount"), wide=True),
)


def _any_name(_: str) -> str:
    """RBAC names are path segments: colons are usual."""
    return ""


def _role(kind: str, plural: str, *, namespaced: bool) -> Kind:
    return Kind(
        kind=kind, plural=plural, group=GROUP, namespaced=namespaced, has_generation=False, columns=(NAME, _CREATED),
        validate=_role_causes, name_fault=_any_name,
    )  # fmt: skip


def _binding(kind: str, plural: str, roles: Sequence[str], *, namespaced: bool) -> Kind:
    return Kind(
        kind=kind, plural=plural, group=GROUP, namespaced=namespaced, has_generation=False, columns=_BINDING_COLUMNS,
        default=_default_binding, validate=_binding_causes(roles), name_fault=_any_name,
    )  # fmt: skip


KINDS = (
    _role("Role", "roles", namespaced=True),
    _role("ClusterRole", "clusterroles", namespaced=False),
    _binding("RoleBinding", "rolebindings", ("Role", "ClusterRole"), namespaced=True),
    _binding("ClusterRoleBinding", "clusterrolebindings", ("ClusterRole",), namespaced=False),
)
