"""What stands beside the channel in the demo: the tour, the clusters, and what can be broken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from commands.config import Config
from playground.cluster.verbs import Verbs
from playground.example.tour import Step, steps
from playground.page.breaks import BreaksPart
from playground.page.cluster import ClusterPart, Panel, PlayedCluster
from playground.page.parts import Part
from playground.page.tour import TourPart
from quarterdeck.demo.breaks import breaks
from quarterdeck.demo.cast import DANA, GIL, SAM, Cast, may_deploy
from quarterdeck.demo.stage import Stage, namespaces
from quarterdeck.supervisor import Supervisor

Json = dict[str, Any]


def parts(stage: Stage, config: Config, cast: Cast, supervisor: Supervisor) -> list[Part]:
    panels = [
        Panel(name, PlayedCluster(cluster), tuple(namespaces(config, name)), str(cluster.kubeconfig))
        for name, cluster in stage.clusters.items()
    ]
    broken = BreaksPart(breaks(stage, supervisor), stage.workspace.state.clock.now)
    tour = _tour(config, cast)
    people = {person.real_name: person.id for person in cast.people}
    return [TourPart(tour, people, {"drift": _drift(stage, config)}), ClusterPart(panels), broken]


def _tour(config: Config, cast: Cast) -> tuple[Step, ...]:
    """In the words of this configuration: its environments, who may deploy and approve there, its prefix."""
    quick, guarded = _quick(config), _guarded(config)
    deploying = [person for person in cast.people if may_deploy(config, cast, person, quick)]
    developer = next((person for person in deploying if may_deploy(config, cast, person, guarded)), DANA)
    approver = next((person for person in cast.people if person.id in cast.approvers and person != developer), SAM)
    prefix = config.slack.command_prefix
    found = steps(quick, guarded, developer.real_name, approver.real_name, GIL.real_name, prefix)
    asked = any(environment.approvals for environment in config.environments.values())
    return tuple(step for step in found if asked or not step.asks)


def _guarded(config: Config) -> str:
    return next((name for name, e in config.environments.items() if e.approvals), next(iter(config.environments)))


def _quick(config: Config) -> str:
    return next((name for name, e in config.environments.items() if not e.approvals), next(iter(config.environments)))


def _drift(stage: Stage, config: Config) -> Callable[[], str]:
    """Somebody with kubectl gives ``api`` another environment variable, where the tour waits for an approval."""
    environment = config.environments[_guarded(config)]

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
