"""What ``status`` tells around a workload: whose its template is, who protects and serves it, what it may use, what happened."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from commands.canonical import digest_of
from commands.live import Served
from commands.locks.lock import held
from commands.objects import template_of
from commands.operation import Operation, Written
from commands.report import Code, Fields, Prose
from tests.unit.commands.catalog.operations import failed
from tests.unit.commands.catalog.test_status import fields, rows
from tests.unit.commands.cluster_objects import CREATED, Object, pod, running, waiting, workload
from tests.unit.commands.live import FakeLive
from tests.unit.commands.saying import NOW, reported

DIGESTS = [f"sha256:{letter * 64}" for letter in "ab"]
LINE = "status web in prod"


def written(obj: Object, *, at: float = NOW - 600, path: str = "/spec/template/spec/containers/0/image") -> Operation:
    """op-9x9x, which wrote what the object's template is now."""
    op = failed()
    assert op.plan
    [write] = op.plan.promise.writes
    promise = replace(op.plan.promise, writes=(replace(write, path=path),))
    return replace(
        op, plan=replace(op.plan, promise=promise), written=Written(4, digest_of(template_of(obj)), None, at)
    )


def test_a_hold_or_a_lock_on_it_or_on_all_of_its_environment_and_no_other() -> None:
    ref = failed().target
    assert ref
    holds = [
        held("prod", target, "op-9x9x", "Image web:2 not found.", NOW) for target in (ref, replace(ref, name="other"))
    ]
    told = reported(LINE, FakeLive([workload()], locked=holds)).sections[0]
    assert isinstance(told, Fields)
    assert [value for label, value in told.pairs if label == "Lock"] == [f"web in prod is {holds[0].told}"]


class TestWhoseItIs:
    def test_ours_with_the_operation(self) -> None:
        obj = workload()
        told = fields(reported(LINE, FakeLive([obj], records=[written(obj)])))["Revision"]
        assert told == "since 2026-07-28 09:50:00 UTC (10m), by <@U0DANA> (op-9x9x)"

    def test_what_went_back_by_itself(self) -> None:
        obj = workload()
        op = replace(written(obj), undone=written(obj, at=NOW - 60).written)
        told = fields(reported(LINE, FakeLive([obj], records=[op])))["Revision"]
        assert told == "since 2026-07-28 09:59:00 UTC (60s), by <@U0DANA> (op-9x9x), which went back by itself"

    def test_an_older_one_is_found_by_the_stamp(self) -> None:
        class Short(FakeLive):
            def operations(self, environment: str | None = None) -> list[Operation]:
                return []

        obj = workload()
        obj["metadata"]["annotations"] = {"quarterdeck/operation": "op-9x9x"}
        assert "(op-9x9x)" in fields(reported(LINE, Short([obj], records=[written(obj)])))["Revision"]

    @pytest.mark.parametrize("case", ["another template", "a scale", "another target"])
    def test_a_stamp_alone_proves_nothing(self, case: str) -> None:
        obj = workload()
        obj["metadata"]["annotations"] = {"quarterdeck/operation": "op-9x9x"}
        op = written(obj, path="/spec/replicas" if case == "a scale" else "/spec/template")
        if case == "another template":
            obj["spec"]["template"]["metadata"]["labels"]["since"] = "changed"
        if case == "another target":
            assert op.target
            op = replace(op, target=replace(op.target, name="other"))
        assert "Revision" not in fields(reported(LINE, FakeLive([obj], records=[op])))

    def test_somebody_elses_by_the_program_that_wrote_it(self) -> None:
        obj = workload()
        obj["metadata"]["managedFields"] = [
            {"manager": "helm", "time": CREATED, "fieldsV1": {"f:spec": {"f:template": {}}}},
            {"manager": "kubectl-set", "time": "2026-07-28T09:58:00Z", "fieldsV1": {"f:spec": {"f:template": {}}}},
            {"manager": "kubectl-scale", "time": "2026-07-28T09:59:00Z", "fieldsV1": {"f:spec": {"f:replicas": {}}}},
        ]
        assert (
            fields(reported(LINE, FakeLive([obj])))["Revision"] == "since 2026-07-28 09:58:00 UTC (2m), by kubectl-set"
        )


