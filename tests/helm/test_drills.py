"""The drills of docs/operations.md, by a real kubectl, on what the chart makes: each hits what it is meant for.

What becomes of an operation then is shown by the tests that the page names.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator

import pytest

from tests.harness.fixtures import need
from tests.harness.processes import wait_until
from tests.harness.simulated import SimulatedCluster
from tests.helm.helm import TRIAL, Json, rendered
from tests.unit.test_operations_page import DRILLS, sections

NAMESPACE = "quarterdeck"
SECONDS = 60.0
KINDS = {"ServiceAccount", "ConfigMap", "Deployment", "StatefulSet"}


def drills() -> dict[str, list[str]]:
    """The commands under each heading that has some."""
    _, *parts = re.split(r"^### ", sections()[DRILLS], flags=re.MULTILINE)
    found = {part.partition("\n")[0]: re.findall(r"^kubectl .*$", part, re.MULTILINE) for part in parts}
    return {heading: lines for heading, lines in found.items() if lines}


@pytest.fixture(scope="module")
def cluster() -> Iterator[SimulatedCluster]:
    """With the chart's objects in the namespace that the page names."""
    need("kubectl")
    started = SimulatedCluster()
    try:
        started.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}})
        for made in rendered(TRIAL, namespace=NAMESPACE):
            if made["kind"] in KINDS:
                made["metadata"]["namespace"] = NAMESPACE
                started.apply(made)
        yield started
    finally:
        started.stop()


def kubectl(cluster: SimulatedCluster, line: str) -> str:
    env = {"PATH": os.environ["PATH"], "HOME": str(cluster.folder), "KUBECONFIG": str(cluster.kubeconfig)}
    done = subprocess.run(["bash", "-c", line], env=env, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def pods(cluster: SimulatedCluster, component: str) -> set[str]:
    chosen = f"app.kubernetes.io%2Fcomponent%3D{component}"
    listed = cluster.get(f"/api/v1/namespaces/{NAMESPACE}/pods?labelSelector={chosen}")["items"]
    return {pod["metadata"]["uid"] for pod in listed if not pod["metadata"].get("deletionTimestamp")}


def read(cluster: SimulatedCluster, path: str) -> Json:
    return cluster.get(f"{path.replace('NAMESPACE', NAMESPACE)}")


def test_no_drill_is_left_out() -> None:
    assert set(drills()) == {
        "The workers die", "The leading watcher dies", "No bot for a while", "Redis is gone", "The file is broken",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("drill", "component"), [("The workers die", "worker"), ("The leading watcher dies", "watcher")]
)
def test_all_of_one_kind_die_and_are_made_anew(cluster: SimulatedCluster, drill: str, component: str) -> None:
    wait_until(lambda: len(pods(cluster, component)) == 2, SECONDS)
    before = pods(cluster, component)
    for line in drills()[drill]:
        kubectl(cluster, line)
    wait_until(lambda: len(pods(cluster, component)) == 2 and not pods(cluster, component) & before, SECONDS)


@pytest.mark.parametrize(
    ("drill", "path", "counts"),
    [
        ("No bot for a while", "deployments/quarterdeck-bot", [0, 2]),
        ("Redis is gone", "statefulsets/quarterdeck-redis", [0, 1]),
    ],
)
def test_there_is_none_for_a_while(cluster: SimulatedCluster, drill: str, path: str, counts: list[int]) -> None:
    found = []
    for line in drills()[drill]:
        kubectl(cluster, line)
        found.append(read(cluster, f"/apis/apps/v1/namespaces/NAMESPACE/{path}")["spec"]["replicas"])
    assert found == counts


def test_the_file_is_broken(cluster: SimulatedCluster) -> None:
    for line in drills()["The file is broken"]:
        kubectl(cluster, line)
    data = read(cluster, "/api/v1/namespaces/NAMESPACE/configmaps/quarterdeck")["data"]
    assert data == {"quarterdeck.yaml": "roles: ["}, "the very key that the pods mount"
