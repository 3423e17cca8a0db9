"""Kinds of objects, as kubectl lets people say them."""

from __future__ import annotations

from typing import Final

WORKLOADS: Final = {"Deployment": ("deploy", "deployment", "deployments"), "StatefulSet": ("sts", "statefulset", "statefulsets"), "DaemonSet": ("ds", "daemonset", "daemonsets")}  # fmt: skip
RUNS: Final = {"Job": ("job", "jobs"), "CronJob": ("cj", "cronjob", "cronjobs")}
"""What comes to an end. It is looked at, and changed by nobody here."""
PODS: Final = frozenset({"po", "pod", "pods"})

_GROUPS: Final = ((WORKLOADS, frozenset({"", "apps", "v1.apps"})), (RUNS, frozenset({"", "batch", "v1.batch"})))


def workload_kind(said: str) -> str | None:
    """``deploy``, ``Deployments`` and ``deployment.apps`` are Deployment; None for what is no workload."""
    name, _, group = said.casefold().partition(".")
    kinds = (kind for rows, groups in _GROUPS if group in groups for kind, names in rows.items() if name in names)
    return next(kinds, None)


def is_pod(said: str) -> bool:
    """Whether it is how kubectl lets people say "pod"."""
    return said.casefold() in PODS
