"""A cluster without a server but with nodes, whose kubelets are played as everywhere: time is stepped."""

from __future__ import annotations

from typing import Any

from playground.cluster import controller
from playground.cluster.kubelet.images import Catalogue, by_tag
from playground.cluster.kubelet.kubelet import Kubelet
from playground.cluster.nodes import add_node
from playground.cluster.pod_columns import summary
from playground.cluster.wire.logsource import ContainerLog
from tests.unit.playground.cluster.in_process import InProcess

Json = dict[str, Any]


class WithNodes(InProcess):
    """Nodes are called a, b, …; each has room for four cores and ten pods."""

    def __init__(self, nodes: int = 1, *, catalogue: Catalogue = by_tag) -> None:
        turned = controller.discover()
        self.kubelet = next(one for one in turned if isinstance(one, Kubelet))
        self.kubelet.catalogue = catalogue
        super().__init__(*turned)
        for namespace in ("default", "kube-node-lease"):
            self.create({"kind": "Namespace", "metadata": {"name": namespace}})
        self.nodes = "abcdefgh"[:nodes]
        for name in self.nodes:
            add_node(self.verbs, name, cpu="4", memory="8Gi", pods=10)
        self.step(0)

    def pod(self, name: str = "web", tag: str = "v1", **spec: Any) -> Json:
        """Created; as it is once nothing more happens without time. ``containers`` in the spec instead of one by ``tag``."""
        whole = {"containers": [container("web", tag)], **spec}
        self.create({"kind": "Pod", "metadata": {"name": name, "labels": {"app": name}}, "spec": whole})
        return self.get("Pod", name)

    def shown(self, name: str = "web") -> tuple[str, str, int]:
        """READY, STATUS and restarts, as the table has them."""
        found = summary(self.get("Pod", name))
        return f"{found.ready}/{found.of}", found.state, found.restarts

    def states(self, name: str = "web") -> dict[str, str]:
        """By container: running, or why it waits or has ended."""
        status = self.get("Pod", name)["status"]
        found = {}
        for one in [*status.get("initContainerStatuses", []), *status["containerStatuses"]]:
            [(word, state)] = one["state"].items()
            found[one["name"]] = state.get("reason", word)
        return found

    def message(self, name: str = "web") -> str:
        """Of its first container's waiting state."""
        waiting = self.get("Pod", name)["status"]["containerStatuses"][0]["state"]["waiting"]
        return str(waiting.get("message", ""))

    def condition(self, name: str, kind: str, of: str = "Pod") -> tuple[str, str, str]:
        """Status, reason and message."""
        conditions = self.get(of, name)["status"]["conditions"]
        found = next(one for one in conditions if one["type"] == kind)
        return found["status"], found.get("reason", ""), found.get("message", "")

    def log(self, name: str = "web", container: str = "web", *, previous: bool = False) -> ContainerLog:
        return self.kubelet.container_log(self.get("Pod", name), container, previous=previous)

    def reasons(self, name: str = "web") -> list[str]:
        """Of the events about it, oldest first."""
        return [reason for reason, _, _ in self.events(name)]


def container(name: str, tag: str = "v1", **more: Any) -> Json:
    return {"name": name, "image": f"registry.test/{name}:{tag}", **more}


def texts(log: ContainerLog) -> list[str]:
    return [line.text.decode() for line in log.lines]
