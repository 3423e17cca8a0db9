"""JSON patches: RFC 6902, the API server's liberties, and that nothing given is changed."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.cluster.patches.json_patch import json_patch
from playground.cluster.status import StatusError

Json = dict[str, Any]
DOCUMENT: Json = {"a": {"b": [1, 2, {"c": None}]}, "d/e": 1, "f~g": 2}
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("operation", "path", "value", "found"),
    [
        ("add", "/x", 1, {**DOCUMENT, "x": 1}),
        ("add", "/a/b/0", 0, {**DOCUMENT, "a": {"b": [0, 1, 2, {"c": None}]}}),
        ("add", "/a/b/-", 3, {**DOCUMENT, "a": {"b": [1, 2, {"c": None}, 3]}}),
        ("add", "/a/b/3", 3, {**DOCUMENT, "a": {"b": [1, 2, {"c": None}, 3]}}),
        ("replace", "/a/b/2/c", 3, {**DOCUMENT, "a": {"b": [1, 2, {"c": 3}]}}),
        ("replace", "/d~1e", 3, {**DOCUMENT, "d/e": 3}),
        ("replace", "/f~0g", 3, {**DOCUMENT, "f~g": 3}),
        ("replace", "/missing", 3, {**DOCUMENT, "missing": 3}),
        ("replace", "", {"new": True}, {"new": True}),
        ("test", "/a/b/-1", {"c": None}, DOCUMENT),
        ("test", "/missing", None, DOCUMENT),
        ("test", "", DOCUMENT, DOCUMENT),
    ],
)
def test_operations(operation: str, path: str, value: Any, found: Json):
    assert json_patch(DOCUMENT, [{"op": operation, "path": path, "value": value}]) == found


def test_copy_and_move_share_nothing():
    copied = json_patch(
        DOCUMENT, [{"op": "copy", "from": "/a/b", "path": "/x"}, {"op": "add", "path": "/x/0", "value": 0}]
    )
    assert copied["a"]["b"] == DOCUMENT["a"]["b"]
    moved = json_patch(DOCUMENT, [{"op": "move", "from": "/a/b/0", "path": "/a/b/-"}])
    assert moved["a"]["b"] == [2, {"c": None}, 1]


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "test", "path": "/d~1e", "value": True},
        {"op": "test", "path": "/d~1e", "value": 1.0},
        {"op": "test", "path": "/a/b/7", "value": None},
        {"op": "test", "path": "/missing/deep", "value": None},
        {"op": "remove", "path": "/missing"},
        {"op": "remove", "path": ""},
        {"op": "add", "path": "/a/b/4", "value": 1},
        {"op": "add", "path": "/a/b/x", "value": 1},
        {"op": "add", "path": "/d~1e/x", "value": 1},
        {"op": "move", "from": "/missing", "path": "/x"},
        {"op": "copy", "path": "/x"},
        {"op": "frob", "path": "/a"},
        {"op": "add"},
        {},
    ],
)
def test_whatever_fails_is_one_refusal_without_details(operation: Json):
    with pytest.raises(StatusError) as refused:
        json_patch(DOCUMENT, [{"op": "add", "path": "/x", "value": 1}, operation])
    error = refused.value
    assert (error.code, error.reason, error.details) == (422, "Invalid", {})
    assert error.message == "the server rejected our request due to an error in our request"


@given(VALUES, VALUES)
def test_a_value_put_in_can_be_tested_for_and_taken_out_again(document: Any, value: Any):
    whole = {"held": document}
    before = copy.deepcopy(whole)
    put = [{"op": "add", "path": "/x", "value": value}, {"op": "test", "path": "/x", "value": value}]
    assert json_patch(whole, put) == {"held": document, "x": value}
    assert json_patch(whole, [*put, {"op": "remove", "path": "/x"}]) == before
    assert whole == before
