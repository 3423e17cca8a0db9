"""Causes that take a real control plane its own minutes: ``make slow-causes``.

``test_not_fooled`` tells the same on a cluster whose time is turned.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.harness.controlplane import ControlPlane
from tests.scenarios.scene import Scene
from tests.scenarios.stack import Cast

pytestmark = pytest.mark.parametrize("cluster", [pytest.param("real", marks=pytest.mark.control_plane)], indirect=True)
LONG = 180.0
"""Seconds within which all of it has happened."""


@contextmanager
def all_nodes_silent(scene: Scene) -> Iterator[None]:
    """What plays the kubelets is frozen: of no node anything is heard."""
    assert isinstance(scene.stack.cluster, ControlPlane)
    kubelets = scene.stack.cluster.pids["kwok"]
    os.kill(kubelets, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(kubelets, signal.SIGCONT)


def test_what_holds_an_old_pod_is_told_until_it_lets_go(scene: Scene, cast: Cast) -> None:
    db = scene.deployed("staging", kind="StatefulSet", replicas=1)
    pod = f"/api/v1/namespaces/{scene.stack.namespaces['staging']}/pods/{db}-0"
    scene.stack.cluster.patch(pod, {"metadata": {"finalizers": ["example.com/drain"]}})
    message = scene.ask(cast.dev, f"/deploy {db} 2 to staging")
    told = f"pod {db}-0 should be gone, but finalizer example.com/drain holds it"
    scene.wait(lambda m: m.ts == message.ts and told in m.plain(), LONG)
    assert scene.now(message).text.endswith(": observing")
    scene.stack.cluster.patch(pod, {"metadata": {"finalizers": None}})
    scene.ended(message, "succeeded")


def test_a_node_that_goes_is_named_and_proves_nothing(scene: Scene, cast: Cast) -> None:
    """Its new pod was ready, though not for long enough yet."""
    there = {"nodeSelector": {"kubernetes.io/hostname": "node-2"}}
    web = scene.deployed("staging", replicas=1, pod=there, minReadySeconds=100, progress_deadline=120)
    message = scene.until(scene.ask(cast.dev, f"/deploy {web} 2 to staging"), "observing")
    scene.wait(lambda m: m.ts == message.ts and "minReadySeconds" in m.plain())
    with all_nodes_silent(scene):
        scene.wait(lambda m: m.ts == message.ts and "node node-2 of the pod is not heard of" in m.plain(), LONG)
        assert scene.now(message).text.endswith(": observing")
        failed = scene.until(message, "failed", LONG)
    assert "No progress for 120 s (ProgressDeadlineExceeded): " in failed.plain()
    assert "; node node-2 of the pod is not heard of." in failed.plain()
