"""For each right of the chart's Roles what somebody does that needs it, and then reads which it is that is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.scenarios.scene import IMAGE, Scene
from workers.rights import Process, Right

Story = Callable[[Scene, str], None]

KINDS = {"deployments.apps": "Deployment", "statefulsets.apps": "StatefulSet", "daemonsets.apps": "DaemonSet"}
SECRET = {"envFrom": [{"secretRef": {"name": "password", "optional": True}}]}
WORD: Mapping[str, str] = {"Deployment": "deployment", "StatefulSet": "statefulset", "DaemonSet": "daemonset"}


def says(line: str, kind: str = "Deployment") -> Story:
    """``NAME``: of a workload that runs there."""

    def story(scene: Scene, where: str) -> None:
        name = scene.deployed(where, "registry.test/app:1", kind=kind) if "NAME" in line else ""
        scene.say(scene.cast.dev, f"{line.replace('NAME', name)} {where}")

    return story


def deploys(kind: str, tag: str = "2") -> Story:
    return says(f"/deploy {WORD[kind]}/NAME {tag} to", kind)


def serves(scene: Scene, where: str) -> None:
    """A Service whose endpoints are to be told."""
    name, namespace = scene.deployed(where, "registry.test/app:1"), scene.stack.namespaces[where]
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "namespace": namespace}}
    scene.stack.cluster.apply({**service, "spec": {"selector": {"app": name}, "ports": [{"port": 80}]}})
    scene.say(scene.cast.dev, f"/ops status {name} in {where}")


def is_in_the_way(scene: Scene, where: str) -> None:
    """A StatefulSet's broken pod has to be deleted on the way back."""
    name = scene.deployed(where, "registry.test/app:1", kind="StatefulSet")
    failed = scene.ended(scene.ask(scene.cast.dev, f"/deploy {name} crash to {where}"), "failed")
    scene.press(scene.cast.dev, failed, "Roll back")


def is_written_over(kind: str) -> Story:
    def story(scene: Scene, where: str) -> None:
        name = scene.deployed(where, "registry.test/app:1", kind=kind)
        scene.until(scene.ask(scene.cast.dev, f"/deploy {name} slow to {where}"), "observing")
        scene.change(where, name, [{"op": "replace", "path": IMAGE, "value": "registry.test/app:3"}])

    return story


def bounds(scene: Scene, where: str) -> None:
    """Other bounds for the autoscaler that scales it."""
    scene.say(scene.cast.dev, f"/scale {scene.autoscaled(where, 1, 4)} min=3 in {where}")


def are_moved_meanwhile(scene: Scene, where: str) -> None:
    """Who wrote over them is told by the object itself."""
    name = scene.autoscaled(where, 1, 4, "registry.test/app:1")
    scene.change(where, name, [{"op": "replace", "path": IMAGE, "value": "registry.test/app:slow"}])
    scene.until(scene.ask(scene.cast.dev, f"/scale {name} max=5 in {where}"), "observing")
    scene.change(where, f"{name}-cpu", [{"op": "replace", "path": "/spec/maxReplicas", "value": 6}])


def drifts(scene: Scene, where: str) -> None:
    """What it was planned on is kept by a ControllerRevision alone."""
    name = scene.deployed(where, "registry.test/app:1", kind="StatefulSet")
    scene.until(scene.ask(scene.cast.dev, f"/deploy {name} 2 to {where}"), "awaiting approval")
    scene.change(where, name, [{"op": "replace", "path": IMAGE, "value": "registry.test/app:3"}])


def crawls(scene: Scene, where: str) -> None:
    """It takes a while, in which one reads on the way what is missing."""
    name = scene.deployed(where, "registry.test/app:1")
    scene.ask(scene.cast.dev, f"/deploy {name} slow to {where}")


def breaks(scene: Scene, where: str) -> None:
    """With a Secret in use, so that what it holds has to be known before the log is shown."""
    name = scene.deployed(where, "registry.test/app:1", container=SECRET)
    scene.ask(scene.cast.dev, f"/deploy {name} crash to {where}")


def prints(scene: Scene, where: str) -> None:
    """The same of a log that somebody asks for."""
    name = scene.deployed(where, "registry.test/app:1", container=SECRET)
    scene.say(scene.cast.dev, f"/ops logs {name} in {where}")


def story_of(process: Process, right: Right) -> Story:
    """Raises ``KeyError`` for a right that nothing is known to need."""
    resource, verb = right
    if process == "watcher" and verb == "get" and resource in KINDS:
        return is_written_over(KINDS[resource])
    if resource in KINDS:
        return says("/ops status in") if process == "worker" and verb == "list" else deploys(KINDS[resource])
    return (_OF_WORKERS if process == "worker" else _OF_WATCHERS)[right]


_STATUS, _HISTORY = says("/ops status NAME in"), says("/ops history NAME in")

_OF_WORKERS: Mapping[Right, Story] = {
    ("replicasets.apps", "list"): _HISTORY,
    ("controllerrevisions.apps", "list"): says("/ops history NAME in", "StatefulSet"),
    ("pods", "list"): _STATUS,
    ("pods", "get"): says("/ops logs pod/nothing in"),
    ("pods", "delete"): is_in_the_way,
    ("pods/log", "get"): says("/ops logs NAME in"),
    ("secrets", "get"): prints,
    ("events", "list"): _STATUS,
    ("services", "list"): _STATUS,
    ("endpointslices.discovery.k8s.io", "list"): serves,
    ("poddisruptionbudgets.policy", "list"): _STATUS,
    ("horizontalpodautoscalers.autoscaling", "list"): _STATUS,
    ("horizontalpodautoscalers.autoscaling", "get"): bounds,
    ("horizontalpodautoscalers.autoscaling", "patch"): bounds,
    ("jobs.batch", "list"): says("/ops status in"),
    ("cronjobs.batch", "list"): says("/ops status in"),
    ("jobs.batch", "get"): says("/ops logs job/nothing in"),
    ("cronjobs.batch", "get"): says("/ops logs cronjob/nothing in"),
}

_OF_WATCHERS: Mapping[Right, Story] = {
    ("replicasets.apps", "list"): deploys("Deployment"),
    ("replicasets.apps", "watch"): deploys("Deployment"),
    ("pods", "list"): deploys("Deployment"),
    ("pods", "watch"): deploys("Deployment"),
    ("events", "list"): breaks,
    ("events", "watch"): crawls,
    ("pods/log", "get"): breaks,
    ("secrets", "get"): breaks,
    ("controllerrevisions.apps", "list"): drifts,
    ("horizontalpodautoscalers.autoscaling", "list"): bounds,
    ("horizontalpodautoscalers.autoscaling", "watch"): bounds,
    ("horizontalpodautoscalers.autoscaling", "get"): are_moved_meanwhile,
}
