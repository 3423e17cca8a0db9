"""What becomes of objects whose owner goes."""

from __future__ import annotations

from typing import Any

import pytest

from playground.cluster.controllers.garbage_collector import GarbageCollector
from tests.unit.playground.cluster.in_process import InProcess

Json = dict[str, Any]


@pytest.fixture
def cluster() -> InProcess:
    return InProcess(GarbageCollector())


def reference(owner: Json, *, blocks: bool = True) -> Json:
    kind, meta = owner["kind"], owner["metadata"]
    return {"apiVersion": "v1", "kind": kind, "name": meta["name"], "uid": meta["uid"], "blockOwnerDeletion": blocks}


def config_map(name: str, *owners: Json, **meta: Any) -> Json:
    owned = {"ownerReferences": list(owners)} if owners else {}
    return {"kind": "ConfigMap", "metadata": {"name": name, **owned, **meta}}


def names(cluster: InProcess) -> list[str]:
    return [obj["metadata"]["name"] for obj in cluster.list("ConfigMap")]


def test_in_the_background_all_that_is_owned_follows(cluster: InProcess):
    top = cluster.create(config_map("top"))
    middle = cluster.create(config_map("middle", reference(top)))
    cluster.create(config_map("bottom", reference(middle)))
    cluster.create(config_map("other"))
    assert cluster.delete("ConfigMap", "top") is True
    assert names(cluster) == ["other"]


def test_in_the_foreground_the_owner_goes_last(cluster: InProcess):
    top = cluster.create(config_map("top"))
    middle = cluster.create(config_map("middle", reference(top)))
    cluster.create(config_map("bottom", reference(middle), finalizers=["example.com/held"]))
    assert cluster.delete("ConfigMap", "top", "Foreground") is False
    assert names(cluster) == ["bottom", "middle", "top"]
    assert cluster.get("ConfigMap", "top")["metadata"]["finalizers"] == ["foregroundDeletion"]
    assert cluster.get("ConfigMap", "middle")["metadata"]["finalizers"] == ["foregroundDeletion"]
    cluster.change("ConfigMap", "bottom", metadata={"finalizers": []})
    assert not names(cluster)


def test_who_does_not_block_is_not_waited_for(cluster: InProcess):
    top = cluster.create(config_map("top"))
    cluster.create(config_map("slow", reference(top, blocks=False), finalizers=["example.com/held"]))
    cluster.delete("ConfigMap", "top", "Foreground")
    assert names(cluster) == ["slow"]
    assert "deletionTimestamp" in cluster.get("ConfigMap", "slow")["metadata"]


def test_orphans_stay_and_forget_their_owner(cluster: InProcess):
    top = cluster.create(config_map("top"))
    cluster.create(config_map("middle", reference(top)))
    cluster.delete("ConfigMap", "top", "Orphan")
    assert names(cluster) == ["middle"]
    assert "ownerReferences" not in cluster.get("ConfigMap", "middle")["metadata"]


@pytest.mark.parametrize("propagation", ["Background", "Foreground"])
def test_with_another_owner_left_it_stays(cluster: InProcess, propagation: str):
    one, two = (cluster.create(config_map(name)) for name in ("one", "two"))
    cluster.create(config_map("shared", reference(one), reference(two)))
    cluster.delete("ConfigMap", "one", propagation)
    assert names(cluster) == ["shared", "two"]
    if propagation == "Foreground":
        assert cluster.get("ConfigMap", "shared")["metadata"]["ownerReferences"] == [reference(two)]
    cluster.delete("ConfigMap", "two", propagation)
    assert not names(cluster)


def test_born_to_an_owner_that_is_not_there_it_goes(cluster: InProcess):
    gone = {"apiVersion": "v1", "kind": "ConfigMap", "name": "gone", "uid": "11111111-0000-0000-0000-000000000000"}
    cluster.create(config_map("lost", gone))
    assert not names(cluster)


def test_an_owner_of_the_same_name_is_not_the_same(cluster: InProcess):
    top = cluster.create(config_map("top"))
    cluster.delete("ConfigMap", "top")
    cluster.create(config_map("top"))
    cluster.create(config_map("lost", reference(top)))
    assert names(cluster) == ["top"]


def test_of_kinds_that_it_does_not_know_it_says_nothing(cluster: InProcess):
    owner = {
        "apiVersion": "example.com/v1",
        "kind": "Widget",
        "name": "w",
        "uid": "22222222-0000-0000-0000-000000000000",
    }
    cluster.create(config_map("kept", owner))
    assert names(cluster) == ["kept"]
