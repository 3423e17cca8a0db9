"""What an approval is bound to: everything a plan promises, and nothing that moves by itself. And what a plan cannot hold."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec
import pytest

from commands import canonical
from commands.draft import Draft, Edit, Guard, Patch, Plan, Promise, Ref, hash_of
from commands.invocation import Invocation
from commands.operation import Operation
from commands.progress import Progress
from commands.store import Question

REF = Ref("main", "prod", "Deployment", "web", "uid-1")
DRAFT = Draft(
    "web 1 → 2", {"replicas": 5}, Patch(REF, (Edit("/spec/replicas", 3, 5),), (Guard("/a", "b"),)), "t1", ("a risk",)
)


def digest(draft: Draft, verb: str = "scale") -> str:
    return Promise.of(verb, draft).digest


@pytest.mark.parametrize(
    "other",
    [
        replace(DRAFT, arguments={"replicas": 6}),
        replace(DRAFT, template="t2"),
        replace(DRAFT, patch=replace(DRAFT.patch, edits=(Edit("/spec/replicas", 4, 5),))),
        replace(DRAFT, patch=replace(DRAFT.patch, edits=(Edit("/spec/replicas", 3, 6),))),
        replace(DRAFT, patch=replace(DRAFT.patch, edits=(Edit("/spec/minReadySeconds", 3, 5),))),
        replace(DRAFT, patch=replace(DRAFT.patch, edits=(Edit("/spec/replicas", None, 5),))),
        replace(DRAFT, patch=replace(DRAFT.patch, guards=())),
        replace(DRAFT, patch=replace(DRAFT.patch, ref=replace(REF, uid="uid-2"))),
        replace(DRAFT, patch=replace(DRAFT.patch, ref=replace(REF, cluster="other"))),
    ],
    ids=["arguments", "template", "old value", "new value", "path", "absent", "guards", "uid", "cluster"],
)
def test_what_is_promised_changes_the_digest(other: Draft):
    assert digest(DRAFT) != digest(other)


def test_one_letter_of_one_password_in_a_whole_template_changes_it():
    def rollback(password: str) -> Draft:
        new = {"spec": {"containers": [{"name": "app", "env": [{"name": "DB_PASSWORD", "value": password}]}]}}
        return replace(DRAFT, patch=replace(DRAFT.patch, edits=(Edit("/spec/template", {}, new),)))

    assert digest(rollback("hunter2")) != digest(rollback("hunter3"))


def test_the_verb_counts_and_what_moves_by_itself_does_not():
    assert digest(DRAFT) != digest(DRAFT, "deploy")
    moved = replace(DRAFT, risks=("another",), summary="said otherwise", replicas=7, revision=9)
    assert digest(DRAFT) == digest(moved)


@dataclasses.dataclass(frozen=True)
class Later(Promise):
    """As a later version may have it."""

    pace: int | None = None
    steps: tuple[str, ...] = ()


def test_a_field_that_a_later_version_adds_counts_only_where_it_says_something():
    now = Promise.of("scale", DRAFT)
    held = {field.name: getattr(now, field.name) for field in dataclasses.fields(now)}
    assert Later(**held).digest == now.digest
    assert (
        len(
            {now.digest, Later(**held, pace=1).digest, Later(**held, pace=0).digest, Later(**held, steps=("a",)).digest}
        )
        == 4
    )


def test_a_plan_survives_its_json():
    plan = Plan.of("scale", DRAFT, 1.0, warnings=["deprecated"])
    assert canonical.load(canonical.dump(plan), Plan) == plan
    assert plan.digest == plan.promise.digest
    assert canonical.dump({"b": 1, "a": 2}) == b'{"a":2,"b":1}'


def test_a_plan_holds_hashes_where_the_draft_holds_values():
    [write] = Plan.of("scale", DRAFT, 1.0).promise.writes
    assert (write.path, write.old, write.new) == ("/spec/replicas", hash_of(3), hash_of(5))
    assert hash_of(None) is None


@pytest.mark.parametrize("value", ["hunter2", {"spec": {}}, ["hunter2"], 3])
def test_a_record_with_a_value_in_a_hashs_place_cannot_be_read(value: Any):
    record = msgspec.json.decode(canonical.dump(Plan.of("scale", DRAFT, 1.0)))
    record["promise"]["writes"][0]["new"] = value
    with pytest.raises(msgspec.ValidationError):
        canonical.load(canonical.dump(record), Plan)


@pytest.mark.parametrize("stored", [Operation, Question, Progress])
def test_no_type_that_is_stored_has_room_for_a_template(stored: type):
    """Neither a draft nor a field that takes any JSON, except the words that somebody said."""
    fields = set(reachable(stored))
    assert not {Draft, Patch, Edit} & {type_ for _, _, type_ in fields}
    assert [(owner, name) for owner, name, type_ in fields if type_ is Any] in ([], [(Invocation, "arguments")])


def reachable(type_: type, seen: tuple[Any, ...] = ()) -> Iterator[tuple[type, str, Any]]:
    """Owner, field and type of everything that a record of this type may hold."""
    if type_ in seen:
        return
    for name, hint in get_type_hints(type_, include_extras=True).items():
        for part in parts(hint):
            yield type_, name, part
            if dataclasses.is_dataclass(part) or (isinstance(part, type) and issubclass(part, msgspec.Struct)):
                yield from reachable(part, (*seen, type_))


def parts(hint: Any) -> Iterator[Any]:
    """``X`` and ``Y`` of ``tuple[X, ...] | dict[str, Y] | None``."""
    if get_origin(hint) is Annotated:
        hint = get_args(hint)[0]
    arguments = get_args(hint)
    if not arguments or isinstance(hint, types.EllipsisType):
        yield hint
    for argument in arguments:
        yield from parts(argument)
