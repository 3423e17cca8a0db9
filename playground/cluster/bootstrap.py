"""What a new cluster holds before anybody asked for anything: the system's namespaces and roles, and nodes."""

from __future__ import annotations

from playground.cluster.access import default_roles
from playground.cluster.verbs import Verbs

NAMESPACES = ("default", "kube-node-lease", "kube-public", "kube-system")


def fill(verbs: Verbs, nodes: int) -> None:
    for name in NAMESPACES:
        verbs.create(verbs.kind("Namespace"), {"metadata": {"name": name}})
    for role in default_roles.roles():
        verbs.create(verbs.kind("ClusterRole"), role)
    for binding in default_roles.bindings():
        verbs.create(verbs.kind("ClusterRoleBinding"), binding)
    if "nodes" in verbs.kinds:
        for number in range(1, nodes + 1):
            name = f"node-{number}"
            labels = {"kubernetes.io/hostname": name, "kubernetes.io/os": "linux"}
            verbs.create(verbs.kind("Node"), {"metadata": {"name": name, "labels": labels}})
