"""Logs: what images print, what goes on while somebody follows, previous runs, and what is said where there is none."""

from __future__ import annotations

import pytest

from playground.cluster.kubelet.images import Image, by_tag
from playground.cluster.status import StatusError
from tests.unit.playground.cluster.with_nodes import WithNodes, texts

CHATTY = Image(log=("up",), chatter=("one", "two"), chatter_seconds=5.0, stops_after=0.0)


def images(reference: str) -> Image:
    return CHATTY if reference.endswith(":chatty") else by_tag(reference)


def refusal(cluster: WithNodes, name: str = "web", *, previous: bool = False) -> tuple[int, str]:
    with pytest.raises(StatusError) as refused:
        cluster.log(name, previous=previous)
    return refused.value.code, refused.value.message


def test_what_an_image_prints():
    cluster = WithNodes(catalogue=images)
    cluster.pod()
    cluster.pod("chat", "chatty")
    assert texts(cluster.log()) == ["listening on :8080"]
    cluster.step(16)
    log = cluster.log("chat")
    assert texts(log) == ["up", "one", "two", "one"]
    assert [line.time - log.lines[0].time for line in log.lines] == [0, 5, 10, 15]


def test_who_follows_hears_of_each_line_and_of_the_end():
    cluster = WithNodes(catalogue=images)
    cluster.pod(tag="chatty")
    log = cluster.log()
    heard: list[int] = []
    log.listeners.append(lambda: heard.append(len(log.lines)))
    cluster.step(11)
    assert heard == [2, 3]
    cluster.delete("Pod", "web")
    assert (heard[-1], log.ended) == (3, True)


def test_nobody_is_woken_for_logs_that_nobody_follows():
    cluster = WithNodes(catalogue=images)
    cluster.pod(tag="chatty")
    cluster.log()
    cluster.step(5)
    assert len(cluster.kubelet._machines["shop", "web"].containers[0].run.log.lines) == 2
    cluster.step(100)
    assert len(cluster.kubelet._machines["shop", "web"].containers[0].run.log.lines) == 2
    assert len(cluster.log().lines) == 22


def test_long_logs_lose_their_beginning_and_not_their_end():
    cluster = WithNodes(catalogue=images)
    cluster.pod(tag="chatty")
    cluster.step(5 * 10_000)
    log = cluster.log()
    assert len(log.lines) < 2100
    assert log.lines[-1].time == cluster.clock.now()


def test_the_previous_run_is_kept():
    cluster = WithNodes()
    cluster.pod(tag="crash")
    assert texts(cluster.log()) == ["starting", "panic: cannot connect to database"]
    cluster.step(1)
    assert texts(cluster.log(previous=True)) == ["starting", "panic: cannot connect to database"]
    assert texts(cluster.log()) == ["starting", "panic: cannot connect to database"], "the last one, while nothing runs"


def test_what_is_said_where_there_is_no_log():
    cluster = WithNodes()
    cluster.pod()
    assert refusal(cluster, previous=True) == (400, 'previous terminated container "web" in pod "web" not found')
    cluster.pod("none", "missing")
    cluster.pod("slow", "slow")
    cluster.pod("unset", "configmissing")
    waits = 'container "web" in pod "{}" is waiting to start: {}'
    assert refusal(cluster, "none") == (400, waits.format("none", "image can't be pulled"))
    cluster.step(1)
    assert refusal(cluster, "none") == (400, waits.format("none", "trying and failing to pull image"))
    assert refusal(cluster, "slow") == (400, waits.format("slow", "ContainerCreating"))
    assert refusal(cluster, "unset") == (400, waits.format("unset", "CreateContainerConfigError"))


def test_tests_can_say_what_all_containers_have_printed():
    cluster = WithNodes()
    cluster.pod()
    cluster.pod("bad", "crash")
    cluster.step(1)
    cluster.kubelet.spoken_logs.write("hello", "world")
    cluster.kubelet.spoken_logs.write("panic", previous=True)
    assert texts(cluster.log()) == ["hello", "world"]
    assert texts(cluster.log("bad", previous=True)) == ["panic"]
    cluster.kubelet.spoken_logs.write_bytes(b"\xff\xfe")
    assert [line.text for line in cluster.log().lines] == [b"\xff\xfe"]
    cluster.kubelet.spoken_logs.reset()
    assert texts(cluster.log()) == ["listening on :8080"]
