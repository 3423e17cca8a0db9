"""``status`` of a workload, of an environment, and of an operation."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from commands.errors import NotFound
from commands.live import Revision
from commands.locks.lock import Lock
from commands.operation import Drift
from commands.report import Code, Diff, Fields, Prose, Report, Table
from tests.unit.commands.catalog.operations import failed, waiting_for_approval
from tests.unit.commands.cluster_objects import pod, settled, template, waiting, workload
from tests.unit.commands.live import FakeLive
from tests.unit.commands.saying import NOW, reported


def fields(report: Report) -> dict[str, str]:
    return {label: value for part in report.sections if isinstance(part, Fields) for label, value in part.pairs}


def rows(report: Report) -> list[tuple[str, ...]]:
    return [row for part in report.sections if isinstance(part, Table) for row in part.rows]


class TestOfAWorkload:
    def test_in_one_line(self) -> None:
        assert reported("status web in prod", FakeLive([workload()])).title == "web in prod: ready, 3 of 3 ready"

    def test_everything_on_it(self) -> None:
        obj = workload()
        obj["metadata"]["annotations"] = {"deployment.kubernetes.io/revision": "12"}
        obj["spec"]["template"]["spec"]["initContainers"] = [{"name": "migrate", "image": "migrate:1"}]
        scaler = {"metadata": {"name": "web"}, "spec": {"minReplicas": 2, "maxReplicas": 9}}
        live = FakeLive([obj], scaler=scaler, records=[waiting_for_approval()])
        assert fields(reported("status web in prod", live)) == {
            "Workload": "Deployment/web",
            "Replicas": "3 wanted, 3 updated, 3 ready, 3 available",
            "Image app": "registry/web:1.4.1",
            "Init image migrate": "migrate:1",
            "Revision": "12",
            "Resources app": "no requests and no limits",
            "Autoscaler": "HPA web keeps 2 to 9 replicas",
            "Operation": "op-7k3f: deploy web 1.4.1 → 1.4.2 in prod: awaiting approval",
        }

    def test_the_revision_of_a_stateful_set_is_looked_up(self) -> None:
        kept = [Revision(3, template("a"), "", None, None, current=True)]
        live = FakeLive([workload("db", "StatefulSet")], kept)
        assert fields(reported("status db in prod", live))["Revision"] == "3"

    def test_an_operation_that_ended_is_not_under_way(self) -> None:
        assert "Operation" not in fields(reported("status web in prod", FakeLive([workload()], records=[failed()])))

    def test_its_pods_by_state_the_failing_ones_first(self) -> None:
        bad = waiting("CrashLoopBackOff", restarts=4, ended={"exitCode": 1, "reason": "Error"})
        pods = [pod("web-1"), *(pod(f"web-{n}", bad) for n in (2, 3, 4, 5)), pod("web-6", waiting("ContainerCreating"))]
        assert rows(reported("status web in prod", FakeLive([workload()], running=pods))) == [
            ("CrashLoopBackOff", "4", "app: Error, exit code 1", "16", "web-2, web-3, web-4 and 1 more"),
            ("ContainerCreating", "1", "", "0", "web-6"),
            ("Running", "1", "", "0", "web-1"),
        ]

    def test_in_one_line_that_some_fail(self) -> None:
        """Old pods may all be ready while the new ones fail."""
        pods = [pod("web-1"), pod("web-2", waiting("CrashLoopBackOff")), pod("web-3", phase="Failed", reason="Evicted")]
        told = reported("status web in prod", FakeLive([workload()], running=pods)).title
        assert told == "web in prod: ready, 3 of 3 ready, 1 pod fails"

    def test_why_a_pod_does_not_run_in_plain_words_where_they_are_known(self) -> None:
        sick = pod("web-1", waiting("ImagePullBackOff", message="Back-off pulling image"))
        live = FakeLive([workload()], running=[sick])
        assert rows(reported("status web in prod", live))[0][2] == "app: Back-off pulling image"
        live.known_causes = {"uid-Pod-web-1": "container app: image registry/web:2 not found"}
        assert rows(reported("status web in prod", live))[0][2] == "container app: image registry/web:2 not found"

    def test_a_pod_that_runs_but_is_not_ready_is_told_apart(self) -> None:
        unready = pod("web-1", conditions=[{"type": "Ready", "status": "False"}])
        assert (
            rows(reported("status web in prod", FakeLive([workload()], running=[unready])))[0][0]
            == "Running, not ready"
        )

    def test_no_pods(self) -> None:
        assert Prose("It has no pods.") in reported("status web in prod", FakeLive([workload()])).sections


def standing(kind: str = "Deployment", spec: dict[str, Any] | None = None, **status: Any) -> str:
    obj = workload("x", kind, **(spec or {}))
    obj["status"].update(status)
    return rows(reported("status in prod", FakeLive([obj])))[0][1]


STUCK = {"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded"}
QUOTA = {"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate"}
ON_DELETE = {"updateStrategy": {"type": "OnDelete"}}
PARTITION = {"updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 2}}}


class TestOfAnEnvironment:
    def test_what_is_locked_or_held_each_once(self) -> None:
        lock = Lock("prod", "Deployment", "web", "U0SAM", "moving", NOW, None)
        found = [lock, replace(lock, operation="op-9x9x"), replace(lock, kind=None, name=None)]
        report = reported("status in prod", FakeLive([workload()], locked=found))
        assert Prose("Locked or held: `web` and `prod`. `locks in prod` tells by whom and why.") in report.sections

    def test_the_worst_first(self) -> None:
        live = FakeLive(
            [
                workload("fine"),
                workload("half"),
                workload("gone"),
                workload("agent", "DaemonSet"),
                workload("off", replicas=0),
            ]
        )
        live.objects[1]["status"]["readyReplicas"] = 2
        live.objects[2]["status"]["readyReplicas"] = 0
        report = reported("status in prod", live)
        assert report.title == "prod: 2 of 5 workloads not ready"
        assert [row[0] for row in rows(report)] == [
            "Deployment/gone", "Deployment/half", "DaemonSet/agent", "Deployment/fine", "Deployment/off",
        ]  # fmt: skip
        assert rows(report)[1] == ("Deployment/half", "not ready", "2/3", "3", "1.4.1")

    def test_one_that_rolls_out_is_as_bad_as_the_pods_it_lacks(self) -> None:
        rolling = [workload(name) for name in ("half", "new", "none")]
        for obj, updated, ready in zip(rolling, (3, 1, 1), (2, 3, 0), strict=True):
            obj["status"].update(updatedReplicas=updated, readyReplicas=ready)
        shown = rows(reported("status in prod", FakeLive(rolling)))
        assert [row[:2] for row in shown] == [
            ("Deployment/none", "rolling out"), ("Deployment/half", "not ready"), ("Deployment/new", "rolling out"),
        ]  # fmt: skip

    def test_of_many_how_many_are_how(self) -> None:
        objects = [workload(f"web-{number}") for number in range(300)]
        objects[7]["status"]["readyReplicas"] = 0
        report = reported("status in prod", FakeLive(objects))
        assert len(rows(report)) == 300
        assert rows(report)[0][0] == "Deployment/web-7"
        assert Prose("1 not ready, 299 ready.") in report.sections
        table = next(part for part in report.sections if isinstance(part, Table))
        assert table.tally is not None
        assert table.columns[table.tally] == "State"
        assert table.more == "The worst are shown; `status <name> in prod` shows any one of them."

    def test_all_well(self) -> None:
        assert reported("status prod", FakeLive([workload()])).title == "prod: 1 workload ready"

    def test_empty(self) -> None:
        assert reported("status prod", FakeLive()).title == "prod: no workloads"

    @pytest.mark.parametrize(
        ("word", "shown"),
        [
            ("ready", standing()),
            ("ready", standing("DaemonSet")),
            ("ready", standing("StatefulSet", ON_DELETE, updatedReplicas=0)),
            ("ready", standing("StatefulSet", PARTITION, updatedReplicas=1)),
            ("rolling out", standing("StatefulSet", PARTITION, updatedReplicas=0)),
            ("stopped", standing(spec={"replicas": 0}, **settled(number=0))),
            ("not ready", standing(readyReplicas=1)),
            ("rolling out", standing(updatedReplicas=1)),
            ("rolling out", standing(replicas=4)),  # all new pods exist, and those that are ready are the old ones
            ("rolling out", standing(observedGeneration=3)),
            ("rolling out", standing("DaemonSet", updatedNumberScheduled=1)),
            ("paused", standing(spec={"paused": True}, updatedReplicas=1)),
            ("rollout stuck", standing(conditions=[STUCK])),
            ("rolling out", standing(conditions=[STUCK], observedGeneration=3)),
            ("pods cannot be created", standing(conditions=[QUOTA])),
        ],
    )
    def test_in_one_word(self, word: str, shown: str) -> None:
        assert shown == word


class TestOfAnOperation:
    def test_that_waits(self) -> None:
        report = reported("status op-7k3f", FakeLive(records=[waiting_for_approval()]))
        assert report.title == "op-7k3f: deploy web 1.4.1 → 1.4.2 in prod: awaiting approval"
        told = fields(report)
        assert told["Approvals"] == "1 of 2 (<@U0SAM>)"
        assert told["Reason"] == "hotfix"
        assert told["Target"] == "main/prod/Deployment/web"
        assert told["Asked by"] == "<@U0DANA> at 2026-07-28 10:00:00 UTC"
        assert any(isinstance(part, Diff) for part in report.sections)
        assert ("awaiting approval", "2026-07-28 10:00:05 UTC") in rows(report)

    def test_that_failed(self) -> None:
        report = reported("status op-9x9x", FakeLive(records=[failed()]))
        assert Prose("container app: image registry/web:1.4.2 not found", strong=True) in report.sections
        assert fields(report)["Cause"] == "image registry/web:1.4.2 not found"
        assert fields(report)["Pods"] == "1 of 3: web-1"
        assert Code("Failed to pull image") in report.sections

    def test_whose_target_drifted_again_and_again(self) -> None:
        """How often is told where the record no longer keeps each time."""
        few = replace(waiting_for_approval(), round=3, drifts=(Drift((), NOW, 1), Drift((), NOW, 2)))
        many = replace(few, round=41, drifts=(Drift((), NOW, 1), Drift((), NOW, 40)))
        told = Prose("Drifted 40 times; the first and the latest are shown.")
        assert told in reported("status op-7k3f", FakeLive(records=[many])).sections
        assert told not in reported("status op-7k3f", FakeLive(records=[few])).sections

    def test_that_is_unknown(self) -> None:
        with pytest.raises(NotFound):
            reported("status op-none", FakeLive())


class TestOperations:
    def test_as_a_table(self) -> None:
        report = reported("operations in prod", FakeLive(records=[waiting_for_approval(), failed()]))
        assert report.title == "1 operation under way in prod; 1 ended lately"
        assert rows(report)[0] == (
            "op-7k3f",
            "deploy web 1.4.1 → 1.4.2",
            "prod",
            "awaiting approval",
            "<@U0DANA>",
            "0s",
        )

    def test_of_one_environment(self) -> None:
        assert rows(reported("operations in staging", FakeLive(records=[failed()]))) == []

    def test_that_have_all_ended_or_none(self) -> None:
        over = reported("operations", FakeLive(records=[failed(), replace(failed(), id="op-2222")]))
        assert over.title == "Nothing is going on; 2 ended lately"

    def test_none(self) -> None:
        assert reported("operations", FakeLive()) == Report("Nothing is going on")

    @pytest.mark.parametrize(
        ("newer", "told"), [(1, "1 more under way was written by"), (2, "2 more under way were written by")]
    )
    def test_how_many_a_newer_version_wrote_is_said(self, newer: int, told: str):
        for records in ([], [failed()]):
            report = reported("operations", FakeLive(records=records, newer_records=newer))
            assert any(isinstance(part, Prose) and part.text.startswith(told) for part in report.sections)
