"""Quarterdeck's own client as a person: the cluster's RBAC and its audit see who asked, and refuse in their name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from commands.errors import Forbidden
from commands.identity import Identity
from tests.contract.conftest import Cluster as Played
from tests.harness import workloads
from workers.cluster import Cluster, open_cluster

DEPLOYMENTS = [{"verbs": ["get", "patch"], "apiGroups": ["apps"], "resources": ["deployments"]}]
REPLICAS = [{"op": "replace", "path": "/spec/replicas", "value": 2}]
SAM = Identity("U0SAM", "slack:U0SAM", ("quarterdeck:sre", "quarterdeck:developer"))


def named(resource: str, *names: str) -> dict[str, Any]:
    return {"verbs": ["impersonate"], "apiGroups": [""], "resources": [resource], "resourceNames": list(names)}


@pytest.fixture
def worker(cluster: Played, namespace: str) -> Iterator[Cluster]:
    """An account that reads, and may act as sam with sam's groups; it may change nothing itself."""
    cluster.apply(workloads.deployment("web", namespace))
    cluster.grant("quarterdeck", None, [named("users", "slack:U0SAM"), named("groups", *SAM.groups)])
    reading = [{"verbs": ["get"], "apiGroups": ["apps"], "resources": ["deployments"]}]
    cluster.grant("quarterdeck", namespace, reading)
    opened = open_cluster("main", cluster.kubeconfig_for("quarterdeck"))
    yield opened
    opened.close()


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_write_is_the_person_s(cluster: Played, worker: Cluster, namespace: str, dry_run: bool):
    cluster.grant("quarterdeck:sre", namespace, DEPLOYMENTS, kind="Group")
    sams = worker.acting_as(SAM)
    sams.patch("Deployment", namespace, "web", REPLICAS, dry_run=dry_run)
    [write] = cluster.writes("deployments", namespace, dry_run=dry_run, user="quarterdeck")
    assert write.impersonated == "slack:U0SAM"
    assert sams.get("Deployment", namespace, "web")["spec"]["replicas"] == (3 if dry_run else 2)


def test_reading_stays_its_own(worker: Cluster, namespace: str):
    """Nobody has granted the person anything there."""
    assert worker.acting_as(SAM).get("Deployment", namespace, "web")


def test_what_the_cluster_does_not_let_the_person_do_is_told_in_their_name(worker: Cluster, namespace: str):
    with pytest.raises(Forbidden) as refused:
        worker.acting_as(SAM).patch("Deployment", namespace, "web", REPLICAS, dry_run=True)
    assert str(refused.value) == (
        f"The cluster does not let <@U0SAM> patch deployments in namespace {namespace}: there that is the user "
        "slack:U0SAM (with the groups quarterdeck:sre, quarterdeck:developer). Its own RBAC decides that, not quarterdeck.yaml."
    )


@pytest.mark.parametrize(
    "other",
    [Identity("U0EVE", "slack:U0EVE"), Identity("U0SAM", "slack:U0SAM", ("system:masters",))],
    ids=["another person", "another group"],
)
def test_it_acts_as_nobody_that_it_was_not_granted(worker: Cluster, namespace: str, other: Identity):
    with pytest.raises(Forbidden, match=f"may not act in the cluster as {other.user}") as refused:
        worker.acting_as(other).patch("Deployment", namespace, "web", REPLICAS, dry_run=True)
    assert refused.value.verb == "impersonate"
