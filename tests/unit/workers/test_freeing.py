"""Which pod may be deleted so that an ordered StatefulSet can go back: of another revision, broken, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from commands.canonical import digest_of
from commands.operation import Written
from tests.unit.commands.cluster_objects import pod, running, waiting, workload
from workers.stuck import in_the_way

NOW = 1_800_000_000.0
LONG_AGO, JUST_NOW = "2027-01-15T07:00:00Z", "2027-01-15T07:59:50Z"
"""``NOW`` is 08:00."""
BROKEN = waiting("ImagePullBackOff", "not found")


def database(**spec: Any) -> dict[str, Any]:
    found = workload("db", "StatefulSet", **spec)
    found["status"] |= {"updateRevision": "db-good"}
    return found


def member(number: int, revision: str, *states: Any, since: str = LONG_AGO) -> dict[str, Any]:
    found = pod(f"db-{number}", *states)
    found["metadata"] |= {
        "labels": {"controller-revision-hash": revision},
        "ownerReferences": [{"kind": "StatefulSet", "name": "db", "uid": "uid-StatefulSet-db", "controller": True}],
    }
    for condition in found["status"]["conditions"]:
        condition["lastTransitionTime"] = since
    return found


def found(live: dict[str, Any], *pods: dict[str, Any], generation: int = 4) -> str | None:
    written = Written(generation, digest_of(live["spec"]["template"]), None, NOW - 60)
    stuck = in_the_way(live, pods, written, NOW)
    return stuck["metadata"]["name"] if stuck else None


def test_the_last_of_those_that_are_broken() -> None:
    pods = [member(0, "db-bad", running()), member(1, "db-bad", BROKEN), member(2, "db-bad", BROKEN)]
    assert found(database(), *pods) == "db-2"


@pytest.mark.parametrize(
    "kept",
    [
        member(2, "db-good", BROKEN),
        member(2, "db-bad", running()),
        member(2, "db-bad", waiting("ContainerCreating"), since=JUST_NOW),
        {**member(2, "db-bad", BROKEN), "metadata": {**member(2, "db-bad")["metadata"], "ownerReferences": []}},
        {**member(2, "db-bad", BROKEN), "metadata": {**member(2, "db-bad")["metadata"], "deletionTimestamp": LONG_AGO}},
    ],
    ids=["of what was written", "ready", "only starting", "another's", "going already"],
)
def test_no_other_pod(kept: dict[str, Any]) -> None:
    assert found(database(), kept) is None


def test_what_has_not_been_ready_for_long_counts_as_broken() -> None:
    assert found(database(), member(2, "db-bad", waiting("ContainerCreating"))) == "db-2"


@pytest.mark.parametrize(
    "live",
    [
        database(podManagementPolicy="Parallel"),
        database(updateStrategy={"type": "OnDelete"}),
        database(updateStrategy={"rollingUpdate": {"partition": 3}}),
        database(updateStrategy={"rollingUpdate": {"partition": 1}}, ordinals={"start": 2}),
        {**database(), "status": {"observedGeneration": 3, "updateRevision": "db-good"}},
    ],
    ids=[
        "Parallel",
        "OnDelete",
        "kept by the partition",
        "by one that counts from the first ordinal",
        "not seen by its controller",
    ],
)
def test_nothing_where_the_controller_needs_no_help_or_has_not_seen_it(live: dict[str, Any]) -> None:
    assert found(live, member(2, "db-bad", BROKEN)) is None


def test_nothing_before_our_write_is_seen_and_after_somebody_else_s() -> None:
    assert found(database(), member(2, "db-bad", BROKEN), generation=5) is None
    other = Written(4, "another", None, NOW - 60)
    assert in_the_way(database(), [member(2, "db-bad", BROKEN)], other, NOW) is None