def ran(name: str, digest: str, image: str = "registry/web:1.4.1") -> Object:
    made = pod(name, {**running(), "imageID": f"registry/web@{digest}"})
    made["spec"]["containers"][0]["image"] = image
    return made


class TestWhatRuns:
    def test_the_digest_behind_a_tag(self) -> None:
        pods = [ran("web-1", DIGESTS[0]), ran("web-2", DIGESTS[1], "registry/web:1.4.0")]
        told = fields(reported(LINE, FakeLive([workload()], running=pods)))
        assert told["Image app"] == f"registry/web:1.4.1 ({DIGESTS[0]}); registry/web:1.4.0 in 1 of 2 pods"

    def test_pods_that_are_not_replaced_yet_run_what_they_ran(self) -> None:
        """As under OnDelete: the template alone would tell what nothing runs. One that was evicted runs nothing."""
        pods = [ran(f"web-{number}", DIGESTS[1], "registry/web:1.4.0") for number in range(3)]
        pods[2]["status"]["phase"] = "Failed"
        told = fields(reported(LINE, FakeLive([workload()], running=pods)))
        assert told["Image app"] == "registry/web:1.4.1; registry/web:1.4.0 in 2 of 2 pods"

    def test_one_tag_with_two_digests(self) -> None:
        pods = [ran("web-1", DIGESTS[0]), ran("web-2", DIGESTS[1]), ran("web-3", DIGESTS[1])]
        told = fields(reported(LINE, FakeLive([workload()], running=pods)))["Image app"]
        assert told == f"registry/web:1.4.1 (not the same everywhere: {DIGESTS[1]} in 2, {DIGESTS[0]} in 1)"

    def test_what_it_asks_for_and_may_have(self) -> None:
        obj = workload()
        obj["spec"]["template"]["spec"]["containers"][0]["resources"] = {
            "requests": {"cpu": "100m", "memory": "1Gi", "example.com/gpu": "1"},
            "limits": {"cpu": "500m", "memory": "1Gi", "ephemeral-storage": "2Gi"},
        }
        assert fields(reported(LINE, FakeLive([obj])))["Resources app"] == (
            "cpu 100m to 500m, memory 1Gi, example.com/gpu 1, no limit, ephemeral-storage at most 2Gi"
        )


BUDGET = {"metadata": {"name": "web"}, "spec": {"minAvailable": 2}, "status": {"disruptionsAllowed": 1}}
SERVICE = {"metadata": {"name": "web"}, "spec": {"type": "LoadBalancer", "ports": [{"port": 80}, {"port": 443}]}}


def ends(*ready: bool | None) -> Object:
    return {"endpoints": [{"conditions": {"ready": each}} for each in ready]}


def event(about: str, message: str = "Back-off restarting", **given: Any) -> Object:
    kind, name = about.split("/")
    return {
        "involvedObject": {"kind": kind, "name": name, "uid": f"uid-{kind}-{name}"}, "type": "Warning",
        "reason": "BackOff", "message": message, "count": 1, "lastTimestamp": "2026-07-28T09:55:00Z", **given,
    }  # fmt: skip


