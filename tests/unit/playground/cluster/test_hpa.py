"""Autoscalers without metrics: what is outside their bounds is brought within at the controller's next look."""

from __future__ import annotations

from typing import Any

import pytest

from playground.cluster.controllers.hpa import SYNC_SECONDS, HpaController
from playground.cluster.controllers.namespace import Namespaces
from tests.unit.playground.cluster.in_process import InProcess

Json = dict[str, Any]


@pytest.fixture
def cluster() -> InProcess:
    return InProcess(Namespaces(), HpaController())


def scaled(cluster: InProcess, replicas: int, least: int = 2, most: int = 5) -> Json:
    """What the autoscaler says of it."""
    labels = {"app": "web"}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "web", "image": "web:1"}]}}
    spec: Json = {"replicas": replicas, "selector": {"matchLabels": labels}, "template": template}
    cluster.create({"kind": "Deployment", "metadata": {"name": "web"}, "spec": spec})
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}
    bounds = {"scaleTargetRef": target, "minReplicas": least, "maxReplicas": most}
    cluster.create({"kind": "HorizontalPodAutoscaler", "metadata": {"name": "web"}, "spec": bounds})
    status: Json = cluster.get("HorizontalPodAutoscaler", "web")["status"]
    return status


def replicas(cluster: InProcess) -> int:
    return int(cluster.get("Deployment", "web")["spec"]["replicas"])


@pytest.mark.parametrize(
    ("present", "wanted", "reason"),
    [
        (1, 2, "Current number of replicas below Spec.MinReplicas"),
        (9, 5, "Current number of replicas above Spec.MaxReplicas"),
    ],
)
def test_what_is_outside_is_brought_within(cluster: InProcess, present: int, wanted: int, reason: str) -> None:
    status = scaled(cluster, present)
    assert replicas(cluster) == wanted
    assert status["desiredReplicas"] == wanted
    told = {event["reason"]: event["message"] for event in cluster.list("Event")}
    assert told == {"SuccessfulRescale": f"New size: {wanted}; reason: {reason}"}


def test_what_somebody_scales_away_is_brought_back_at_the_next_look(cluster: InProcess) -> None:
    scaled(cluster, 3)
    cluster.change("Deployment", "web", spec={"replicas": 8})
    assert replicas(cluster) == 8
    cluster.engine.step(SYNC_SECONDS)
    assert replicas(cluster) == 5


@pytest.mark.parametrize("present", [2, 3, 5])
def test_within_it_knows_nothing(cluster: InProcess, present: int) -> None:
    status = scaled(cluster, present)
    assert (replicas(cluster), status["currentReplicas"]) == (present, present)
    assert [each["reason"] for each in status["conditions"]] == ["SucceededGetScale", "FailedGetResourceMetric"]


def test_none_are_left_alone(cluster: InProcess) -> None:
    status = scaled(cluster, 0)
    cluster.engine.step(SYNC_SECONDS)
    assert replicas(cluster) == 0
    assert [each["reason"] for each in status["conditions"]] == ["SucceededGetScale", "ScalingDisabled"]
