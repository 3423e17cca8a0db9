"""What the demo sets up: the workspace with its cast, a cluster for each that the configuration names, and the example in it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commands.config import Config
from commands.registry import discover
from playground import example
from playground.cluster.cluster import Cluster
from playground.cluster.controllers.node_lifecycle import NodeLifecycle
from playground.cluster.kubelet.images import Image, Pace, registry
from playground.cluster.nodes import add_node
from playground.cluster.request import Asking
from playground.cluster.verbs import Verbs
from playground.cluster.volumes.provisioning import add_storage_class
from playground.workspace import Workspace
from quarterdeck.demo import accounts
from quarterdeck.demo.cast import Cast
from quarterdeck.demo.fitted import fitted
from quarterdeck.manifest import manifest
from workers.rights import PROCESSES

Json = dict[str, Any]
NODES = 3
NODE_CPU, NODE_MEMORY, NODE_PODS = "4", "8Gi", 12
"""Small enough that a person can fill them, and see what happens then."""
NODE_GRACE = 15.0
"""Cluster seconds until a node that is not heard of counts as lost: sooner than usual, for somebody is looking on."""


@dataclass(frozen=True)
class Stage:
    """``clusters`` by the name that the configuration gives them; ``config`` is the file that the processes read.

    ``kubeconfigs``: by process, its value of KUBECONFIG, with a context of each cluster's name.
    """

    workspace: Workspace
    clusters: Mapping[str, Cluster]
    config: Path
    kubeconfigs: Mapping[str, str]


@contextmanager
def set_up(config: Config, source: Path, cast: Cast, folder: Path, speed: float) -> Iterator[Stage]:
    """``source``: the configuration as its owner wrote it; a copy that names the played clusters goes into ``folder``."""
    with ExitStack() as stack:
        workspace = stack.enter_context(Workspace())
        _people(workspace, cast)
        workspace.install(manifest(discover(), config.slack.command_prefix, None))
        clusters = {name: stack.enter_context(_cluster(config, name, folder, speed)) for name in config.clusters}
        written = folder / "quarterdeck.yaml"
        written.write_text(fitted(source.read_text(), {name: {"context": name} for name in clusters}))
        people = [person.id for person in cast.people]
        files = [accounts.install(cluster, config, name, people) for name, cluster in clusters.items()]
        yield Stage(workspace, clusters, written, {p: os.pathsep.join(file[p] for file in files) for p in PROCESSES})


def namespaces(config: Config, cluster: str) -> list[str]:
    """Those of the cluster's environments, in the file's order."""
    found = [e.namespace for e in config.environments.values() if e.cluster == cluster]
    return list(dict.fromkeys(found))


def _people(workspace: Workspace, cast: Cast) -> None:
    users = {
        person.id: workspace.add_user(person.name, person.real_name, id=person.id, is_restricted=person.is_guest)
        for person in cast.people
    }
    for id, (handle, members) in cast.groups.items():
        workspace.add_group(handle, [users[member] for member in members], id=id)
    for id, name in cast.channels.items():
        workspace.add_channel(name, users.values(), id=id)
    for user in users.values():
        workspace.dm(user)


@contextmanager
def _cluster(config: Config, name: str, folder: Path, speed: float) -> Iterator[Cluster]:
    """With nodes, and the example in each namespace that an environment of this cluster names."""
    own = folder / f"cluster-{name}"
    own.mkdir()
    with Cluster(folder=own, speed=speed, nodes=0) as cluster:
        for controller in cluster.controllers:
            if isinstance(controller, NodeLifecycle):
                controller.grace = NODE_GRACE
        cluster.kubelet.catalogue = registry(example.VERSIONS, _special(), pace=Pace(), usual=_saying())
        cluster.run(lambda verbs: _furnish(verbs, config, name))
        yield cluster


def _special() -> dict[str, Image]:
    return {name: Image(ends_after=1.0, exit_code=2, log=("starting", last)) for name, last in example.CRASHING.items()}


def _saying() -> dict[str, Image]:
    return {name: Image(log=lines[:1], chatter=lines[1:]) for name, lines in example.SAYING.items()}


SOMEBODY = Asking(user="kubernetes-admin", manager="kubectl-create")
"""Whose the example is before anybody changed it."""


def _furnish(verbs: Verbs, config: Config, cluster: str) -> None:
    add_storage_class(verbs)
    for number in range(1, NODES + 1):
        add_node(verbs, f"node-{number}", cpu=NODE_CPU, memory=NODE_MEMORY, pods=NODE_PODS)
    for namespace in namespaces(config, cluster):
        if verbs.find(verbs.kind("Namespace"), "", namespace) is None:
            verbs.create(verbs.kind("Namespace"), {"metadata": {"name": namespace}})
        asked = any(
            e.approvals for e in config.environments.values() if (e.cluster, e.namespace) == (cluster, namespace)
        )
        for obj in example.manifests(namespace, small=not asked):
            verbs.create(verbs.kind(obj["kind"]), obj, SOMEBODY)
