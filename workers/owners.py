"""Who else has a hold on an object, and would put back what we write (facts/rollouts.md, "Diff"). Pure.

Marks are what each tool's own documentation says it writes; ``managedFields`` tells of those that left none.
"""

from __future__ import annotations

from typing import Final

from commands.objects import Object, controller_of, name_of

_MARKS: Final = (
    ("Argo CD", "annotations", "argocd.argoproj.io/tracking-id"),
    ("Argo CD", "labels", "argocd.argoproj.io/instance"),
    ("Flux", "labels", "kustomize.toolkit.fluxcd.io/name"),
    ("Flux", "labels", "helm.toolkit.fluxcd.io/name"),
    ("Helm", "annotations", "meta.helm.sh/release-name"),
)
_MANAGERS: Final = {
    "argocd-controller": "Argo CD",
    "argocd-application-controller": "Argo CD",
    "kustomize-controller": "Flux",
    "helm-controller": "Flux",
    "helm": "Helm",
}
_APPLIED: Final = "kubectl.kubernetes.io/last-applied-configuration"


def owners_of(live: Object) -> tuple[str, ...]:
    """Clauses that say who it belongs to, such as ``it belongs to Helm, which may put it back``."""
    tools = dict.fromkeys([*_marked(live), *_managing(live)])
    clauses = [f"it belongs to {tool}, which may put it back" for tool in tools]
    if controller := controller_of(live):
        clauses.append(_controlled(live, f"{controller['kind']} {controller['name']}"))
    return tuple(clauses)


def _controlled(live: Object, owner: str) -> str:
    """An autoscaler that something made (KEDA, of a ScaledObject) is made anew from that within seconds."""
    if live["kind"] == "HorizontalPodAutoscaler":
        return f"HPA {name_of(live)} belongs to {owner}, which sets its bounds again: change that"
    return f"{owner} controls it and may put it back"


def is_applied(live: Object) -> bool:
    """Somebody keeps a manifest of it, and applying that again puts back what it holds."""
    return _APPLIED in (live["metadata"].get("annotations") or {})


def _marked(live: Object) -> list[str]:
    meta = live["metadata"]
    return [tool for tool, where, key in _MARKS if key in (meta.get(where) or {})]


def _managing(live: Object) -> list[str]:
    managers = (entry.get("manager") for entry in live["metadata"].get("managedFields") or ())
    return [_MANAGERS[manager] for manager in managers if manager in _MANAGERS]
