"""Kinds of objects, as kubectl lets people say them."""

from __future__ import annotations

from typing import Final

WORKLOADS: Final = {"Deployment": ("deploy", "deployment", "deployments"), "StatefulSet": ("sts", "statefulset", "statefulsets"), "DaemonSet": ("ds", "daemonset", "daemonsets")}  # fmt: skip
PODS: Final = frozenset({"po", "pod", "pods"})

_KINDS: Final = {said: kind for kind, names in WORKLOADS.items() for said in names}


def workload_kind(said: str) -> str | None:
    """``deploy``, ``Deployments`` and ``deployment.apps`` are Deployment; None for what is no workload."""
    name, _, group = said.casefold().partition(".")
    return _KINDS.get(name) if group in {"", "apps", "v1.apps"} else None


def is_pod(said: str) -> bool:
    """Whether it is how kubectl lets people say "pod"."""
    return said.casefold() in PODS
