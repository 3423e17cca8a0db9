"""``history``: what each revision was, whose, and how it ended; and the lines that its menus say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commands.canonical import digest_of
from commands.live import Revision
from commands.operation import Diagnosis, Ending, Operation, State, Written
from commands.report import Choice, Prose, Report, Table
from commands.running import Running
from tests.unit.commands.catalog.operations import failed
from tests.unit.commands.cluster_objects import Object, pod, running, template, workload
from tests.unit.commands.live import FakeLive
from tests.unit.commands.saying import NOW, reported, said

LINE = "history web in prod"
DIGEST = "sha256:" + "a1" * 32
OLD = Revision(12, template("registry/web:1.4.0", "envoy:1"), "2026-07-26T09:30:00Z", None, 0, current=False)
NEW = Revision(13, template("registry/web:1.4.1"), "2026-07-28T09:30:00Z", "deploy by U0SAM", 3, current=True)

BARE = Ending("not finished within 600 s", diagnosis=Diagnosis("not finished within 600 s"))
"""Broken by time alone."""


def rows(report: Report) -> tuple[tuple[str, ...], ...]:
    return next(part.rows for part in report.sections if isinstance(part, Table))


def choices(report: Report) -> list[Choice]:
    return [part for part in report.sections if isinstance(part, Choice)]


def wrote(revision: Revision, state: State = State.SUCCEEDED, sentence: str = "", *, at: float = NOW - 60) -> Operation:
    """op-9x9x, which wrote that revision's template."""
    written = Written(4, digest_of(revision.template), None, at)
    return replace(failed(), state=state, ending=Ending(sentence) if sentence else None, written=written)


def test_the_newest_first_and_which_is_current() -> None:
    report = reported(LINE, FakeLive([workload()], [NEW, OLD]))
    assert report.title == "web in prod: 2 revisions"
    assert rows(report) == (
        ("13", "registry/web:1.4.1", "30m", "deploy by U0SAM", "", "current"),
        ("12", "registry/web:1.4.0, envoy:1", "2d", "", "", ""),
    )


@pytest.mark.parametrize(
    ("cause", "shown"),
    [
        ("deploy web 1.4.1 (op-7k3f by U0SAM)", "deploy web 1.4.1 (op-7k3f by <@U0SAM>)"),
        ("kubectl apply by U0SAM", "kubectl apply by U0SAM"),
    ],
)
def test_who_caused_one_of_ours_is_a_mention_which_is_shown_as_a_name(cause: str, shown: str) -> None:
    assert rows(reported(LINE, FakeLive([workload()], [replace(NEW, cause=cause)])))[0][3] == shown


@pytest.mark.parametrize(
    ("state", "sentence", "ended"),
    [
        (State.SUCCEEDED, "All 3 pods are ready.", "succeeded"),
        (State.FAILED, "container app: exit code 1", "failed: container app: exit code 1"),
        (State.OBSERVING, "", "observing"),
    ],
)
def test_ours_by_whom_when_and_how_it_ended(state: State, sentence: str, ended: str) -> None:
    live = FakeLive([workload()], [NEW, OLD], records=[wrote(NEW, state, sentence)])
    assert rows(reported(LINE, live))[0][2:5] == ("60s", "<@U0DANA> (op-9x9x)", ended)


def test_the_stamp_of_a_later_operation_is_not_taken_for_its_author() -> None:
    """Controllers copy the workload's annotations over the newest revision's, also a scale's, and an old one keeps what it had."""
    live = FakeLive([workload()], [replace(NEW, stamp="op-9x9x"), replace(OLD, stamp="op-9x9x")], records=[wrote(OLD)])
    assert [row[3] for row in rows(reported(LINE, live))] == ["deploy by U0SAM", "<@U0DANA> (op-9x9x)"]