class TestWhatStandsAroundIt:
    def test_all_of_it(self) -> None:
        scaler = {
            "metadata": {"name": "web"}, "spec": {"maxReplicas": 9}, "status": {"desiredReplicas": 4, "conditions": [
                {"type": "ScalingActive", "status": "False", "reason": "FailedGetResourceMetric", "message": "no metrics"}
            ]},
        }  # fmt: skip
        served = [Served(SERVICE, (ends(True, None), ends(False)))]
        told = fields(reported(LINE, FakeLive([workload()], scaler=scaler, protecting=[BUDGET], serving=served)))
        assert told["Autoscaler"] == ("HPA web keeps 1 to 9 replicas, wants 4 now; FailedGetResourceMetric: no metrics")
        assert told["Disruption budget"] == "web: at least 2 available; 1 pod may be evicted now"
        assert told["Service"] == "web (LoadBalancer 80, 443): 2 of 3 endpoints ready"

    def test_an_autoscaler_that_could_not_compute_a_number_yet(self) -> None:
        scaler = {"metadata": {"name": "web"}, "spec": {"maxReplicas": 9}, "status": {"desiredReplicas": 0}}
        told = fields(reported(LINE, FakeLive([workload()], scaler=scaler)))
        assert told["Autoscaler"] == "HPA web keeps 1 to 9 replicas"

    def test_a_service_without_endpoints(self) -> None:
        told = fields(reported(LINE, FakeLive([workload()], serving=[Served(SERVICE, ())])))
        assert told["Service"] == "web (LoadBalancer 80, 443): no endpoints"

    @pytest.mark.parametrize(
        ("method", "label"),
        [("autoscalers", "Autoscaler"), ("budgets", "Disruption budget"), ("services", "Service")],
    )
    def test_a_right_that_is_missing_costs_one_line(self, method: str, label: str) -> None:
        report = reported(LINE, FakeLive([workload()], protecting=[BUDGET], forbidden={method}))
        assert fields(report)[label] == f"not known. quarterdeck may not list {method} in namespace prod."
        assert report.title == "web in prod: ready, 3 of 3 ready"

    @pytest.mark.parametrize(("method", "label"), [("events", "Events"), ("pods", "Pods")])
    def test_and_so_for_what_is_more_than_a_line(self, method: str, label: str) -> None:
        report = reported(LINE, FakeLive([workload()], forbidden={method}))
        assert Prose(f"{label}: not known. quarterdeck may not list {method} in namespace prod.") in report.sections


class TestEvents:
    def test_the_latest_and_warnings_before_what_went_well(self) -> None:
        happened = [
            event("Pod/web-1", "Pulled", type="Normal", reason="Pulled", lastTimestamp="2026-07-28T09:59:00Z"),
            event("Pod/web-1", count=7),
            event("Pod/other"),
            event("Deployment/web", "one\ntwo", reason="Odd", count=None, lastTimestamp=None, eventTime=CREATED),
        ]
        report = reported(LINE, FakeLive([workload()], running=[pod("web-1")], happened=happened))
        [code] = [part.text for part in report.sections if isinstance(part, Code)]
        assert code.splitlines() == [
            "5m ago  BackOff (×7)  Pod/web-1: Back-off restarting",  # noqa: RUF001
            "60m ago  Odd  Deployment/web: one two",
            "60s ago  Pulled  Pod/web-1: Pulled",
        ]

    def test_none(self) -> None:
        report = reported(LINE, FakeLive([workload()]))
        assert not [part for part in report.sections if isinstance(part, Code)]


def job(name: str = "migrate", *, created: str = CREATED, **status: Any) -> Object:
    obj = workload(name, "Job", completions=3, backoffLimit=2)
    obj["metadata"]["creationTimestamp"] = created
    return {**obj, "status": {"startTime": created, **status}}


def cron(**status: Any) -> Object:
    obj = workload("backup", "CronJob")
    template = obj["spec"].pop("template")
    obj["spec"] = {
        "schedule": "0 3 * * *",
        "concurrencyPolicy": "Forbid",
        "jobTemplate": {"spec": {"template": template}},
    }
    return {**obj, "status": status}


FAILED = {"type": "Failed", "status": "True", "reason": "BackoffLimitExceeded", "message": "Job has reached the limit",
          "lastTransitionTime": "2026-07-28T09:02:00Z"}  # fmt: skip
BEFORE, AFTER = "2026-07-28T03:00:00Z", "2026-07-28T03:00:09Z"


