"""Diffs and drift as people read them. Pure."""

from typing import Any

import pytest

from commands.canonical import digest_of
from commands.draft import Draft, Edit, FieldChange, Guard, Patch, Plan, Ref
from workers.diff import LONGEST, changes, drift
from workers.paths import ABSENT, at, named_path, pointer, shown


def workload(**container: Any) -> dict[str, Any]:
    app = {"name": "app", "image": "r/web:1", "terminationMessagePath": "/dev/termination-log", **container}
    template = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [app], "dnsPolicy": "ClusterFirst"}}
    return {
        "kind": "Deployment",
        "metadata": {"name": "web", "uid": "u1", "resourceVersion": "7", "generation": 3, "annotations": {"a": "b"}},
        "spec": {"replicas": 3, "template": template},
        "status": {"replicas": 3},
    }


def env(name: str, value: str) -> dict[str, Any]:
    return {"env": [{"name": name, "value": value}]}


def lines(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str | None, str | None]]:
    return [(change.path, change.old, change.new) for change in changes(before, after)]


def test_nothing_differs():
    assert lines(workload(), workload()) == []


def test_a_field_of_a_named_item():
    assert lines(workload(), workload(image="r/web:2")) == [("containers[app].image", "r/web:1", "r/web:2")]


def test_items_that_only_changed_places_are_the_same():
    both = [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]
    assert lines(workload(env=both), workload(env=both[::-1])) == []


def test_a_list_of_plain_values_is_one_value():
    assert lines(workload(args=["a", "b"]), workload(args=["x", "a", "b"])) == [
        ("containers[app].args", '["a","b"]', '["x","a","b"]')
    ]


def test_what_the_server_owns_is_left_out():
    after = workload()
    after["metadata"] |= {"resourceVersion": "8", "generation": 4, "managedFields": [{"manager": "x"}]}
    after["metadata"]["annotations"] = {
        "a": "b",
        "quarterdeck/operation": "op-1",
        "kubernetes.io/change-cause": "x",
        "deployment.kubernetes.io/revision": "2",
    }
    after["status"] = {"replicas": 0}
    assert lines(workload(), after) == []


def test_an_annotation_of_somebody_elses_stays():
    after = workload()
    after["metadata"]["annotations"] = {"a": "c", "example.com/x": "y"}
    assert lines(workload(), after) == [
        ("metadata.annotations.a", "b", "c"),
        ("metadata.annotations[example.com/x]", None, "y"),
    ]


def test_a_default_is_news_only_where_it_replaces_something():
    before = workload(imagePullPolicy="Always")
    assert lines(before, workload(imagePullPolicy="IfNotPresent")) == [
        ("containers[app].imagePullPolicy", "Always", "IfNotPresent")
    ]
    assert lines(workload(), workload(imagePullPolicy="IfNotPresent")) == []


def test_a_long_value_is_cut():
    [(_, _, new)] = lines(workload(), workload(image="x" * 1000))
    assert new is not None
    assert len(new) == LONGEST
    assert new.endswith("…")


@pytest.mark.parametrize(
    "name", ["DB_PASSWORD", "API_TOKEN", "SIGNING_KEY", "clientSecret", "AWS_ACCESS_KEY_ID", "PGPASS"]
)
def test_a_secret_looking_variable_is_masked_and_seen_to_change(name: str):
    assert lines(workload(**env(name, "hunter2")), workload(**env(name, "hunter3"))) == [
        (f"containers[app].env[{name}].value", "(secret 1)", "(secret 2)")
    ]


@pytest.mark.parametrize("name", ["MODE", "MONKEY", "KEYBOARD_LAYOUT", "COMPASS_URL"])
def test_other_variables_are_shown(name: str):
    assert lines(workload(**env(name, "one")), workload(**env(name, "two")))[0][1:] == ("one", "two")


def test_equal_secrets_are_recognisable_as_equal():
    before = workload(env=[{"name": "A_TOKEN", "value": "x"}, {"name": "B_TOKEN", "value": "y"}])
    after = workload(env=[{"name": "A_TOKEN", "value": "y"}, {"name": "B_TOKEN", "value": "z"}])
    assert [line[1:] for line in lines(before, after)] == [("(secret 1)", "(secret 2)"), ("(secret 2)", "(secret 3)")]


def test_a_secrets_data_shows_only_which_keys_changed():
    before = {"kind": "Secret", "data": {"user": "YQ==", "same": "Yg=="}, "stringData": {"x": "plain"}}
    after = {"kind": "Secret", "data": {"user": "Yw==", "same": "Yg=="}, "stringData": {"x": "other"}}
    assert lines(before, after) == [
        ("data.user", "(secret 1)", "(secret 2)"),
        ("stringData.x", "(secret 3)", "(secret 4)"),
    ]


def test_the_last_applied_annotation_is_masked_whole():
    after = workload()
    after["metadata"]["annotations"]["kubectl.kubernetes.io/last-applied-configuration"] = '{"data":{"x":"hunter2"}}'
    [(path, old, new)] = lines(workload(), after)
    assert (old, new) == (None, "(secret 1)")
    assert "last-applied" in path


def test_an_image_is_shown_whatever_it_is_called():
    [(_, old, new)] = lines(workload(image="r/auth-token:1"), workload(image="r/auth-token:2"))
    assert (old, new) == ("r/auth-token:1", "r/auth-token:2")


def test_a_password_inside_another_value_is_masked():
    after = workload(args=["--url=postgres://app:hunter2@db/app", "--password=hunter2"])
    [(_, _, new)] = lines(workload(), after)
    assert "hunter2" not in (new or "")


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


def test_pointers():
    assert pointer("metadata", "annotations", "a/b~c") == "/metadata/annotations/a~1b~0c"
    assert at({"a/b~c": [1, {"x": 2}]}, "/a~1b~0c/1/x") == 2
    for nowhere in ("/a/0", "/b", "/a~1b~0c/9", "/a~1b~0c/x", "/a~1b~0c/1/x/y"):
        assert at({"a/b~c": [1, {"x": 2}]}, nowhere) is ABSENT
    assert shown(named_path(workload(), "/spec/template/spec/containers/0/image")) == "containers[app].image"
    assert shown(named_path(workload(), "/spec/template/spec/containers/7/image")) == "containers[7].image"
    assert at({"a": None}, "/a") is None