def test_what_somebody_else_changed_after_ours_is_not_told_to_be_ours() -> None:
    """Its controller copies the workload's change-cause over the new revision's."""
    copied = "deploy web 1.4.0 → 1.4.1 (op-9x9x by U0DANA)"
    obj = workload()
    obj["metadata"]["managedFields"] = [
        {"manager": "kubectl-edit", "time": "2026-07-28T09:30:00Z", "fieldsV1": {"f:spec": {"f:template": {}}}}
    ]
    kept = [
        replace(NEW, cause=copied),
        replace(OLD, cause=copied),
        replace(OLD, number=11, template=template("registry/web:1.3.0"), cause=copied),
    ]
    shown = rows(reported(LINE, FakeLive([obj], kept, records=[wrote(OLD)])))
    assert [row[3] for row in shown] == ["kubectl-edit", "<@U0DANA> (op-9x9x)", ""]


def test_an_operation_that_a_newer_version_wrote_costs_no_more_than_its_name() -> None:
    named = "deploy web 1.4.0 → 1.4.1 (op-2w2w by U0DANA)"
    kept = [replace(NEW, cause=named, stamp="op-2w2w"), replace(OLD, stamp="op-9x9x")]
    live = FakeLive([workload()], kept, records=[wrote(OLD)], newer_ids=("op-2w2w",))
    assert [row[3] for row in rows(reported(LINE, live))] == [
        "deploy web 1.4.0 → 1.4.1 (op-2w2w by <@U0DANA>)",
        "<@U0DANA> (op-9x9x)",
    ]


def test_of_several_that_wrote_the_same_the_latest() -> None:
    again = replace(wrote(NEW, State.FAILED, "broken", at=NOW - 5), id="op-2222")
    live = FakeLive([workload()], [NEW], records=[again, wrote(NEW)])
    assert rows(reported(LINE, live))[0][2:5] == ("5s", "<@U0DANA> (op-2222)", "failed: broken")


@pytest.mark.parametrize(
    ("state", "ended"),
    [(State.ROLLED_BACK, "ready again"), (State.ROLLBACK_FAILED, "rollback failed: not ready either")],
)
def test_what_went_back_by_itself_since_then_and_how_that_ended(state: State, ended: str) -> None:
    """Controllers keep one revision for one template: what ran before and again is on one line, under a new number."""
    back = replace(wrote(OLD, state, "not ready either", at=NOW - 40), id="op-2222")
    back = replace(back, undone=Written(5, digest_of(NEW.template), None, NOW - 20))
    live = FakeLive([workload()], [NEW, OLD], records=[back, wrote(NEW)])
    assert rows(reported(LINE, live))[0][2:5] == ("20s", "<@U0DANA> (op-2222), which went back by itself", ended)


def of_revision(name: str, hash: str, image: str) -> Object:
    made = pod(name, {**running(), "imageID": f"registry/web@{DIGEST}"})
    made["metadata"]["labels"] = {"controller-revision-hash": hash}
    made["spec"]["containers"][0]["image"] = image
    return made


def test_the_same_tag_with_another_digest_is_told_apart_while_its_pods_run() -> None:
    kept = [replace(NEW, marks=frozenset({"db-2"})), replace(OLD, template=NEW.template, marks=frozenset({"db-1"}))]
    pods = [of_revision("db-0", "db-2", "registry/web:1.4.1")]
    shown = [
        row[1] for row in rows(reported("history db in prod", FakeLive([workload("db", "StatefulSet")], kept, pods)))
    ]
    assert shown == ["registry/web:1.4.1 (sha256:a1a1a1a1a1a1…)", "registry/web:1.4.1"]


def test_and_when_they_are_gone_by_what_our_operation_found() -> None:
    ours = wrote(OLD, State.SUCCEEDED, "done")
    assert ours.ending
    found = Running("app", "registry/web:1.4.0", ((DIGEST, 3),))
    ours = replace(ours, ending=replace(ours.ending, running=(found,)))
    shown = rows(reported(LINE, FakeLive([workload()], [NEW, OLD], records=[ours])))
    assert [row[1] for row in shown] == ["registry/web:1.4.1", "registry/web:1.4.0 (sha256:a1a1a1a1a1a1…), envoy:1"]


