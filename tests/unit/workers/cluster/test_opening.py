"""What a forked job finds ready, and how credentials that expire are fetched again."""

import subprocess
import sys
import threading
from pathlib import Path

import yaml

from tests.unit.workers.cluster.stub import answer, stubbed, write_kubeconfig
from workers.cluster import open_cluster

_JOB = """
import sys
from workers.cluster import open_cluster, preload
preload()
before = set(sys.modules)
cluster = open_cluster("main", sys.argv[1])
cluster.get("Pod", "shop", "web-1")
cluster.close()
print(*sorted(set(sys.modules) - before))
"""

_PLUGIN = """#!/bin/sh
mkdir {folder}/running || touch {folder}/overlap
sleep 0.02
echo run >> {folder}/runs
rmdir {folder}/running
echo '{{"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential",
  "status": {{"token": "fresh", "expirationTimestamp": "2020-01-01T00:00:00Z"}}}}'
"""


def test_a_job_imports_nothing_any_more(tmp_path: Path):
    """It cost a second per job where nothing was preloaded (facts/rq.md)."""
    with stubbed(tmp_path, answer(200, {"metadata": {}})):
        job = [sys.executable, "-c", _JOB, str(tmp_path / "kubeconfig")]
        assert subprocess.run(job, check=True, capture_output=True, text=True).stdout.split() == []


def test_an_expired_token_is_fetched_by_one_thread_at_a_time(tmp_path: Path):
    """The client runs the plugin inline and without a lock: fifty requests at once would run it fifty times at once."""
    plugin = tmp_path / "plugin"
    plugin.write_text(_PLUGIN.format(folder=tmp_path))
    plugin.chmod(0o755)
    with stubbed(tmp_path, answer(200, {"metadata": {}})) as (stub, _):
        path = write_kubeconfig(tmp_path, stub.url)
        config = yaml.safe_load(path.read_text())
        exec_ = {"apiVersion": "client.authentication.k8s.io/v1", "command": str(plugin), "interactiveMode": "Never"}
        config["users"][0]["user"] = {"exec": exec_}
        path.write_text(yaml.safe_dump(config))
        from_plugin(path)
        assert {headers.get("authorization") for headers in stub.headers} == {"Bearer fresh"}
    assert len((tmp_path / "runs").read_text().splitlines()) > 1
    assert not (tmp_path / "overlap").exists()


def from_plugin(path: Path) -> None:
    cluster = open_cluster("main", path)
    threads = [threading.Thread(target=cluster.get, args=("Pod", "shop", "web-1")) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cluster.close()
