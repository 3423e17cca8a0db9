"""A target that is only described: what a plan would be made of, without a cluster. For rules that are tried out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from commands.bounds import Bounds
from commands.live import Object, Revision
from commands.objects import Image, image_of
from commands.operation import Operation


@dataclass(frozen=True, slots=True)
class Target:
    """A workload as it stands before the change. ``budgets``: PodDisruptionBudgets over it; None where nobody said."""

    replicas: int = 3
    image: str = "registry.example/app:1"
    labels: Mapping[str, str] = field(default_factory=dict)
    kind: str = "Deployment"
    container: str | None = None
    budgets: tuple[str, ...] | None = None
    at_once: int | None = None
    bounds: Bounds | None = None
    """Of the autoscaler that scales it; None: none does."""


@dataclass(frozen=True, slots=True)
class SupposedLive:
    """As much of ``commands.live.Live`` as plans ask: one described workload, whatever name is said."""

    environment: str
    cluster: str
    namespace: str
    target: Target

    def workload(self, said: str) -> Object:
        name = said.rpartition("/")[2]
        labels = {"app": name}
        container = {"name": self.target.container or name, "image": self.target.image}
        template = {"metadata": {"labels": labels}, "spec": {"containers": [container]}}
        scaled = {} if self.target.kind == "DaemonSet" else {"replicas": self.target.replicas}
        return {
            "apiVersion": "apps/v1",
            "kind": self.target.kind,
            "metadata": {
                "name": name, "namespace": self.namespace, "uid": "supposed", "generation": 1,
                "labels": dict(self.target.labels), "annotations": {"deployment.kubernetes.io/revision": "2"},
            },
            "spec": {"selector": {"matchLabels": labels}, "template": template, **scaled},
            "status": {"observedGeneration": 1},
        }  # fmt: skip

    def operations(self, _environment: str | None = None) -> Sequence[Operation]:
        """Nothing is known of either revision."""
        return ()

    def revisions(self, workload: Object) -> Sequence[Revision]:
        """The one that runs, and one before it with another image."""
        template = workload["spec"]["template"]
        [container] = template["spec"]["containers"]
        image = str(Image(image_of(self.target.image).repository, "before"))
        before = {**template, "spec": {"containers": [{**container, "image": image}]}}
        return (
            Revision(2, template, "", None, self.target.replicas, current=True),
            Revision(1, before, "", None, 0, current=False),
        )

    def autoscalers(self, workload: Object) -> Sequence[Object]:
        if (bounds := self.target.bounds) is None:
            return ()
        spec = {"minReplicas": bounds.min, "maxReplicas": bounds.max}
        return ({"metadata": {"name": workload["metadata"]["name"], "uid": "supposed"}, "spec": spec},)