class TestJobs:
    def test_that_failed(self) -> None:
        bad = pod("migrate-1", waiting("CrashLoopBackOff", ended={"exitCode": 3, "reason": "Error"}))
        live = FakeLive([job(conditions=[FAILED], failed=3, succeeded=1)], running=[bad])
        report, told = (made := reported("status job/migrate in prod", live)), fields(made)
        assert report.title == "migrate in prod: failed"
        assert told["Pods"] == "1 of 3 succeeded, 3 failed"
        assert told["Why"] == "BackoffLimitExceeded: Job has reached the limit"
        assert told["Took"] == "2m"
        assert told["Tries"] == "3 tries at most"
        assert rows(report)[0][2] == "app: Error, exit code 3"

    def test_that_has_pods_which_do_not_run_yet(self) -> None:
        told = fields(reported("status job/migrate in prod", FakeLive([job(active=3, ready=1)])))
        assert told["Pods"] == "0 of 3 succeeded, 1 running, 2 not running yet"

    def test_that_a_cron_job_made(self) -> None:
        made = job()
        made["metadata"]["ownerReferences"] = [{"kind": "CronJob", "name": "backup", "controller": True}]
        told = fields(reported("status job/migrate in prod", FakeLive([made])))
        assert (told["Made by"], told["Took"]) == ("CronJob/backup", "1h")

    @pytest.mark.parametrize(
        ("word", "status", "suspend"),
        [
            ("failed", {"conditions": [{"type": "FailureTarget", "status": "True"}]}, False),
            ("complete", {"conditions": [{"type": "Complete", "status": "True"}]}, False),
            ("complete", {"conditions": [{"type": "SuccessCriteriaMet", "status": "True"}]}, False),
            ("suspended", {"conditions": [{"type": "Suspended", "status": "True"}]}, True),
            ("trying again", {"failed": 1, "active": 1}, False),
            ("running", {"active": 1, "ready": 1}, False),
            ("starting", {"active": 1}, False),
        ],
    )
    def test_in_one_word(self, word: str, status: dict[str, Any], suspend: bool) -> None:
        made = job(**status)
        made["spec"]["suspend"] = suspend
        assert reported("status job/migrate in prod", FakeLive([made])).title == f"migrate in prod: {word}"


class TestCronJobs:
    def test_in_full(self) -> None:
        jobs = [
            job("backup-1", completionTime="2026-07-28T09:01:00Z", conditions=[{"type": "Complete", "status": "True"}]),
            job("backup-2", created="2026-07-28T09:30:00Z", active=1),
        ]
        running = cron(lastScheduleTime=BEFORE, lastSuccessfulTime=AFTER, active=[{"name": "backup-2"}])
        report = reported("status cj/backup in prod", FakeLive([running], jobs=jobs))
        assert report.title == "backup in prod: running"
        told = fields(report)
        assert told["Schedule"] == "0 3 * * *"
        assert told["Last run"] == "2026-07-28 03:00:00 UTC (7h ago)"
        assert told["Running"] == "backup-2"
        assert told["At once"] == "one"
        [code] = [part.text for part in report.sections if isinstance(part, Code)]
        assert code.splitlines() == [
            "30m ago  backup-2  starting after 30m",
            "60m ago  backup-1  complete after 1m",
        ]

    @pytest.mark.parametrize(
        ("word", "obj"),
        [
            ("not run yet", cron()),
            ("scheduled", cron(lastScheduleTime=BEFORE, lastSuccessfulTime=AFTER)),
            ("last run did not succeed", cron(lastScheduleTime=BEFORE)),
            ("last run did not succeed", cron(lastScheduleTime=AFTER, lastSuccessfulTime=BEFORE)),
            ("running", cron(lastScheduleTime=AFTER, active=[{"name": "backup-1"}])),
        ],
    )
    def test_in_one_word(self, word: str, obj: Object) -> None:
        assert reported("status cj/backup in prod", FakeLive([obj])).title == f"backup in prod: {word}"

    def test_in_the_table_of_the_environment(self) -> None:
        live = FakeLive([workload(), cron(lastScheduleTime=BEFORE), job(conditions=[FAILED], succeeded=1)])
        report = reported("status in prod", live)
        assert report.title == "prod: 2 of 3 workloads not ready"
        assert rows(report) == [
            ("Job/migrate", "failed", "1/3", "", "1.4.1"),
            ("CronJob/backup", "last run did not succeed", "", "", "1.4.1"),
            ("Deployment/web", "ready", "3/3", "3", "1.4.1"),
        ]

    def test_a_table_without_them_where_they_may_not_be_read(self) -> None:
        report = reported("status in prod", FakeLive([workload()], forbidden={"runs"}))
        assert len(rows(report)) == 1
        assert (
            Prose("Jobs and CronJobs: not known. quarterdeck may not list runs in namespace prod.") in report.sections
        )