def test_and_so_of_what_ran_again() -> None:
    back = wrote(OLD, State.ROLLED_BACK, "it went back")
    assert back.ending
    ending = replace(back.ending, running=(Running("app", "registry/web:1.4.1", ((DIGEST, 3),)),))
    back = replace(back, ending=ending, undone=Written(5, digest_of(NEW.template), None, NOW - 20))
    shown = rows(reported(LINE, FakeLive([workload()], [NEW, OLD], records=[back])))
    assert [row[1] for row in shown] == ["registry/web:1.4.1 (sha256:a1a1a1a1a1a1…)", "registry/web:1.4.0, envoy:1"]


def test_but_not_by_what_ran_again_after_it_went_back() -> None:
    """Of a restart, which broke because the tag meant another digest by then."""
    ours = wrote(OLD, State.ROLLED_BACK, "it went back")
    assert ours.ending
    found = Running("app", "registry/web:1.4.0", ((DIGEST, 3),))
    ours = replace(ours, ending=replace(ours.ending, running=(found,)))
    shown = rows(reported(LINE, FakeLive([workload()], [NEW, OLD], records=[ours])))
    assert shown[1][1] == "registry/web:1.4.0, envoy:1"


def test_pods_that_may_not_be_read_cost_a_line() -> None:
    report = reported(LINE, FakeLive([workload()], [NEW], forbidden={"pods"}))
    assert Prose("Pods: not known. quarterdeck may not list pods in namespace prod.") in report.sections
    assert len(rows(report)) == 1


def test_none_kept() -> None:
    assert reported(LINE, FakeLive([workload()])).title == "web in prod: no revisions"


class TestMenus:
    def test_say_what_one_would_type(self) -> None:
        compare, back = choices(reported(LINE, FakeLive([workload()], [NEW, OLD])))
        assert compare.options == (("Revision 12: 1.4.0, 1, 2d old", "diff rollback deployment/web in prod to 12"),)
        assert back.options == (("Revision 12: 1.4.0, 1, 2d old", "rollback deployment/web in prod to 12"),)
        assert not compare.confirm
        assert back.confirm.startswith("web in prod goes back by a new operation")

    def test_mark_what_broke(self) -> None:
        """The first thing said of it, for Slack cuts what is long."""
        back = replace(wrote(OLD, State.ROLLED_BACK, "It went back."), broken=failed().ending)
        assert self.told(back) == "Revision 12, broke (ErrImagePull): 1.4.0, 1, 2d old"
        assert self.told(replace(wrote(OLD), state=State.FAILED, ending=BARE)) == "Revision 12, broke: 1.4.0, 1, 2d old"

    def test_but_not_what_ran_or_is_not_known_to_have_broken(self) -> None:
        """Nor what was gone back to, and ran again."""
        again = replace(wrote(NEW, State.ROLLED_BACK, "It went back."), broken=failed().ending)
        again = replace(again, undone=Written(5, digest_of(OLD.template), None, NOW - 20))
        unseen = wrote(OLD, State.FAILED, "Whether it rolled out I can't see.")
        for record in (wrote(OLD, sentence="All 3 pods are ready."), again, unseen):
            assert self.told(record) == "Revision 12: 1.4.0, 1, 2d old"

    def told(self, record: Operation) -> str:
        """What both menus say of revision 12."""
        compare, back = choices(reported(LINE, FakeLive([workload()], [NEW, OLD], records=[record])))
        assert compare.options[0][0] == back.options[0][0]
        return back.options[0][0]

    def test_and_it_is_understood(self) -> None:
        compare, back = choices(reported(LINE, FakeLive([workload()], [NEW, OLD])))
        asked = said(back.options[0][1])
        assert (asked.verb, asked.arguments, asked.environment) == (
            "rollback", {"workload": "Deployment/web", "revision": 12}, "prod",
        )  # fmt: skip
        assert said(compare.options[0][1]).arguments["arguments"] == asked.arguments

    def test_not_where_there_is_nothing_to_go_back_to(self) -> None:
        assert choices(reported(LINE, FakeLive([workload()], [NEW]))) == []

    def test_of_many_the_newest(self) -> None:
        kept = [NEW, *(replace(OLD, number=number) for number in range(12, 0, -1))]
        assert [len(each.options) for each in choices(reported(LINE, FakeLive([workload()], kept)))] == [10, 10]
