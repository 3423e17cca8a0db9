"""One copy of each object, found by uid, name and owner, whatever the order in which it was told."""

from tests.unit.workers.kinds import rollouts as r
from workers.watcher.cache import Cache


def named(objects):
    return [obj["metadata"]["name"] for obj in objects]


def test_it_finds_by_uid_name_and_owner():
    cache = Cache()
    cache.replace([r.pod("web-2"), r.pod("web-1"), r.pod("other", owner="rs-old")])
    assert cache.by_uid("uid-web-1") is cache.by_name("web-1")
    assert named(cache.owned_by("rs-new")) == ["web-1", "web-2"]
    assert cache.by_name("nobody") is None
    assert cache.by_uid("nobody") is None
    assert cache.owned_by("nobody") == []


def test_managed_fields_are_not_kept():
    cache, pod = Cache(), r.pod("web-1")
    pod["metadata"]["managedFields"] = [{"manager": "kubelet"}]
    cache.put(pod)
    assert "managedFields" not in cache.by_name("web-1")["metadata"]


def test_a_late_word_of_the_old_one_does_not_drop_the_new_one_of_its_name():
    cache, old, new = Cache(), r.pod("db-0"), r.pod("db-0")
    new["metadata"]["uid"] = "another"
    cache.put(old)
    cache.put(new)
    cache.drop(old)
    assert cache.by_name("db-0")["metadata"]["uid"] == "another"
    assert len(cache) == 1


def test_an_adopted_pod_changes_its_owner():
    cache = Cache()
    cache.put(r.pod("web-1", owner="rs-old"))
    cache.put(r.pod("web-1", owner="rs-new"))
    assert cache.owned_by("rs-old") == []
    assert named(cache.owned_by("rs-new")) == ["web-1"]


def test_a_list_replaces_all_that_was_known():
    cache = Cache()
    cache.replace([r.pod("web-1"), r.pod("web-2")])
    cache.replace([r.pod("web-2"), r.pod("web-3")])
    assert named(cache.owned_by("rs-new")) == ["web-2", "web-3"]
    assert cache.by_name("web-1") is None


def test_a_dropped_object_leaves_nothing_behind():
    cache, pod = Cache(), r.pod("web-1")
    cache.put(pod)
    cache.drop(pod)
    cache.drop(pod)
    assert (len(cache), cache._names, cache._owned) == (0, {}, {})
