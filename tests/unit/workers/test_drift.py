"""Drift as people read it: what a plan was made on and no longer holds. Pure."""

from typing import Any

from commands.canonical import digest_of
from commands.draft import Draft, Edit, FieldChange, Guard, Patch, Plan, Ref
from tests.unit.workers.test_diff import env, workload
from workers.diff import changes
from workers.drift import MOST, drift


def plan_of(live: dict[str, Any], *edits: Edit, after: dict[str, Any] | None = None) -> Plan:
    """``after``: what the dry run said it would become."""
    ref = Ref("main", "shop", "Deployment", "web", live["metadata"]["uid"])
    guards = (Guard("/spec/template/spec/containers/0/name", "app"),)
    draft = Draft("web", {}, Patch(ref, edits, guards), digest_of(live["spec"]["template"]))
    return Plan.of("deploy", draft, 1.0, diff=changes(live, after or live))


IMAGE = Edit("/spec/template/spec/containers/0/image", "r/web:1", "r/web:2")
DEPLOY = plan_of(workload(), IMAGE, after=workload(image="r/web:2"))
CHANGED = FieldChange("the pod template", "as it was planned", "changed since")


def test_no_drift_while_only_other_things_move():
    live = workload()
    live["metadata"] |= {"resourceVersion": "99", "generation": 9, "annotations": {"other": "note"}}
    live["spec"]["replicas"] = 5
    assert drift(DEPLOY, live) == ()


def test_an_old_value_that_moved():
    assert drift(DEPLOY, workload(image="r/web:9")) == (FieldChange("containers[app].image", "r/web:1", "r/web:9"),)


def test_a_template_that_moved_elsewhere():
    assert drift(DEPLOY, workload(command=["x"])) == (CHANGED,)


def test_a_field_that_came_and_one_that_went():
    added = Edit("/spec/template/spec/containers/0/command", None, ["run"])
    plan = plan_of(workload(), added, after=workload(command=["run"]))
    assert drift(plan, workload()) == ()
    assert drift(plan, workload(command=["x"])) == (FieldChange("containers[app].command", None, '["x"]'),)
    live = workload()
    live["metadata"]["annotations"] = {}
    plan = plan_of(workload(), Edit("/metadata/annotations/a", "b", None), after=live)
    assert drift(plan, live) == (FieldChange("metadata.annotations.a", "b", None),)


def test_what_the_diff_left_out_as_a_default_drifts_by_its_name():
    went = Edit("/spec/template/spec/dnsPolicy", "ClusterFirst", None)
    live = workload()
    live["spec"]["paused"] = True
    assert drift(plan_of(workload(), went, Edit("/spec/paused", None, False)), live) == (
        FieldChange("spec.paused", "as it was planned", "changed since"),
    )


def whole_template(**container: Any) -> Plan:
    """A rollback of ``env(TOKEN, old)`` and an image to what is said."""
    before, after = workload(**env("TOKEN", "old")), workload(**container)
    return plan_of(before, Edit("/spec/template", before["spec"]["template"], after["spec"]["template"]), after=after)


def test_a_whole_template_drifts_by_the_lines_that_were_shown_of_it():
    plan = whole_template(image="r/web:0", **env("TOKEN", "older"))
    assert drift(plan, workload(**env("TOKEN", "old"))) == ()
    assert drift(plan, workload(image="r/web:9", **env("TOKEN", "old"))) == (
        FieldChange("containers[app].image", "r/web:1", "r/web:9"),
    )


def test_a_secret_that_drifts_is_seen_to_drift_and_not_shown():
    """Its mask is the same word as before, and no hash of it alone is kept: a short one would be guessed."""
    assert drift(whole_template(image="r/web:0", **env("TOKEN", "older")), workload(**env("TOKEN", "new"))) == (
        CHANGED,
    )


def test_a_secret_that_is_gone_is_seen_to_be_gone():
    plan = whole_template(image="r/web:0", **env("TOKEN", "older"))
    assert drift(plan, workload()) == (FieldChange("containers[app].env[TOKEN].value", "(secret 1)", None),)


def test_another_object_of_that_name():
    live = workload()
    live["metadata"]["uid"] = "u2"
    assert drift(DEPLOY, live)[0].new == "another Deployment of that name"


# ------------------------------------------------------------------ the template it was made on is known


def since(plan: Plan, live: dict[str, Any], **container: Any) -> list[tuple[str, str | None, str | None]]:
    """As drift is told where a revision still keeps the template as it was planned on."""
    planned = workload(**container)["spec"]["template"]
    return [(line.path, line.old, line.new) for line in drift(plan, live, planned)]


def test_what_the_plan_does_not_write_is_told_line_by_line():
    assert since(DEPLOY, workload(**env("LOG_LEVEL", "debug"))) == [
        ("containers[app].env[LOG_LEVEL].value", None, "debug")
    ]


def test_beside_what_it_writes():
    assert since(DEPLOY, workload(image="r/web:9", command=["x"])) == [
        ("containers[app].image", "r/web:1", "r/web:9"),
        ("containers[app].command", None, '["x"]'),
    ]


def test_a_password_that_drifts_is_masked_and_seen_to_drift():
    plan = whole_template(image="r/web:0", **env("TOKEN", "older"))
    assert since(plan, workload(**env("TOKEN", "new")), **env("TOKEN", "old")) == [
        ("containers[app].env[TOKEN].value", "(secret 1)", "(secret 2)")
    ]


def test_what_holds_is_no_drift_whatever_is_known():
    live = workload()
    live["spec"]["replicas"] = 9
    assert since(DEPLOY, live) == []


def test_what_moved_in_no_way_that_is_shown_is_told_as_a_whole():
    """The order of a container's variables is in the digest, and no line of a diff."""
    both = [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]
    assert drift(plan_of(workload(env=both)), workload(env=both[::-1]), workload(env=both)["spec"]["template"]) == (
        CHANGED,
    )


def test_so_many_lines_and_how_many_more():
    many = [{"name": f"N{number:02}", "value": "x"} for number in range(MOST + 3)]
    told = since(DEPLOY, workload(env=many))
    assert told[MOST - 1][0] == f"containers[app].env[N{MOST - 1:02}].value"
    assert told[MOST:] == [("and 3 more", "as it was planned", "changed since")]
    assert len(since(DEPLOY, workload(env=many[:MOST]))) == MOST
