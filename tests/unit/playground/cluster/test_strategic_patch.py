"""Strategic merge patches: what kubectl sends. The rest is compared with the real server in tests/contract."""

from __future__ import annotations

import copy
import itertools
from typing import Any

import pytest

from playground.cluster.api_types import Field
from playground.cluster.patches.strategic import strategic_merge_patch
from playground.cluster.status import StatusError

Json = dict[str, Any]
PODS = Field("core.v1.PodSpec")


def _named(*names: str) -> list[Json]:
    return [{"name": name, "image": f"{name}:1"} for name in names]


def _names(spec: Json) -> list[str]:
    return [container["name"] for container in spec["containers"]]


def test_setting_an_image_leaves_the_rest_of_all_containers():
    live = {"containers": _named("app", "side"), "nodeSelector": {"a": "b"}}
    before = copy.deepcopy(live)
    patch = {
        "$setElementOrder/containers": [{"name": "app"}, {"name": "side"}],
        "containers": [{"name": "app", "image": "new"}],
    }
    patched = strategic_merge_patch(live, patch, PODS)
    assert patched == {**before, "containers": [{"name": "app", "image": "new"}, before["containers"][1]]}
    assert live == before


@pytest.mark.parametrize("order", list(itertools.permutations(["a", "b", "c"])))
def test_the_order_that_is_asked_for_is_given(order: tuple[str, ...]):
    patch = {"$setElementOrder/containers": [{"name": name} for name in order]}
    assert _names(strategic_merge_patch({"containers": _named("a", "b", "c")}, patch, PODS)) == list(order)


def test_what_the_patch_does_not_name_keeps_its_place():
    patch = {"$setElementOrder/containers": [{"name": "c"}, {"name": "a"}], "containers": _named("c")}
    assert _names(strategic_merge_patch({"containers": _named("a", "server")}, patch, PODS)) == ["c", "a", "server"]


def test_items_are_deleted_and_lists_replaced_by_directive():
    live = {"containers": _named("a", "b")}
    deleted = strategic_merge_patch(live, {"containers": [{"name": "a", "$patch": "delete"}]}, PODS)
    assert _names(deleted) == ["b"]
    replaced = strategic_merge_patch(live, {"containers": [{"$patch": "replace"}, *_named("c")]}, PODS)
    assert _names(replaced) == ["c"]


def test_plain_lists_are_merged_or_replaced_as_their_type_says():
    meta = Field("meta.v1.ObjectMeta")
    assert strategic_merge_patch({"finalizers": ["a"]}, {"finalizers": ["b", "a"]}, meta) == {"finalizers": ["b", "a"]}
    assert strategic_merge_patch({"finalizers": ["a", "b"]}, {"$deleteFromPrimitiveList/finalizers": ["a"]}, meta) == {
        "finalizers": ["b"]
    }
    container = Field("core.v1.Container")
    assert strategic_merge_patch({"args": ["a", "b"]}, {"args": ["c"]}, container) == {"args": ["c"]}


def test_a_volume_is_one_thing_only():
    patch = {"volumes": [{"name": "v", "$retainKeys": ["name", "secret"], "secret": {"secretName": "s"}}]}
    live = {"volumes": [{"name": "v", "emptyDir": {}}]}
    assert strategic_merge_patch(live, patch, PODS)["volumes"] == [{"name": "v", "secret": {"secretName": "s"}}]


def test_an_item_without_its_key_is_refused():
    with pytest.raises(StatusError, match=r"map: map\[image:x\] does not contain declared merge key: name"):
        strategic_merge_patch({"containers": _named("a")}, {"containers": [{"image": "x"}]}, PODS)
