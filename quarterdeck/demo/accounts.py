"""Worker and watcher as a played cluster knows them: accounts with exactly the rights that the chart's Roles give."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from commands.config import Config
from commands.registry import discover
from playground.cluster.cluster import Cluster
from playground.cluster.verbs import Verbs
from workers.rights import PROCESSES, Process, Right, rights_in

Json = dict[str, Any]
HOME = "quarterdeck"
"""The namespace of the accounts, where the processes would run in a cluster."""
_RBAC = "rbac.authorization.k8s.io"


def install(cluster: Cluster, config: Config, name: str) -> Mapping[Process, str]:
    """Make the accounts in the cluster that the configuration calls ``name``; by process, the path of its kubeconfig, whose
    context is ``name`` too.
    """
    cluster.run(lambda verbs: _make(verbs, config, name))
    return {process: str(cluster.kubeconfig_of(HOME, _account(process), context=name)) for process in PROCESSES}


def _make(verbs: Verbs, config: Config, cluster: str) -> None:
    if verbs.find(verbs.kind("Namespace"), "", HOME) is None:
        verbs.create(verbs.kind("Namespace"), {"metadata": {"name": HOME}})
    for process in PROCESSES:
        verbs.create(verbs.kind("ServiceAccount"), {"metadata": {"name": _account(process), "namespace": HOME}})
        for namespace, rights in _rights(config, cluster, process).items():
            meta = {"name": _account(process), "namespace": namespace}
            verbs.create(verbs.kind("Role"), {"metadata": meta, "rules": _rules(rights)})
            verbs.create(verbs.kind("RoleBinding"), {
                "metadata": meta,
                "roleRef": {"apiGroup": _RBAC, "kind": "Role", "name": meta["name"]},
                "subjects": [{"kind": "ServiceAccount", "name": meta["name"], "namespace": HOME}],
            })  # fmt: skip


def _rights(config: Config, cluster: str, process: Process) -> Mapping[str, frozenset[Right]]:
    """By namespace, for all environments there."""
    registry, found = discover(), dict[str, frozenset[Right]]()
    for name, environment in config.environments.items():
        if environment.cluster == cluster:
            before = found.get(environment.namespace, frozenset())
            found[environment.namespace] = before | rights_in(config, registry, name, [process])
    return found


def _rules(rights: Iterable[Right]) -> list[Json]:
    verbs: dict[str, list[str]] = {}
    for resource, verb in sorted(rights):
        verbs.setdefault(resource, []).append(verb)
    return [_rule(*resource.partition(".")[::2], granted) for resource, granted in verbs.items()]


def _rule(resource: str, group: str, verbs: list[str]) -> Json:
    return {"apiGroups": [group], "resources": [resource], "verbs": verbs}


def _account(process: Process) -> str:
    return f"quarterdeck-{process}"
