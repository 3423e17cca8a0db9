"""The cluster roles and bindings that every cluster is born with, as far as they concern the kinds that are played."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from playground.cluster.access.authorizer import GROUP
from playground.cluster.access.identity import AUTHENTICATED, MASTERS, UNAUTHENTICATED

Json = dict[str, Any]
READ = ("get", "list", "watch")
WRITE = ("create", "delete", "deletecollection", "patch", "update")
_INFO = ("/healthz", "/livez", "/readyz", "/version", "/version/")
_DISCOVERY = (
    "/api",
    "/api/*",
    "/apis",
    "/apis/*",
    "/healthz",
    "/livez",
    "/openapi",
    "/openapi/*",
    "/readyz",
    "/version",
    "/version/",
)


def _rule(verbs: Sequence[str], group: str, *resources: str) -> Json:
    return {"verbs": list(verbs), "apiGroups": [group], "resources": list(resources)}


def _paths(*urls: str) -> Json:
    return {"verbs": ["get"], "nonResourceURLs": list(urls)}


_VIEW = (
    _rule(READ, "", "configmaps", "endpoints", "persistentvolumeclaims", "persistentvolumeclaims/status", "pods",
          "serviceaccounts", "services", "services/status"),
    _rule(READ, "", "limitranges", "namespaces/status", "pods/log", "pods/status", "resourcequotas", "resourcequotas/status"),
    _rule(READ, "", "namespaces"),
    {"verbs": list(READ), "apiGroups": ["", "events.k8s.io"], "resources": ["events"]},
    _rule(READ, "discovery.k8s.io", "endpointslices"),
    _rule(READ, "apps", "controllerrevisions", "daemonsets", "daemonsets/status", "deployments", "deployments/scale",
          "deployments/status", "replicasets", "replicasets/scale", "replicasets/status", "statefulsets",
          "statefulsets/scale", "statefulsets/status"),
    _rule(READ, "autoscaling", "horizontalpodautoscalers", "horizontalpodautoscalers/status"),
    _rule(READ, "batch", "cronjobs", "cronjobs/status", "jobs", "jobs/status"),
    _rule(READ, "policy", "poddisruptionbudgets", "poddisruptionbudgets/status"),
)  # fmt: skip
_EDIT = (
    _rule(READ, "", "pods/attach", "pods/exec", "pods/portforward", "pods/proxy", "secrets", "services/proxy"),
    _rule(("impersonate",), "", "serviceaccounts"),
    _rule(WRITE, "", "pods", "pods/attach", "pods/exec", "pods/portforward", "pods/proxy"),
    _rule(("create",), "", "pods/eviction"),
    _rule(WRITE, "", "configmaps", "persistentvolumeclaims", "secrets", "serviceaccounts", "services", "services/proxy"),
    _rule(("create",), "", "serviceaccounts/token"),
    {"verbs": list(WRITE), "apiGroups": ["", "events.k8s.io"], "resources": ["events"]},
    _rule(WRITE, "apps", "daemonsets", "deployments", "deployments/rollback", "deployments/scale", "replicasets",
          "replicasets/scale", "statefulsets", "statefulsets/scale"),
    _rule(WRITE, "autoscaling", "horizontalpodautoscalers"),
    _rule(WRITE, "batch", "cronjobs", "jobs"),
    _rule(WRITE, "policy", "poddisruptionbudgets"),
    _rule(("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"), "coordination.k8s.io", "leases"),
)  # fmt: skip
_ADMIN = (
    _rule(("create",), "authorization.k8s.io", "localsubjectaccessreviews"),
    _rule(sorted((*READ, *WRITE)), GROUP, "rolebindings", "roles"),
)
_BASIC = (
    _rule(("create",), "authorization.k8s.io", "selfsubjectaccessreviews", "selfsubjectrulesreviews"),
    _rule(("create",), "authentication.k8s.io", "selfsubjectreviews"),
)
_SUPERUSER = (_rule("*", "*", "*"), {"verbs": ["*"], "nonResourceURLs": ["*"]})


def _aggregate(target: str) -> str:
    return f"{GROUP}/aggregate-to-{target}"


def _role(name: str, rules: Sequence[Json], *, counts_to: str = "", sums: str = "") -> Json:
    """``counts_to``: the aggregate it is a part of; ``sums``: what it is the aggregate of."""
    labels = {"kubernetes.io/bootstrapping": "rbac-defaults", **({_aggregate(counts_to): "true"} if counts_to else {})}
    role: Json = {"metadata": {"name": name, "labels": labels, "annotations": _AUTOUPDATE}, "rules": list(rules)}
    if sums:
        role["aggregationRule"] = {"clusterRoleSelectors": [{"matchLabels": {_aggregate(sums): "true"}}]}
    return role


_AUTOUPDATE = {"rbac.authorization.kubernetes.io/autoupdate": "true"}


def roles() -> list[Json]:
    return [
        _role("cluster-admin", _SUPERUSER),
        _role("system:aggregate-to-view", _VIEW, counts_to="view"),
        _role("system:aggregate-to-edit", _EDIT, counts_to="edit"),
        _role("system:aggregate-to-admin", _ADMIN, counts_to="admin"),
        _role("view", (), counts_to="edit", sums="view"),
        _role("edit", (), counts_to="admin", sums="edit"),
        _role("admin", (), sums="admin"),
        _role("system:basic-user", _BASIC),
        _role("system:discovery", [_paths(*_DISCOVERY)]),
        _role("system:public-info-viewer", [_paths(*_INFO)]),
    ]


def bindings() -> list[Json]:
    bound = {
        "cluster-admin": (MASTERS,), "system:basic-user": (AUTHENTICATED,), "system:discovery": (AUTHENTICATED,),
        "system:public-info-viewer": (AUTHENTICATED, UNAUTHENTICATED),
    }  # fmt: skip
    return [
        {
            "metadata": {
                "name": role,
                "labels": {"kubernetes.io/bootstrapping": "rbac-defaults"},
                "annotations": _AUTOUPDATE,
            },
            "roleRef": {"apiGroup": GROUP, "kind": "ClusterRole", "name": role},
            "subjects": [{"kind": "Group", "apiGroup": GROUP, "name": group} for group in groups],
        }
        for role, groups in bound.items()
    ]
