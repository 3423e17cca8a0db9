"""Nothing takes all pods of a process away at once, and nothing but a process itself makes the kubelet end it."""

from __future__ import annotations

import pytest

from tests.helm.helm import Json, of, pods, rendered

PROCESSES = ("bot", "worker", "watcher")


@pytest.fixture(scope="module")
def objects() -> list[Json]:
    return rendered({"worker": {"autoscaling": {"enabled": True, "min": 2, "max": 5, "cpu": 70}}})


@pytest.mark.parametrize("process", PROCESSES)
def test_the_kubelet_asks_whether_it_lives_and_a_service_whether_it_is_ready(objects: list[Json], process: str):
    """Liveness never depends on others: /readyz, which does, must not end anybody."""
    [container] = pods(objects)[process]["containers"]
    asked = {probe: container[f"{probe}Probe"]["httpGet"] for probe in ("startup", "liveness", "readiness")}
    assert {probe: get["path"] for probe, get in asked.items()} == {
        "startup": "/healthz", "liveness": "/healthz", "readiness": "/readyz",
    }  # fmt: skip
    assert {get["port"] for get in asked.values()} == {"health"}
    assert {"name": "health", "containerPort": 8080} in container["ports"]


@pytest.mark.parametrize("process", PROCESSES)
def test_an_upgrade_adds_before_it_takes_away_and_a_drain_takes_one_at_a_time(objects: list[Json], process: str):
    deployment = of(objects, "Deployment", process)["spec"]
    assert deployment["strategy"]["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": 1}
    budget = of(objects, "PodDisruptionBudget", process)["spec"]
    assert budget["maxUnavailable"] == 1
    assert budget["selector"] == deployment["selector"]
    labels = deployment["template"]["metadata"]["labels"]
    assert budget["selector"]["matchLabels"].items() <= labels.items()
    spread = deployment["template"]["spec"]["topologySpreadConstraints"]
    assert {rule["topologyKey"] for rule in spread} == {"kubernetes.io/hostname", "topology.kubernetes.io/zone"}
    assert all(rule["labelSelector"] == deployment["selector"] for rule in spread)


def test_who_is_scaled_by_need_has_no_number_that_an_upgrade_would_put_back(objects: list[Json]):
    autoscaler = of(objects, "HorizontalPodAutoscaler", "worker")["spec"]
    assert autoscaler["scaleTargetRef"]["name"] == of(objects, "Deployment", "worker")["metadata"]["name"]
    assert (autoscaler["minReplicas"], autoscaler["maxReplicas"]) == (2, 5)
    assert "replicas" not in of(objects, "Deployment", "worker")["spec"]
    assert {process: of(objects, "Deployment", process)["spec"]["replicas"] for process in ("bot", "watcher")} == {
        "bot": 2, "watcher": 2,
    }  # fmt: skip
