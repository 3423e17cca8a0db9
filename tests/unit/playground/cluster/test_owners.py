"""Who owns which field: properties that hold for any object, updated or applied by anybody."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.cluster.kinds.configmap import KIND
from playground.cluster.patches import field_paths, managed
from playground.cluster.patches.apply import applied
from playground.cluster.request import Asking
from playground.cluster.status import StatusError

Json = dict[str, Any]
NOON, LATER = "2026-01-01T12:00:00Z", "2026-01-01T13:00:00Z"
STEPS = st.sampled_from(["f:a", "f:b", "f:.", 'k:{"name":"x"}', 'v:"y"'])
MAPS = st.dictionaries(st.sampled_from("abcd"), st.sampled_from("xyz"), max_size=4)


def _map(data: Json) -> Json:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "m"}, **({"data": data} if data else {})}


def _update(old: Json | None, data: Json, manager: str, now: str = NOON) -> Json:
    kept = {"managedFields": old["metadata"]["managedFields"]} if old and "managedFields" in old["metadata"] else {}
    new = {**_map(data), "metadata": {"name": "m", **kept}}
    return managed.track(KIND, old, new, Asking(manager=manager), now)


def _apply(live: Json | None, data: Json, manager: str, *, force: bool = False, now: str = NOON) -> Json:
    return applied(KIND, live, _map(data), Asking(manager=manager, applies=True, force=force), now)


def _owned(obj: Json, manager: str) -> set[str]:
    """The keys of ``data`` that the manager owns, by whatever operation."""
    claims = managed.read(obj["metadata"].get("managedFields")).items()
    paths = [path for who, claim in claims if who.manager == manager for path in claim.paths]
    return {path[1].removeprefix("f:") for path in paths if path[0] == "f:data" and len(path) == 2}


@given(st.frozensets(st.lists(STEPS, min_size=1, max_size=4).map(tuple)))
def test_sets_of_fields_survive_being_written(paths: field_paths.Paths):
    assert field_paths.decoded(field_paths.encoded(paths)) == paths


@given(MAPS, MAPS)
def test_an_update_owns_what_it_changed_and_nobody_else_does(first: Json, second: Json):
    old = _update(None, first, "ann")
    before = copy.deepcopy(old)
    new = _update(old, second, "bob")
    changed = {key for key in second if first.get(key) != second[key]}
    if _owned(old, "ann"):
        assert _owned(new, "bob") == changed
    assert _owned(new, "ann") == set(first) & set(second) - changed
    assert old == before


@given(MAPS)
def test_an_update_that_changes_nothing_touches_nothing(data: Json):
    old = _update(None, data, "ann")
    assert _update(old, data, "bob", LATER) == old


@given(MAPS, MAPS)
def test_applying_says_what_holds_and_again_changes_nothing(first: Json, second: Json):
    live = _apply(_update(None, first, "ann"), second, "bob", force=True)
    assert {key: live.get("data", {}).get(key) for key in second} == second
    assert _apply(live, second, "bob", now=LATER) == live


@given(MAPS, MAPS)
def test_fields_that_were_applied_and_given_up_go_but_not_those_of_others(first: Json, second: Json):
    live = _apply(_apply(None, first, "ann"), second, "bob", force=True)
    left = _apply(live, {}, "bob").get("data") or {}
    assert set(left) == set(first) - {key for key in second if first.get(key) not in {None, second[key]}}


@given(MAPS, MAPS)
def test_what_others_own_conflicts_unless_it_is_the_same(first: Json, second: Json):
    live = _update(None, first, "ann")
    disputed = {key for key in set(first) & set(second) if first[key] != second[key]}
    if not disputed:
        assert _owned(_apply(live, second, "bob"), "bob") == set(second)
        return
    with pytest.raises(StatusError) as refused:
        _apply(live, second, "bob")
    assert refused.value.code == 409
    causes = (refused.value.details or {})["causes"]
    assert {cause["field"] for cause in causes} == {f".data.{key}" for key in disputed}
