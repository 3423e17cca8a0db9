"""What can go wrong on request, and what can be asked of the cluster from outside of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import urllib3

from playground.cluster.cluster import Cluster
from tests.harness.api import ApiError
from tests.harness.simulated import SimulatedCluster

Json = dict[str, Any]
MAPS = "/api/v1/namespaces/default/configmaps"
SECONDS = 45


@pytest.fixture(scope="module")
def shared() -> Iterator[SimulatedCluster]:
    with SimulatedCluster(nodes=0) as started:
        yield started


@pytest.fixture
def cluster(shared: SimulatedCluster) -> Iterator[SimulatedCluster]:
    yield shared
    shared.simulator.clear_faults()
    shared.delete(f"{MAPS}?labelSelector=mine")


def add(cluster: SimulatedCluster, name: str) -> Json:
    return cluster.api.request("POST", MAPS, {"metadata": {"name": name, "labels": {"mine": "yes"}}})


def test_requests_are_refused_as_often_as_asked(cluster: SimulatedCluster):
    cluster.simulator.refuse(503, matching="^POST .*configmaps", times=1, retry_after=7)
    with pytest.raises(ApiError) as refused:
        add(cluster, "a")
    assert (refused.value.code, refused.value.status["reason"]) == (503, "ServiceUnavailable")
    assert refused.value.status["details"] == {"retryAfterSeconds": 7}
    assert add(cluster, "a")["metadata"]["name"] == "a"


def test_refusals_last_until_they_are_cleared(cluster: SimulatedCluster):
    cluster.simulator.refuse(500)
    for _ in range(2):
        with pytest.raises(ApiError, match="500"):
            cluster.get(MAPS)
    cluster.simulator.clear_faults()
    assert cluster.get(MAPS)["items"]


def test_an_answer_is_lost_but_the_write_is_not(cluster: SimulatedCluster):
    cluster.simulator.lose_answers(matching="^POST", times=1)
    with pytest.raises(urllib3.exceptions.HTTPError):
        add(cluster, "lost")
    assert cluster.get(f"{MAPS}/lost")
    assert [write.code for write in cluster.writes("configmaps", user="harness") if write.name == "lost"] == [201]


def test_a_delay_ends_when_it_is_cleared(cluster: SimulatedCluster):
    cluster.simulator.delay(3600, matching="configmaps/slow")
    pool = urllib3.PoolManager(ca_certs=str(cluster.simulator.certificate), retries=False)
    with pytest.raises(urllib3.exceptions.ReadTimeoutError):
        pool.request("GET", f"{cluster.server}{MAPS}/slow", timeout=0.2)
    assert cluster.get(MAPS)
    cluster.simulator.clear_faults()
    assert pool.request("GET", f"{cluster.server}{MAPS}/slow", timeout=SECONDS).status == 403
    pool.clear()


def test_watches_are_closed(cluster: SimulatedCluster):
    revision = cluster.get(MAPS)["metadata"]["resourceVersion"]
    watch = cluster.api.watch(MAPS, query={"resourceVersion": revision}, timeout=SECONDS)
    add(cluster, "a")
    assert next(watch)["type"] == "ADDED"
    cluster.simulator.close_watches()
    assert list(watch) == []


def test_after_compaction_the_past_is_gone(cluster: SimulatedCluster):
    old = add(cluster, "a")["metadata"]["resourceVersion"]
    page = cluster.get(f"{MAPS}?limit=1")["metadata"]["continue"]
    add(cluster, "b")
    cluster.simulator.compact()
    [event] = cluster.api.watch(MAPS, query={"resourceVersion": old}, timeout=SECONDS)
    assert (event["type"], event["object"]["code"], event["object"]["reason"]) == ("ERROR", 410, "Expired")
    with pytest.raises(ApiError) as refused:
        cluster.get(f"{MAPS}?continue={page}")
    assert (refused.value.code, refused.value.status["reason"]) == (410, "Expired")


def test_a_restart_breaks_connections_and_keeps_the_data(cluster: SimulatedCluster):
    uid = add(cluster, "a")["metadata"]["uid"]
    watch = cluster.api.watch(MAPS, query={}, timeout=SECONDS)
    assert next(watch)["type"] == "ADDED"
    cluster.stop_apiserver()
    with pytest.raises(urllib3.exceptions.HTTPError):
        list(watch)
    with pytest.raises(urllib3.exceptions.HTTPError):
        cluster.get(MAPS)
    cluster.start_apiserver()
    assert cluster.get(f"{MAPS}/a")["metadata"]["uid"] == uid


def test_writes_are_told_with_who_asked_for_what(cluster: SimulatedCluster):
    before = len(cluster.writes("configmaps", "default", user="harness", dry_run=None))
    add(cluster, "a")
    cluster.patch(f"{MAPS}/a", [{"op": "add", "path": "/data", "value": {"k": "v"}}], query={"dryRun": "All"})
    create, patch = cluster.writes("configmaps", "default", user="harness", dry_run=None)[before:]
    assert (create.verb, create.name, create.code, create.user_agent) == ("create", "a", 201, "harness")
    assert (patch.verb, patch.dry_run, patch.request_object[0]["op"]) == ("patch", True, "add")
    assert cluster.writes("configmaps", "default") == []


def test_a_bookmark_comes_before_the_time_is_over(cluster: SimulatedCluster):
    revision = add(cluster, "a")["metadata"]["resourceVersion"]
    query = {"resourceVersion": revision, "timeoutSeconds": "2", "allowWatchBookmarks": "true"}
    [bookmark] = cluster.api.watch(MAPS, query=query, timeout=SECONDS)
    assert bookmark == {
        "type": "BOOKMARK",
        "object": {"kind": "ConfigMap", "apiVersion": "v1", "metadata": {"resourceVersion": revision}},
    }


def test_what_is_too_large_is_refused(cluster: SimulatedCluster):
    with pytest.raises(ApiError) as refused:
        cluster.api.request("POST", MAPS, {"metadata": {"name": "big"}, "data": {"a": "x" * 3_200_000}})
    assert refused.value.status["message"] == "Request entity too large: limit is 3145728"


def test_a_bug_is_answered_and_told_at_the_end(monkeypatch: pytest.MonkeyPatch):
    cluster = SimulatedCluster(nodes=0)

    def break_down(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(cluster.simulator._api, "answer", break_down)
    with pytest.raises(ApiError, match="Internal error occurred"):
        cluster.get(MAPS)
    with pytest.raises(ExceptionGroup, match="nobody waited"):
        cluster.stop()


def test_it_can_be_started_by_hand(tmp_path: Path):
    command = [sys.executable, "-m", "playground.cluster", "--nodes", "0"]
    env = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as process:
        assert process.stdout
        said = process.stdout.readline()
        kubeconfig = Path(said.removeprefix("export KUBECONFIG=").strip())
        server = json.loads(kubeconfig.read_text())["clusters"][0]["cluster"]["server"]
        port = server.rpartition(":")[2]
        taken = subprocess.run([*command, "--port", port], capture_output=True, text=True, env=env, check=False)
        process.terminate()
        assert process.wait(SECONDS) == 0
    assert (taken.returncode, f"cannot listen on port {port}" in taken.stderr) == (2, True)
    assert list(tmp_path.iterdir()) == []


def test_kubeconfigs_are_for_their_owner_only(tmp_path: Path):
    with Cluster(nodes=0, users=["somebody"], folder=tmp_path) as made:
        path = made.kubeconfig_for("somebody")
        assert path.parent == tmp_path
        assert path.stat().st_mode & 0o777 == 0o600
        assert made.token("somebody") in path.read_text()
    with pytest.raises(RuntimeError, match="not running"):
        made.step(1)


def test_two_clusters_share_nothing():
    with SimulatedCluster(nodes=0) as one, SimulatedCluster(nodes=0) as other:
        add(one, "a")
        with pytest.raises(ApiError, match="404"):
            other.get(f"{MAPS}/a")
        assert one.server != other.server


def test_a_controller_that_fails_is_told_at_the_end():
    cluster = Cluster(nodes=0).start()

    def break_down(_: object) -> None:
        raise ZeroDivisionError

    cluster.run(lambda verbs: verbs.clock.after(0, lambda: break_down(verbs)))
    cluster.run(lambda verbs: verbs.list(verbs.kind("Namespace")))
    with pytest.raises(ExceptionGroup, match="nobody waited"):
        cluster.stop()
