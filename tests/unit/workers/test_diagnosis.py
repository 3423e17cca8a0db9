"""The evidence beside a verdict: which pods, which log lines, which events. Pure, but for the log handed in."""

from typing import Any

from commands.errors import Forbidden, Invalid
from commands.progress import Progress
from tests.unit.workers.kinds import rollouts as r
from workers.diagnosis import LINES, diagnose
from workers.kinds.faults import first_fault
from workers.kinds.judgement import Verdict

CRASH = r.waiting("CrashLoopBackOff", last={"exitCode": 1, "reason": "Error"}, restarts=3)
MISSING = r.waiting("ErrImagePull", "not found")


def broken(pods: list[dict[str, Any]], sentence: str | None = None) -> Verdict:
    fault = first_fault(pods, r.NOW)
    said = sentence or (fault.cause if fault else "not finished within 600 s")
    return Verdict("broken", said, Progress(said, 3, 3, 1, 0, r.NOW), fault)


def event(
    reason: str, message: str, *, type_: str = "Warning", count: int = 1, at: float = r.WROTE + 5
) -> dict[str, Any]:
    return {"type": type_, "reason": reason, "message": message, "count": count, "lastTimestamp": r.stamp(at)}


class Log:
    def __init__(self, text: str = "", error: Exception | None = None) -> None:
        self.text, self.error, self.asked = text, error, []  # type: ignore[var-annotated]

    def __call__(self, pod: str, container: str, tail: int, previous: bool) -> str:
        self.asked.append((pod, container, tail, previous))
        if self.error:
            raise self.error
        return self.text


def test_a_crash_with_the_log_of_the_run_that_broke():
    pods = [r.pod("web-1"), r.pod("web-2", **CRASH), r.pod("web-3", **CRASH)]
    log = Log("starting\npanic: cannot connect\n")
    found = diagnose(broken(pods), pods, [], log)
    assert found.cause == "container app exits with code 1 (CrashLoopBackOff)"
    assert (found.container, found.image, found.reason, found.exit_code) == ("app", r.NEW, "CrashLoopBackOff", 1)
    assert (found.pods, found.of) == (("web-2", "web-3"), 3)
    assert found.logs == "starting\npanic: cannot connect"
    assert log.asked == [("web-2", "app", LINES, True)]


def test_since_which_revision_by_number_or_by_hash():
    old, new = r.replica_set("rs-old", r.OLD, 6), r.replica_set(revision=7)
    pods = [r.pod("web-1", **CRASH), r.pod("web-2", **CRASH)]
    assert diagnose(broken(pods), pods, [], Log(), children=[old, new]).since == "revision 7 (r/web:2)"
    both = [*pods, r.pod("web-0", "rs-old", r.OLD, **CRASH)]
    assert diagnose(broken(both), both, [], Log(), children=[old, new]).since == "revision 6 (r/web:1)"
    named = [r.pod("db-0", labels={"controller-revision-hash": "db-6f8"}, **CRASH)]
    assert diagnose(broken(named), named, [], Log()).since == "revision db-6f8 (r/web:2)"
    assert diagnose(broken([]), [], [], Log(), children=[new]).since is None


def test_an_event_that_came_late_still_names_the_probe_that_killed_it():
    """The verdict was made from the pod's status alone."""
    times = {"startedAt": r.stamp(r.WROTE), "finishedAt": r.stamp(r.WROTE + 30)}
    status = r.waiting("CrashLoopBackOff", last={"exitCode": 137, "reason": "Error", **times})
    pods = [r.pod("web-1", **status)]
    probe = {**event("Unhealthy", "Liveness probe failed: HTTP 500"), "involvedObject": {"uid": "uid-web-1"}}
    found = diagnose(broken(pods), pods, [probe], Log())
    assert found.cause == "container app is killed because its liveness probe fails: HTTP 500 (CrashLoopBackOff)"


def test_the_environment_of_a_container_is_never_shown():
    pods = [r.pod("web-1", **CRASH)]
    pods[0]["spec"] = {
        "containers": [{"name": "app", "image": r.NEW, "env": [{"name": "GREETING", "value": "swordfish"}]}]
    }
    found = diagnose(broken(pods), pods, [event("BackOff", "Back-off restarting")], Log("starting"))
    assert "swordfish" not in str(found)
    assert "GREETING" not in str(found)


def test_what_never_ran_has_no_log():
    pods = [r.pod("web-1", **MISSING)]
    log = Log("of somebody else")
    found = diagnose(broken(pods), pods, [], log)
    assert (found.logs, log.asked, found.exit_code) == ("", [], None)
    assert found.cause == "container app: image r/web:2 not found"


def test_a_log_that_cannot_be_read_does_not_hide_the_cause():
    pods = [r.pod("web-1", **CRASH)]
    refused = Forbidden("Quarterdeck's account may not get pods/log.", verb="get", resource="pods/log", namespace="x")
    for error in (refused, Invalid("previous terminated container not found")):
        found = diagnose(broken(pods), pods, [], Log(error=error))
        assert "exits with code 1" in found.cause
        assert str(error) in found.logs


def test_the_last_lines_cut_and_redacted():
    pods = [r.pod("web-1", **CRASH)]
    lines = [f"line {number}" for number in range(50)] + ["DB_PASSWORD=hunter2", "x" * 5_000]
    found = diagnose(broken(pods), pods, [], Log("\n".join(lines)))
    shown = found.logs.splitlines()
    assert len(shown) == LINES
    assert shown[0] == "line 32"
    assert shown[-2] == "DB_PASSWORD=[redacted]"
    assert len(shown[-1]) == 500


def test_a_deadline_looks_at_the_container_that_is_not_ready():
    status = r.pod("x")["status"]["containerStatuses"][0] | {"ready": False}
    pods = [r.pod("web-1"), r.pod("web-2", containerStatuses=[status])]
    log = Log("waiting for the database")
    found = diagnose(broken(pods, "not finished within 600 s"), pods, [], log)
    cause = "not finished within 600 s; container app runs but is not ready"
    assert (found.cause, found.container, found.reason) == (cause, "app", None)
    assert (found.pods, found.logs) == (("web-2",), "waiting for the database")
    assert log.asked == [("web-2", "app", LINES, False)]


def test_pods_on_their_way_out_do_not_count():
    pods = [r.pod("web-1", **CRASH), r.pod("web-2", phase="Failed", reason="Evicted")]
    assert diagnose(broken(pods), pods, [], Log()).of == 1


def test_events_are_grouped_and_only_those_that_tell_something():
    pods = [r.pod("web-1", **CRASH)]
    events = [
        event("BackOff", "Back-off restarting failed container", count=3),
        event("BackOff", "Back-off restarting failed container", count=4),
        event("Failed", "Error: token=hunter2"),
        event("Pulled", "Image pulled", type_="Normal"),
        event("FailedMount", "long ago", at=r.WROTE - 100),
        {
            "type": "Warning",
            "reason": "New",
            "message": "by series",
            "eventTime": r.stamp(r.NOW),
            "series": {"count": 2},
        },
    ]
    found = diagnose(broken(pods), pods, events, Log(), since=r.WROTE)
    assert found.events == (
        "BackOff ×7: Back-off restarting failed container",  # noqa: RUF001
        "New ×2: by series",  # noqa: RUF001
        "Failed: Error: token=[redacted]",
    )


def test_without_any_fault_there_is_still_a_diagnosis():
    found = diagnose(broken([], "pods cannot be created: exceeded quota"), [], [], Log())
    assert (found.cause, found.container, found.pods, found.of) == (
        "pods cannot be created: exceeded quota",
        None,
        (),
        0,
    )
