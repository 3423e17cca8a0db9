"""Watches end in four ways: the server's time is over, they are closed, they are too old, or they break."""

import json
import threading
import time

import pytest

from commands.errors import Gone, Unreachable
from tests.harness import workloads
from tests.harness.controlplane import ControlPlane
from tests.unit.workers.cluster.stub import Handler, Script, answer, stubbed
from workers.cluster import Cluster, open_cluster


def stream(*chunks: bytes, ends: bool = True, hold: float = 0.0) -> Script:
    """Chunks as the API server sends them; without ``ends`` the connection is cut."""

    def send(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for chunk in chunks:
            handler.wfile.write(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")
            handler.wfile.flush()
        time.sleep(hold)
        if ends:
            handler.wfile.write(b"0\r\n\r\n")
        handler.close_connection = not ends

    return send


def event(type_: str, **obj: object) -> bytes:
    return json.dumps({"type": type_, "object": obj}).encode() + b"\n"


def test_events_come_whole_however_they_were_cut(tmp_path):
    data = event("ADDED", name="a") + event("BOOKMARK", name="b" * 70_000)
    with stubbed(tmp_path, stream(data[:10], data[10:90], data[90:])) as (stub, cluster):
        events = list(cluster.watch("Pod", "shop", "5", timeout_seconds=30, label_selector="app=web"))
    assert [(type_, obj["name"][:1]) for type_, obj in events] == [("ADDED", "a"), ("BOOKMARK", "b")]
    for part in ("watch=true", "allowWatchBookmarks=true", "resourceVersion=5", "timeoutSeconds=30"):
        assert part in stub.requests[0]


@pytest.mark.parametrize(
    "script",
    [answer(410, {"message": "too old resource version"}), stream(event("ERROR", code=410, message="too old"))],
)
def test_a_version_that_is_too_old_is_gone(tmp_path, script):
    with stubbed(tmp_path, script) as (_, cluster), pytest.raises(Gone, match="too old"):
        list(cluster.watch("Pod", "shop", "1"))


@pytest.mark.parametrize(
    "script", [stream(event("ADDED"), ends=False), stream(event("ERROR", code=500, message="etcd")), answer(503, {})]
)
def test_a_broken_watch_is_unreachable_and_not_tried_again(tmp_path, script):
    with stubbed(tmp_path, script) as (stub, cluster):
        with pytest.raises(Unreachable):
            list(cluster.watch("Pod", "shop", "1"))
        assert len(stub.requests) == 1


def test_a_watch_that_falls_silent_is_unreachable(tmp_path, monkeypatch):
    monkeypatch.setattr("workers.cluster.client.SILENCE_SECONDS", 0.1)
    with (
        stubbed(tmp_path, stream(event("ADDED"), hold=5)) as (_, cluster),
        pytest.raises(Unreachable, match="took too long"),
    ):
        list(cluster.watch("Pod", "shop", "1"))


@pytest.mark.control_plane
@pytest.mark.parametrize("what", ["watch", "cluster"])
def test_closing_ends_a_waiting_watch_at_once(control_plane: ControlPlane, namespace: str, what: str):
    cluster = open_cluster("main", control_plane.kubeconfig)
    version = cluster.list("Pod", namespace).resource_version
    watch = cluster.watch("Pod", namespace, version)
    seen, waiting = [], threading.Event()

    def follow() -> None:
        waiting.set()
        seen.extend(watch)

    thread = threading.Thread(target=follow)
    thread.start()
    waiting.wait(45)
    time.sleep(0.2)  # nothing tells from outside that the reader waits; a watch not yet open is closed as well
    (watch if what == "watch" else cluster).close()
    thread.join(45)  # the server would let it wait for much longer
    assert not thread.is_alive()
    assert not seen
    assert list(watch) == []
    cluster.close()


@pytest.mark.control_plane
def test_a_watch_goes_on_from_a_list(control_plane: ControlPlane, cluster: Cluster, namespace: str):
    listing = cluster.list("Deployment", namespace)
    assert not listing.items
    control_plane.apply(workloads.deployment("seen", namespace, replicas=0))
    type_, obj = next(iter(cluster.watch("Deployment", namespace, listing.resource_version, timeout_seconds=45)))
    assert (type_, obj["metadata"]["name"], obj["kind"]) == ("ADDED", "seen", "Deployment")


@pytest.mark.control_plane
def test_the_server_ends_a_watch_in_time(cluster: Cluster, namespace: str):
    version = cluster.list("Pod", namespace).resource_version
    events = list(cluster.watch("Pod", namespace, version, timeout_seconds=1))
    assert {type_ for type_, _ in events} <= {"BOOKMARK"}
