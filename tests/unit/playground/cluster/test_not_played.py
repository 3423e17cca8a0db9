"""What the cluster does not play is refused in words, never ignored."""

from __future__ import annotations

from typing import Any

import pytest

from playground.cluster.controllers.namespace import Namespaces
from playground.cluster.status import StatusError
from tests.unit.playground.cluster.in_process import InProcess

Json = dict[str, Any]
POD = {"restartPolicy": "Never", "containers": [{"name": "a", "image": "a:1"}]}
LOAD = {"template": {"spec": POD}}


@pytest.mark.parametrize(
    ("kind", "content", "what"),
    [
        ("LimitRange", {"spec": {"limits": []}}, "LimitRanges"),
        ("ResourceQuota", {"spec": {"hard": {"pods": "1"}, "scopes": ["BestEffort"]}}, "quotas with scopes"),
        (
            "ResourceQuota",
            {"spec": {"hard": {"gold.storageclass.storage.k8s.io/requests.storage": "1Gi"}}},
            "quotas per storage class",
        ),
        (
            "Job",
            {"spec": {**LOAD, "successPolicy": {"rules": []}, "podFailurePolicy": {"rules": []}}},
            "podFailurePolicy of Jobs",
        ),
        ("Job", {"spec": {**LOAD, "podReplacementPolicy": "Failed"}}, "Jobs that wait for a pod's end"),
        (
            "CronJob",
            {"spec": {"schedule": "@every 5m", "jobTemplate": {"spec": LOAD}}},
            "schedules that begin with @every",
        ),
        ("Secret", {"type": "kubernetes.io/service-account-token"}, "service account tokens in Secrets"),
    ],
)
def test_refusals(kind: str, content: Json, what: str):
    with pytest.raises(StatusError) as refused:
        InProcess(Namespaces()).create({"kind": kind, "metadata": {"name": "x"}, **content})
    assert (refused.value.code, refused.value.reason) == (501, "NotImplemented")
    assert refused.value.message.startswith(f"the simulated cluster does not play {what}")
