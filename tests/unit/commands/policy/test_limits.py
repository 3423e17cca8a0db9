"""Limits, one by one: what is allowed, what is refused and in which words, and what cannot be judged."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from commands.bounds import MAX, MIN, Bounds
from commands.config import Config
from commands.draft import Beside, Draft, Edit, Patch, Plan, Ref
from commands.errors import NotAllowed
from commands.policy import Circumstances, Objection, check_objections, objections, permit
from tests.unit.commands.policy.building import FRESH, NOW, SECTIONS, acting, config, membership, requested

REF = Ref("main", "prod", "Deployment", "web", "uid-1")
NOTHING = Circumstances()
IMAGE = "/spec/template/spec/containers/0/image"


def limited(**limits: Any) -> Config:
    environments = SECTIONS["environments"]
    return config(environments=environments | {"prod": environments["prod"] | {"limits": limits}})


def planned(edit: Edit, arguments: dict[str, Any], replicas: int | None = None) -> Plan:
    return Plan.of("deploy", Draft("", arguments, Patch(REF, (edit,)), "template", replicas=replicas), NOW)


def scaled(present: int, wanted: int, **arguments: Any) -> Plan:
    return planned(Edit("/spec/replicas", present, wanted), arguments or {"replicas": wanted}, present)


def bounded(said: dict[str, Any], present: int = 3) -> Plan:
    """Of an autoscaler that keeps 2 to 10."""
    wanted = {"min": 2, "max": 10} | said
    edits = (Edit(MIN, 2, wanted["min"]), Edit(MAX, 10, wanted["max"]))
    patch = Patch(REF, edits, beside=Beside("HorizontalPodAutoscaler", "web", "uid-2"))
    return Plan.of("scale", Draft("", said, patch, "template", replicas=present, bounds=Bounds(2, 10)), NOW)


def deployed(image: str) -> Plan:
    return planned(Edit(IMAGE, "registry.example/web:1", image), {"images": {"app": image}})


def found(rules: Config, plan: Plan, circumstances: Circumstances = NOTHING) -> list[Objection]:
    return list(objections(rules, requested(), plan, circumstances, NOW))


def refused(rules: Config, plan: Plan, circumstances: Circumstances = NOTHING) -> list[str]:
    return [objection.sentence for objection in found(rules, plan, circumstances)]


@pytest.mark.parametrize(
    ("limit", "present", "wanted", "allowed"),
    [
        ({"min": 2}, 3, 2, True),
        ({"min": 2}, 3, 1, False),
        ({"max": 9}, 3, 9, True),
        ({"max": 9}, 3, 10, False),
        ({}, 3, 0, True),
        ({"step": 3}, 4, 12, True),
        ({"step": 3}, 4, 13, False),
        ({"step": 3}, 12, 4, True),
        ({"step": 3}, 12, 3, False),
        ({"step": 3}, 10, 4, True),
        ({"step": 3}, 10, 3, False),
        ({"step": 3}, 3, 0, True),
        ({"step": 3}, 4, 0, False),
        ({"step": 3}, 0, 3, True),
        ({"step": 3}, 0, 4, False),
        ({"step": 3}, 1, 0, True),
    ],
)
def test_replicas_stay_between_and_go_in_steps(limit: Any, present: int, wanted: int, allowed: bool) -> None:
    assert (not refused(limited(replicas=limit), scaled(present, wanted))) is allowed


@pytest.mark.parametrize(
    ("limit", "said", "allowed"),
    [
        ({"max": 9}, {"max": 9}, True),
        ({"max": 9}, {"max": 10}, False),
        ({"max": 9}, {"min": 10, "max": 12}, False),
        ({"min": 2}, {"min": 2}, True),
        ({"min": 2}, {"min": 1}, False),
        ({"min": 2}, {"min": 1, "max": 1}, False),
        ({"max": 3}, {"min": 3}, True),  # the other bound is as it was, and nobody's doing here
        ({"step": 2}, {"min": 6}, True),
        ({"step": 2}, {"min": 7}, False),
        ({"step": 2}, {"max": 1, "min": 1}, False),
        ({"step": 2}, {"max": 8}, True),
    ],
)
def test_so_do_the_bounds_of_an_autoscaler(limit: Any, said: dict[str, Any], allowed: bool) -> None:
    assert (not refused(limited(replicas=limit), bounded(said))) is allowed


@pytest.mark.parametrize(("least", "allowed"), [(3, True), (4, False)])
def test_of_no_replicas_the_step_is_that_from_one(least: int, allowed: bool) -> None:
    """An autoscaler does nothing until somebody wakes it, and then takes it from there."""
    assert (not refused(limited(replicas={"step": 3}), bounded({"min": least}, present=0))) is allowed


def test_bounds_above_the_limit_are_refused_in_words_once() -> None:
    assert refused(limited(replicas={"max": 9}), bounded({"min": 12, "max": 12})) == [
        (
            "prod allows no more than 9 replicas (environments.prod.limits.replicas.max), and this would make it 12. "
            "Ask for 9 or fewer."
        )
    ]


@pytest.mark.parametrize("said", [{}, {"max": "9"}, {"replicas": 4}])
def test_bounds_that_are_not_told_are_refused(said: dict[str, Any]) -> None:
    assert refused(limited(replicas={"max": 9}), bounded(said)) == [
        (
            "I cannot tell how many replicas this would make, which environments.prod.limits.replicas limits, "
            "so the answer is no."
        )
    ]


def test_replicas_that_are_left_out_are_one() -> None:
    rules = limited(replicas={"step": 3})
    absent = Edit("/spec/replicas", None, 4)
    assert refused(rules, planned(absent, {"replicas": 4}, 1)) == [
        (
            "In prod one step takes 1 replica to 0 at least and to 3 at most (environments.prod.limits.replicas.step), "
            "and this would make it 4. Go there in several steps."
        )
    ]


def test_each_refusal_says_the_limit_and_its_place() -> None:
    rules = limited(replicas={"min": 2, "max": 9, "step": 2})
    place = "environments.prod.limits.replicas"
    assert refused(rules, scaled(4, 1)) == [
        f"prod allows no fewer than 2 replicas ({place}.min), and this would make it 1. Ask for 2 or more.",
        (
            f"In prod one step takes 4 replicas to 2 at least and to 8 at most ({place}.step), and this would make it 1. "
            "Go there in several steps."
        ),
    ]
    assert refused(rules, scaled(8, 10)) == [
        f"prod allows no more than 9 replicas ({place}.max), and this would make it 10. Ask for 9 or fewer."
    ]


@pytest.mark.parametrize(
    "plan",
    [
        scaled(3, 6, other=6),
        scaled(3, 6, replicas="+3"),
        planned(Edit("/spec", {"replicas": 3}, {"replicas": 6}), {}, 3),
        planned(Edit("", {}, {"spec": {}}), {}, 3),
    ],
)
def test_a_plan_that_does_not_tell_its_replicas_is_refused_where_there_is_a_limit(plan: Plan) -> None:
    assert refused(limited(replicas={"max": 100}), plan) == [
        "I cannot tell how many replicas this would make, which environments.prod.limits.replicas limits, so the answer is no."
    ]
    assert refused(limited(), plan) == []


def test_a_record_that_tells_other_replicas_than_were_promised_is_not_believed() -> None:
    forged = replace(scaled(3, 60), replicas=30)
    assert refused(limited(replicas={"step": 2}), forged) == [
        "I cannot tell how many replicas there are, which environments.prod.limits.replicas.step limits, so the answer is no."
    ]


@pytest.mark.parametrize(
    ("image", "allowed"),
    [
        ("registry.example/web:1.4.2", True),
        ("registry.example/team/web:1.4.2", True),
        ("registry.example.evil/web:1.4.2", False),
        ("registry.example:5000/web:1.4.2", False),
        ("web:1.4.2", False),
        ("other.example/registry.example/web:1.4.2", False),
        ("docker.io/team/web:1", True),
        ("team/web:1", True),
        ("docker.io/teams/web:1", False),
    ],
)
def test_images_come_from_the_registries_that_are_listed(image: str, allowed: bool) -> None:
    rules = limited(images={"registries": ("registry.example", "docker.io/team")})
    assert (not refused(rules, deployed(image))) is allowed


@pytest.mark.parametrize(
    ("image", "allowed"),
    [
        ("web:1.4.2", True),
        ("web:latest", False),
        ("web", False),
        ("registry.example:5000/web", False),
        ("web@sha256:" + "0" * 64, True),
        ("web:latest@sha256:" + "0" * 64, False),
        ("web:2-dev", False),
        ("web:2-dev.1", True),
    ],
)
def test_images_bear_no_tag_that_is_refused(image: str, allowed: bool) -> None:
    rules = limited(images={"refuse_tags": ("latest", "*-dev")})
    assert (not refused(rules, deployed(image))) is allowed


def test_a_refused_image_is_told_with_the_limit_and_its_place() -> None:
    rules = limited(images={"registries": ("registry.example",), "refuse_tags": ("rc*", "latest")})
    place = "environments.prod.limits.images"
    assert refused(rules, deployed("web")) == [
        (
            f"web comes from elsewhere than registry.example, whence prod takes images ({place}.registries). "
            "Push it there and deploy that."
        ),
        (
            f"prod takes no image whose tag is latest ({place}.refuse_tags[1]), such as web. "
            "Deploy a version that bears another."
        ),
    ]


TEMPLATE = Edit("/spec/template", {"a": 1}, {"a": 2})
INIT = Edit("/spec/template/spec/initContainers/0/image", "web:1", "web")


@pytest.mark.parametrize(
    "edit", [TEMPLATE, INIT, Edit("/spec/template/spec/containers/0", {}, {}), Edit("/spec", 1, 2)]
)
def test_a_plan_that_writes_images_and_does_not_tell_them_is_refused(edit: Edit) -> None:
    said = "I cannot tell which images this would bring in, which environments.prod.limits.images limits, so the answer is no."
    assert refused(limited(images={"refuse_tags": ("latest",)}), planned(edit, {})) == [said]
    assert refused(limited(), planned(edit, {})) == []


def test_a_plan_that_brings_in_no_image_is_judged_by_none() -> None:
    rules = limited(images={"registries": ("registry.example",), "refuse_tags": ("latest",)})
    assert refused(rules, planned(TEMPLATE, {"images": {}})) == []
    for path in ("/spec/replicas", "/spec/template/metadata/annotations/a", "/spec/template/spec/containers/0/env"):
        assert refused(rules, planned(Edit(path, 1, 2), {})) == []


HOUR = 3600


@pytest.mark.parametrize(
    ("before", "allowed"),
    [
        ((), True),
        ((NOW - 10,), True),
        ((NOW - 20, NOW - 10), False),
        ((NOW - HOUR, NOW - 10), True),
        ((NOW - HOUR + 1, NOW - 10), False),
    ],
)
def test_a_person_asks_for_so_many_within_an_hour(before: tuple[float, ...], allowed: bool) -> None:
    rules = limited(per_person_per_hour=2)
    assert (not refused(rules, deployed("web:1"), Circumstances(asked_before=before))) is allowed


def test_it_is_told_when_the_person_may_ask_again() -> None:
    before = Circumstances(asked_before=(NOW - 3000, NOW - 1000, NOW - 500))
    [objection] = found(limited(per_person_per_hour=2), deployed("web:1"), before)
    assert objection.sentence == (
        "<@U0DANA> has asked for 3 operations in prod within an hour, and environments.prod.limits.per_person_per_hour "
        "allows 2. Ask again after 14:30 UTC."
    )
    assert objection.until == NOW - 1000 + HOUR


def test_so_many_are_under_way_at_a_time() -> None:
    rules = limited(concurrent=2)
    assert refused(rules, deployed("web:1"), Circumstances(running_before=("op-aaaa",))) == []
    assert refused(rules, deployed("web:1"), Circumstances(running_before=("op-aaaa", "op-bbbb"))) == [
        (
            "op-aaaa and op-bbbb are under way in prod, and environments.prod.limits.concurrent allows 2 operations at a time. "
            "Ask again when one of them has ended."
        )
    ]
    assert refused(limited(concurrent=1), deployed("web:1"), Circumstances(running_before=("op-aaaa",))) == [
        (
            "op-aaaa is under way in prod, and environments.prod.limits.concurrent allows 1 operation at a time. "
            "Ask again when it has ended."
        )
    ]


@pytest.mark.parametrize(
    ("limit", "what"), [("per_person_per_hour", "what else was asked"), ("concurrent", "what else is under way")]
)
def test_what_was_not_read_cannot_be_judged(limit: str, what: str) -> None:
    [said] = refused(limited(**{limit: 1000}), deployed("web:1"))
    assert said.startswith(f"I cannot tell {what}")


def test_limits_hold_for_their_environment_alone() -> None:
    environments = SECTIONS["environments"]
    rules = config(environments=environments | {"staging": environments["staging"] | {"limits": {"concurrent": 1}}})
    assert refused(rules, deployed("web:1")) == []


def test_a_worker_is_given_no_permit_beyond_a_limit() -> None:
    operation, rules = acting("U0SAM", "U0ROBIN"), limited(concurrent=1)
    assert permit(rules, membership(), operation, {}, Circumstances(running_before=()), **FRESH)
    with pytest.raises(NotAllowed, match="op-aaaa is under way"):
        permit(rules, membership(), operation, {}, Circumstances(running_before=("op-aaaa",)), **FRESH)


def test_all_that_objects_is_told_at_once() -> None:
    with pytest.raises(NotAllowed) as told:
        check_objections(
            limited(replicas={"max": 2}, concurrent=1),
            requested(),
            scaled(3, 6),
            Circumstances(running_before=("op-a",)),
            NOW,
        )
    assert "no more than 2 replicas" in str(told.value)
    assert "op-a is under way" in str(told.value)
