"""A feed: in sync by a list and every change since; out of sync when the connection breaks; never in a hurry."""

import logging
import time
from collections.abc import Iterator

import pytest

from commands.errors import Forbidden
from tests.unit.workers.kinds import rollouts as r
from tests.unit.workers.watcher.scripted import ScriptedCluster, eventually, too_old, unreachable
from workers.watcher import feed as module
from workers.watcher.backoff import Backoff
from workers.watcher.feed import Feed, FeedKey

PODS = FeedKey("main", "prod", "Pod")


class Heard:
    """What a feed said: names of the objects, or None where it came into sync or lost it."""

    def __init__(self):
        self.said = []

    def __call__(self, key, objects):
        assert key == PODS
        self.said.append(None if objects is None else [obj["metadata"]["name"] for obj in objects])


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def feed(cluster: ScriptedCluster, heard: Heard) -> Iterator[Feed]:
    feed = Feed(PODS, lambda _: cluster, heard, Backoff(0.02, 0.1))
    yield feed
    feed.stop()
    assert feed.join(45), "a feed must end when it is told to"


def watching(cluster: ScriptedCluster, feed: Feed, times: int = 1) -> None:
    feed.start()
    cluster.wait_for("watch Pod", times)


def test_it_lists_then_follows(cluster, feed, heard):
    cluster.put(r.pod("web-1"))
    assert not feed.synced
    watching(cluster, feed)
    assert feed.synced
    assert feed.cache.by_name("web-1")
    cluster.put(r.pod("web-2"))
    cluster.put(r.pod("web-1", phase="Failed"))
    cluster.delete(r.pod("web-2"))
    eventually(lambda: heard.said == [None, ["web-2"], ["web-1"], ["web-2"]])
    assert feed.cache.by_name("web-1")["status"]["phase"] == "Failed"
    assert feed.cache.by_name("web-2") is None
    assert cluster.calls == ["list Pod", "watch Pod"]


def test_the_server_ends_a_watch_and_it_goes_on_where_it_was(cluster, feed, heard, monkeypatch):
    monkeypatch.setattr(module, "HASTE", 0.0)
    watching(cluster, feed)
    cluster.put(r.pod("web-1"))
    eventually(lambda: ["web-1"] in heard.said)
    cluster.end_watches()
    cluster.wait_for("watch Pod", 2)
    cluster.put(r.pod("web-2"))
    eventually(lambda: ["web-2"] in heard.said)
    assert heard.said.count(["web-1"]) == 1, "told twice: it began before what it knew"
    assert cluster.calls.count("list Pod") == 1
    assert heard.said.count(None) == 1, "it never was out of sync"


def test_a_bookmark_moves_it_on_without_waking_anyone(cluster, feed, heard):
    watching(cluster, feed)
    told = cluster.bookmark("Pod")
    eventually(lambda: feed._version == told)
    assert heard.said == [None]


def test_what_is_too_old_is_listed_again(cluster, feed, heard):
    watching(cluster, feed)
    cluster.silent = True
    cluster.put(r.pod("web-1"))
    cluster.end_watches(too_old())
    cluster.wait_for("watch Pod", 2)
    assert feed.synced
    assert feed.cache.by_name("web-1"), "it was missed by the watch, and is in the list"
    assert feed.trouble is None
    assert heard.said == [None, None, None], "in sync, out of it, in sync"


def test_a_broken_connection_is_out_of_sync_until_it_has_listed(cluster, feed, heard):
    cluster.put(r.pod("web-1"))
    watching(cluster, feed)
    cluster.refusals["Pod"] = unreachable()
    cluster.end_watches(unreachable())
    eventually(lambda: feed.trouble)
    assert not feed.synced
    assert feed.unsynced_seconds > 0
    assert "does not answer" in feed.trouble
    with cluster.changed:
        cluster.refusals.clear()
    cluster.delete(r.pod("web-1"))
    eventually(lambda: feed.synced)
    assert feed.trouble is None
    assert feed.unsynced_seconds == 0
    assert feed.cache.by_name("web-1") is None


def test_a_missing_right_is_said_once_and_not_asked_for_often(cluster, feed, caplog, monkeypatch):
    caplog.set_level(logging.WARNING)
    monkeypatch.setattr(module, "FORBIDDEN_SECONDS", 0.05)
    sentence = "quarterdeck may not list pods in prod."
    cluster.refusals["Pod"] = Forbidden(sentence, verb="list", resource="pods", namespace="prod")
    began = time.monotonic()
    feed.start()
    cluster.wait_for("list Pod", 4)
    assert time.monotonic() - began > 3 * 0.05 * 0.5, "at least three pauses, each half as long or longer"
    assert feed.trouble == sentence
    assert [record.message for record in caplog.records] == [f"main/prod/Pod: not in sync: {sentence}"]


@pytest.mark.parametrize("error", [None, too_old(), unreachable()], ids=["quietly", "410", "broken"])
def test_a_server_that_ends_every_watch_at_once_is_not_spun_on(error, cluster, heard):
    feed = Feed(PODS, lambda _: cluster, heard, Backoff(0.1, 0.4))

    class Closing:
        def __init__(self, *_, **__):
            cluster.calls.append("watch Pod")

        def __iter__(self):
            if error:
                raise error
            return iter(())

        def close(self):
            pass

    cluster.watch = Closing
    feed.start()
    began = time.monotonic()
    eventually(lambda: cluster.calls.count("watch Pod") >= 4)
    assert time.monotonic() - began > (0.1 + 0.2 + 0.4) * 0.5
    feed.stop()
    assert feed.join(45)


def test_a_fault_of_ours_does_not_end_it(cluster, feed, caplog, monkeypatch):
    monkeypatch.setattr(module, "FAULT_SECONDS", 0.05)
    watching(cluster, feed)
    broken = r.pod("web-1")
    cluster.end_watches(ValueError("not JSON"))
    eventually(lambda: "failed" in caplog.text)
    cluster.put(broken)
    eventually(lambda: feed.synced and feed.cache.by_name("web-1"))


def test_a_cluster_that_cannot_be_opened_is_a_trouble_like_any_other(heard):
    def open_(name):
        raise KeyError(name)

    feed = Feed(PODS, open_, heard, Backoff(0.02, 0.1))
    feed.start()
    assert "main" in eventually(lambda: feed.trouble)
    feed.stop()
    assert feed.join(45)


def test_stopped_in_a_pause_it_ends_at_once(cluster, heard):
    feed = Feed(PODS, lambda _: cluster, heard, Backoff(60, 60))
    cluster.refusals["Pod"] = unreachable()
    feed.start()
    eventually(lambda: feed.trouble)
    feed.stop()
    assert feed.join(45)


def test_pauses_grow_to_a_limit_and_are_never_in_step():
    backoff = Backoff(1, 4)
    pauses = [backoff.next() for _ in range(50)]
    assert 0.5 <= pauses[0] <= 1.5
    assert all(2 <= pause <= 6 for pause in pauses[2:])
    assert len(set(pauses[2:])) > 40
    assert backoff.next(least=15) >= 7.5
    backoff.reset()
    assert backoff.next() <= 1.5
