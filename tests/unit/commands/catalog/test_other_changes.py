"""``scale``, ``rollback`` and ``restart``: what each writes, and what it warns of or refuses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from commands.canonical import digest_of
from commands.draft import Edit
from commands.errors import NotFound, NothingToChange, Unsuitable
from commands.live import Revision
from commands.operation import Written
from tests.unit.commands.catalog.operations import failed
from tests.unit.commands.cluster_objects import template, workload
from tests.unit.commands.live import FakeLive
from tests.unit.commands.saying import NOW, invocation, plan, planned

RESTARTED_AT = "kubectl.kubernetes.io/restartedAt"


class TestScale:
    @pytest.mark.parametrize(
        ("said", "edit", "summary"),
        [
            ("5", Edit("/spec/replicas", 3, 5), "web 3 → 5 replicas"),
            ("+2", Edit("/spec/replicas", 3, 5), "web 3 → 5 replicas"),
            ("-2", Edit("/spec/replicas", 3, 1), "web 3 → 1 replica"),
        ],
    )
    def test_one_edit_and_an_absolute_number(self, said: str, edit: Edit, summary: str) -> None:
        draft = planned(f"scale web {said} in prod", FakeLive([workload()]))
        assert (draft.patch.edits, draft.summary) == ((edit,), summary)
        assert draft.arguments == {"workload": "Deployment/web", "replicas": edit.new}

    def test_replicas_that_were_never_set_are_one(self) -> None:
        draft = planned("scale web +1 in prod", FakeLive([workload(replicas=None)]))
        assert draft.patch.edits == (Edit("/spec/replicas", None, 2),)

    def test_the_same_number_is_nothing_to_change(self) -> None:
        with pytest.raises(NothingToChange, match="web in prod already has 3 replicas"):
            planned("scale web 3 in prod", FakeLive([workload()]))

    def test_below_zero(self) -> None:
        with pytest.raises(
            Unsuitable, match=r"web has 3 replicas: -4 would take it below zero\. Say the number you want\."
        ):
            planned("scale web -4 in prod", FakeLive([workload()]))

    def test_beyond_all_measure(self) -> None:
        with pytest.raises(Unsuitable, match="above 10000"):
            planned("scale web +10000 in prod", FakeLive([workload()]))

    def test_a_daemon_set_has_no_replicas(self) -> None:
        with pytest.raises(Unsuitable, match="agent is a DaemonSet: it runs one pod on every node"):
            planned("scale agent 3 in prod", FakeLive([workload("agent", "DaemonSet")]))

    def test_an_autoscaler_owns_them(self) -> None:
        live = FakeLive(
            [workload()], scaler={"metadata": {"name": "web"}, "spec": {"minReplicas": 2, "maxReplicas": 9}}
        )
        (owner,) = planned("scale web 5 in prod", live).owners
        assert owner == (
            "replicas are owned by HPA web (2-9), which sets them again: say `scale web min=5 max=9 in prod` instead"
        )
        (owner,) = planned("scale web 12 in prod", live).owners
        assert owner.endswith("say `scale web min=12 max=12 in prod` instead")

    def test_an_autoscaler_does_nothing_while_there_are_none(self) -> None:
        live = FakeLive([workload()], scaler={"metadata": {"name": "web"}, "spec": {"maxReplicas": 9}})
        (owner,) = planned("scale web 0 in prod", live).owners
        assert owner == "HPA web does nothing while there are no replicas: it brings none back"

    def test_none_left_is_a_risk(self) -> None:
        assert planned("scale web 0 in prod", FakeLive([workload()])).risks == ("no replicas: nothing of it will run",)

    def test_that_it_is_paused_is_said_and_does_not_hinder_it(self) -> None:
        paused = workload()
        paused["spec"]["paused"] = True
        (risk,) = planned("scale web 5 in prod", FakeLive([paused])).risks
        assert risk.startswith("it is paused: its number of pods changes all the same")


def revision(number: int, image: str, *, current: bool = False, extra: dict[str, Any] | None = None) -> Revision:
    return Revision(number, {**template(image), **(extra or {})}, "2026-07-28T08:00:00Z", None, 0, current)


def three_revisions() -> list[Revision]:
    return [
        revision(14, "registry/web:1.4.1", current=True),
        revision(13, "registry/web:1.4.0", extra={"$patch": "replace"}),
        revision(12, "registry/web:1.3.9"),
    ]


def rollback(words: str = "", obj: dict[str, Any] | None = None, kept: list[Revision] | None = None) -> Any:
    return planned(
        f"rollback web in prod {words}", FakeLive([obj or workload()], three_revisions() if kept is None else kept)
    )


def undone(pods: dict[str, Any], **arguments: Any) -> Any:
    asked = invocation("rollback web in prod")
    back = replace(asked, arguments={**asked.arguments, "template": digest_of(pods), **arguments})
    return plan(back, FakeLive([workload()], three_revisions()))


class TestRollback:
    def test_the_one_before_by_default(self) -> None:
        draft = rollback()
        assert draft.patch.edits == (
            Edit("/spec/template", template("registry/web:1.4.1"), template("registry/web:1.4.0")),
        )
        images = {"app": "registry/web:1.4.0"}
        assert draft.arguments == {"workload": "Deployment/web", "revision": 13, "images": images}
        assert draft.summary == "web to revision 13"

    def test_one_that_is_known_to_have_broken_is_passed_over_and_only_gone_back_to_by_its_number(self) -> None:
        kept = three_revisions()
        written = Written(4, digest_of(template("registry/web:1.4.0")), None, NOW - 60)
        live = FakeLive([workload()], kept, records=[replace(failed(), written=written)])
        default, named = (plan(invocation(f"rollback web in prod{to}"), live) for to in ("", " to 13"))
        assert (default.arguments["revision"], default.risks) == (12, ())
        assert named.risks == ("revision 13 broke when it was rolled out last (ErrImagePull)",)
        live.kept = kept[:2]
        assert plan(invocation("rollback web in prod"), live).arguments["revision"] == 13

    def test_the_one_that_is_named(self) -> None:
        assert rollback("to 12").patch.edits[0].new == template("registry/web:1.3.9")

    def test_a_live_template_that_no_revision_has_yet_goes_back_to_the_newest(self) -> None:
        kept = [revision(13, "registry/web:1.4.0"), revision(12, "registry/web:1.3.9")]
        assert rollback(kept=kept).arguments["revision"] == 13

    def test_a_template_is_meant_before_a_number(self) -> None:
        """As a Roll back button asks: the number that it had is another's by now, or nobody's."""
        draft = undone(template("registry/web:1.3.9"), revision=13)
        assert draft.patch.edits[0].new == template("registry/web:1.3.9")
        assert draft.arguments["revision"] == 12

    def test_a_template_that_is_no_longer_kept(self) -> None:
        with pytest.raises(
            NotFound,
            match=r"What web ran before \(it was revision 11\) is no longer .* There are: 14 \(current\), 13, 12\. Nothing was changed; say `rollback`",
        ):
            undone(template("registry/web:1.3.8"), revision=11)
        with pytest.raises(NotFound, match=r"What web ran before is no longer among its revisions"):
            undone(template("registry/web:1.3.8"))

    def test_an_unknown_one_lists_what_there_is(self) -> None:
        with pytest.raises(NotFound, match=r"web has no revision 9\. There are: 14 \(current\), 13, 12\."):
            rollback("to 9")

    @pytest.mark.parametrize(
        ("kept", "known"), [([], "None are kept."), (three_revisions()[:1], r"There is: 14 \(current\).")]
    )
    def test_nothing_to_go_back_to(self, kept: list[Revision], known: str) -> None:
        with pytest.raises(NotFound, match=f"web has no revision to go back to. {known}"):
            rollback(kept=kept)

    def test_the_current_one_is_nothing_to_change(self) -> None:
        with pytest.raises(NothingToChange, match="web in prod already runs revision 14"):
            rollback("to 14")

    def test_one_that_equals_the_current_is_nothing_to_change(self) -> None:
        with pytest.raises(NothingToChange, match="already runs revision 13"):
            rollback(kept=[three_revisions()[0], revision(13, "registry/web:1.4.1")])

    def test_a_paused_deployment(self) -> None:
        with pytest.raises(Unsuitable, match="kubectl rollout resume"):
            rollback(obj=workload(paused=True))

    def test_risks(self) -> None:
        kept = [three_revisions()[0], revision(13, "registry/web")]
        assert rollback(kept=kept).risks == ("image tag is `latest`",)


class TestRestart:
    def test_kubectls_annotation_with_the_time_of_the_request(self) -> None:
        draft = planned("restart web in prod", FakeLive([workload()]))
        annotations = "/spec/template/metadata/annotations"
        assert draft.patch.edits == (Edit(annotations, None, {RESTARTED_AT: "2026-07-28T10:00:00Z"}),)
        assert draft.arguments == {"workload": "Deployment/web", "restarted_at": "2026-07-28T10:00:00Z"}
        assert draft.summary == "web"

    @pytest.mark.parametrize("before", [None, "2026-07-01T00:00:00Z"])
    def test_beside_the_annotations_that_are_there(self, before: str | None) -> None:
        with_annotations = template("registry/web:1.4.1")
        with_annotations["metadata"]["annotations"] = {"other": "kept", **({RESTARTED_AT: before} if before else {})}
        draft = planned("restart web in prod", FakeLive([workload(template=with_annotations)]))
        path = "/spec/template/metadata/annotations/kubectl.kubernetes.io~1restartedAt"
        assert draft.patch.edits == (Edit(path, before, "2026-07-28T10:00:00Z"),)

    def test_a_paused_deployment(self) -> None:
        with pytest.raises(Unsuitable, match="kubectl rollout resume"):
            planned("restart web in prod", FakeLive([workload(paused=True)]))

    def test_pods_that_nobody_replaces(self) -> None:
        live = FakeLive([workload("agent", "DaemonSet", updateStrategy={"type": "OnDelete"})])
        assert planned("restart agent in prod", live).risks == (
            "its strategy is OnDelete: a pod changes only when somebody deletes it",
        )
