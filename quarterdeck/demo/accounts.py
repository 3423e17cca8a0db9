"""Worker and watcher as a played cluster knows them: accounts with exactly the rights that the chart's Roles give."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from commands.config import Config
from commands.policy.impersonation import groups_of, user_of
from commands.registry import discover
from playground.cluster.cluster import Cluster
from playground.cluster.verbs import Verbs
from workers.rights import PROCESSES, Process, Right, rights_in

Json = dict[str, Any]
HOME = "quarterdeck"
"""The namespace of the accounts, where the processes would run in a cluster."""
_RBAC = "rbac.authorization.k8s.io"


def install(cluster: Cluster, config: Config, name: str, people: Iterable[str]) -> Mapping[Process, str]:
    """Make the accounts in the cluster that the configuration calls ``name``; by process, the path of its kubeconfig, whose
    context is ``name`` too. ``people``: the Slack IDs of those whom the worker may act as where an environment wants that.
    """
    cluster.run(lambda verbs: _make(verbs, config, name))
    cluster.run(lambda verbs: _lend_all(verbs, config, name, list(people)))
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


def _lend_all(verbs: Verbs, config: Config, cluster: str, people: Sequence[str]) -> None:
    for name, environment in config.environments.items():
        if environment.cluster == cluster and (rule := environment.impersonate):
            users, groups = [user_of(rule, id) for id in people], groups_of(rule, list(config.roles))
            _lend(verbs, name, environment.namespace, users, groups)


def _lend(verbs: Verbs, environment: str, namespace: str, users: Sequence[str], groups: Sequence[str]) -> None:
    """Let the worker act as these users and groups, and let the users do there what the worker itself may."""
    name, worker = f"{_account('worker')}-as-people-of-{environment}", _account("worker")
    named = [("users", users), *([("groups", groups)] if groups else [])]
    rules = [{**_rule(resource, "", ["impersonate"]), "resourceNames": list(names)} for resource, names in named]
    verbs.create(verbs.kind("ClusterRole"), {"metadata": {"name": name}, "rules": rules})
    verbs.create(verbs.kind("ClusterRoleBinding"), {
        "metadata": {"name": name},
        "roleRef": {"apiGroup": _RBAC, "kind": "ClusterRole", "name": name},
        "subjects": [{"kind": "ServiceAccount", "name": worker, "namespace": HOME}],
    })  # fmt: skip
    verbs.create(verbs.kind("RoleBinding"), {
        "metadata": {"name": name, "namespace": namespace},
        "roleRef": {"apiGroup": _RBAC, "kind": "Role", "name": worker},
        "subjects": [{"kind": "User", "apiGroup": _RBAC, "name": user} for user in users],
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
