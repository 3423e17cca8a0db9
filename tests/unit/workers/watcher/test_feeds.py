"""Those feeds run that are needed, each once, and for a while longer than they are."""

from collections.abc import Iterator

import pytest

from commands.draft import Ref
from tests.unit.workers.kinds import rollouts as r
from tests.unit.workers.watcher.scripted import ScriptedCluster, eventually, unreachable
from workers.watcher.feed import FeedKey
from workers.watcher.feeds import Feeds, feeds_for
from workers.watcher.sight import Blind, Sight, look
from workers.watcher.wake import Namespace, Owned, Target, Wake

WEB = Ref("main", "prod", "Deployment", "web", "d1")
POD = FeedKey("main", "prod", "Pod")


@pytest.fixture
def wake() -> Wake:
    return Wake()


@pytest.fixture
def feeds(cluster: ScriptedCluster, wake: Wake) -> Iterator[Feeds]:
    feeds = Feeds(lambda _: cluster, wake, grace=0.0)
    yield feeds
    feeds.close()


def kinds(keys):
    return sorted(key.kind for key in keys)


def test_what_is_read_of_each_kind():
    assert kinds(feeds_for(WEB, whole=True)) == ["Deployment", "Event", "Pod", "ReplicaSet"]
    assert kinds(feeds_for(WEB, whole=False)) == ["Deployment"]
    assert kinds(feeds_for(Ref("main", "prod", "DaemonSet", "a", "a1"), whole=True)) == ["DaemonSet", "Event", "Pod"]


def test_events_are_followed_where_they_may_be_and_make_nobody_unready(feeds, cluster):
    cluster.refusals["Event"] = unreachable()
    feeds.want({POD, FeedKey("main", "prod", "Event")})
    cluster.wait_for("list Event")
    cluster.wait_for("watch Pod")
    assert feeds.states() == {"main/prod/Pod": "synced"}


def test_a_feed_is_shared(feeds, cluster):
    feeds.want({POD})
    cluster.wait_for("watch Pod")
    feed = feeds.of("main", "prod", "Pod")
    feeds.want({POD, FeedKey("main", "prod", "ReplicaSet")})
    assert feeds.of("main", "prod", "Pod") is feed
    assert feeds.states()["main/prod/Pod"] == "synced"


def test_what_nobody_needs_is_kept_for_the_grace_period(feeds):
    feeds._grace = 60.0
    feeds.want({POD})
    feed = feeds.of("main", "prod", "Pod")
    feeds.want(())
    assert feeds.states() == {}, "it no longer counts for readiness"
    feeds.want({POD})
    assert feeds.of("main", "prod", "Pod") is feed
    feeds.want(())
    feeds._grace = 0.0
    feeds.want(())
    assert feeds.of("main", "prod", "Pod") is None
    assert feed.join(45)


def test_the_states_say_what_is_wrong(feeds, cluster):
    cluster.refusals["Pod"] = unreachable()
    feeds.want({POD})
    assert eventually(lambda: "answer" in feeds.states()["main/prod/Pod"])


def test_marks_name_who_is_concerned(feeds, cluster, wake):
    feeds.want(set(feeds_for(WEB, whole=True)))
    for kind in ("Deployment", "ReplicaSet", "Pod"):
        cluster.wait_for(f"watch {kind}")
    marks = set()

    def told(mark):
        marks.update(wake.wait(1))
        return mark in marks

    assert eventually(lambda: told(Namespace("main", "prod")))
    cluster.put(r.deployment())
    assert eventually(lambda: told(Target("main", "prod", "Deployment", "web")))
    cluster.put(r.replica_set())
    assert eventually(lambda: told(Owned("main", "prod", "d1")))
    cluster.put(r.pod("web-1"))
    assert eventually(lambda: told(Owned("main", "prod", "rs-new")))
    assert feeds.workload_above(Owned("main", "prod", "rs-new")) == "d1"
    assert feeds.workload_above(Owned("main", "prod", "s1")) == "s1", "a StatefulSet has its pods itself"


def test_a_workload_that_something_controls_is_still_followed_by_name(feeds, cluster, wake):
    feeds.want(set(feeds_for(WEB, whole=False)))
    cluster.wait_for("watch Deployment")
    workload = r.deployment()
    workload["metadata"]["ownerReferences"] = [{"uid": "x", "controller": True, "kind": "Rollout", "name": "x"}]
    cluster.put(workload)
    assert eventually(lambda: Target("main", "prod", "Deployment", "web") in wake.wait(1))


def test_a_sight_has_the_pods_through_the_replica_sets(feeds, cluster):
    for obj in (r.deployment(), r.replica_set(), r.replica_set("rs-old", r.OLD, 1), r.pod("web-1")):
        cluster.put(obj)
    cluster.put(r.pod("stranger", owner="another"))
    cluster.put(r.pod("web-0", owner="rs-old"))
    assert look(feeds, WEB, whole=True) == Blind(None)
    feeds.want(set(feeds_for(WEB, whole=True)))
    seen = eventually(lambda: isinstance(found := look(feeds, WEB, whole=True), Sight) and found)
    assert seen.workload["metadata"]["uid"] == "d1"
    assert [child["metadata"]["name"] for child in seen.children] == ["rs-new", "rs-old"]
    assert [pod["metadata"]["name"] for pod in seen.pods] == ["web-1", "web-0"]


def test_one_blind_feed_makes_the_whole_sight_blind(feeds, cluster):
    cluster.refusals["Pod"] = unreachable()
    cluster.put(r.deployment())
    feeds.want(set(feeds_for(WEB, whole=True)))
    seen = eventually(lambda: isinstance(found := look(feeds, WEB, whole=True), Blind) and found.trouble and found)
    assert "does not answer" in seen.trouble
    assert eventually(lambda: isinstance(look(feeds, WEB, whole=False), Sight)), "the workload alone can be seen"
