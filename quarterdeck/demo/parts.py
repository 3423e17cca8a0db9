"""What stands beside the channel in the demo: the tour, the clusters, and what can be broken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from commands.config import Config
from playground.cluster.verbs import Verbs
from playground.example.tour import steps
from playground.page.breaks import BreaksPart
from playground.page.cluster import ClusterPart, Panel, PlayedCluster
from playground.page.parts import Part
from playground.page.tour import TourPart
from quarterdeck.demo.breaks import breaks
from quarterdeck.demo.cast import Cast
from quarterdeck.demo.stage import Stage, namespaces
from quarterdeck.demo.tour import plot
from quarterdeck.supervisor import Supervisor

Json = dict[str, Any]


def parts(stage: Stage, config: Config, cast: Cast, supervisor: Supervisor) -> list[Part]:
    panels = [
        Panel(name, PlayedCluster(cluster), tuple(namespaces(config, name)), str(cluster.kubeconfig))
        for name, cluster in stage.clusters.items()
    ]
    broken = BreaksPart(breaks(stage, supervisor), stage.workspace.state.clock.now)
    told = plot(config, cast)
    people = {person.real_name: person.id for person in cast.people}
    return [TourPart(steps(told), people, {"drift": _drift(stage, config, told.guarded)}), ClusterPart(panels), broken]


def _drift(stage: Stage, config: Config, name: str) -> Callable[[], str]:
    """Somebody with kubectl gives ``api`` another environment variable, where the tour waits for an approval."""
    environment = config.environments[name]

    def change(verbs: Verbs) -> None:
        verbs.patch(verbs.kind("Deployment"), environment.namespace, "api", _with_variable)

    def act() -> str:
        stage.clusters[environment.cluster].run(change)
        return f"Somebody set LOG_LEVEL=debug on api in {environment.namespace}, as kubectl set env would."

    return act


def _with_variable(live: Json) -> Json:
    spec = live["spec"]["template"]["spec"]
    first, *others = spec["containers"]
    kept = [variable for variable in first.get("env", []) if variable["name"] != "LOG_LEVEL"]
    changed = {**first, "env": [*kept, {"name": "LOG_LEVEL", "value": "debug"}]}
    template = {**live["spec"]["template"], "spec": {**spec, "containers": [changed, *others]}}
    return {**live, "spec": {**live["spec"], "template": template}}
