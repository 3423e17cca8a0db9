"""What may be taken for an end and is none: on a cluster of its own, whose time is turned instead of waited for.

What is told of finalizers and nodes here a real control plane tells in ``make slow-causes``.
Its clock is five minutes behind everybody else's in the beginning: whoever compared the two would give up at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from playground.workspace import Workspace
from tests.harness.processes import wait_until
from tests.harness.redis import RedisServer
from tests.harness.simulated import SimulatedCluster
from tests.scenarios.scene import Scene
from tests.scenarios.stack import SECONDS, Cast, Stack

MINUTES = 300
NOTICED = 60
"""Seconds after which the control plane takes a node that it hears nothing of for lost, and somewhat more."""
DEADLINES = {"brisk": "1s", "patient": "1m"}
"""By environment."""
WATCHES = r"^GET .*[?&]watch="


@pytest.fixture(scope="module")
def cluster() -> Iterator[SimulatedCluster]:
    with SimulatedCluster(ahead=-MINUTES) as started:
        yield started


@pytest.fixture(scope="module")
def stack(cluster: SimulatedCluster) -> Iterator[Stack]:
    with (
        RedisServer() as redis,
        Workspace(rate_limits=False) as workspace,
        Stack(cluster, cluster.kubeconfig, redis, workspace) as started,
    ):
        for name, deadline in DEADLINES.items():
            started.namespaces[name] = cluster.namespace()
            place = {"cluster": "main", "namespace": started.namespaces[name]}
            started.environments[name] = {**place, "deadline": deadline}
        started.write_config()
        yield started.start()


def passed(scene: Scene, seconds: float) -> None:
    """In the cluster; to everybody else no time has passed."""
    assert isinstance(scene.stack.cluster, SimulatedCluster)
    scene.stack.cluster.simulator.clock.advance(seconds)


@contextmanager
def lost(scene: Scene, node: str) -> Iterator[None]:
    """A node that nothing is heard of for long enough."""
    assert isinstance(scene.stack.cluster, SimulatedCluster)
    scene.stack.cluster.simulator.lose_node(node)
    passed(scene, NOTICED)
    is_heard_of(scene, node, "Unknown")
    yield
    scene.stack.cluster.simulator.return_node(node)
    is_heard_of(scene, node, "True")


def is_heard_of(scene: Scene, node: str, status: str) -> None:
    def holds(found: dict[str, object]) -> bool:
        return f"'type': 'Ready', 'status': '{status}'" in str(found["status"])

    scene.stack.cluster.wait(f"/api/v1/nodes/{node}", holds)


def test_clocks_five_minutes_apart(scene: Scene, cast: Cast) -> None:
    """The watcher's machine is as far ahead as the cluster is behind: patience and deadline seem to be long over."""
    scene.stack.processes.pop("watcher").terminate()
    scene.stack.spawn("watcher", program=("tests.faults.skewed", str(MINUTES)))
    scene.stack.wait_ready("watcher")
    web = scene.deployed("patient", replicas=1)
    scene.ended(scene.ask(cast.dev, f"/deploy {web} flaky to patient"), "succeeded")


def test_the_watch_is_told_that_it_comes_too_late_when_all_is_done(scene: Scene, cast: Cast) -> None:
    """It reconnects while the rollout ends, of which it hears nothing; what it asks for then is forgotten (410)."""
    web, cluster = scene.deployed("staging"), scene.stack.cluster
    assert isinstance(cluster, SimulatedCluster)
    message = scene.until(scene.ask(cast.dev, f"/deploy {web} slow to staging"), "observing")
    cluster.simulator.delay(SECONDS, matching=WATCHES)
    cluster.simulator.close_watches()
    wait_until(lambda: is_done(scene, web), SECONDS)
    assert scene.now(message).text.endswith(": observing")
    cluster.simulator.compact()
    cluster.simulator.clear_faults()
    assert "2 of 2 pods ready." in scene.ended(message, "succeeded").plain()


def is_done(scene: Scene, web: str) -> bool:
    status = scene.live("staging", web)["status"]
    return bool(status.get("replicas") == status.get("availableReplicas") == status.get("updatedReplicas") == 2)


def test_what_holds_an_old_pod_is_told(scene: Scene, cast: Cast) -> None:
    db = scene.deployed("brisk", kind="StatefulSet", replicas=1)
    pod = f"/api/v1/namespaces/{scene.stack.namespaces['brisk']}/pods/{db}-0"
    scene.stack.cluster.patch(pod, {"metadata": {"finalizers": ["example.com/drain"]}})
    scene.stack.cluster.delete(pod)
    passed(scene, 2 * NOTICED)
    failed = scene.ended(scene.ask(cast.dev, f"/deploy {db} 2 to brisk"), "failed")
    assert f"; pod {db}-0 should be gone, but finalizer example.com/drain holds it." in failed.plain()
    scene.stack.cluster.patch(pod, {"metadata": {"finalizers": None}})


def test_a_node_that_goes_is_named_and_proves_nothing(scene: Scene, cast: Cast) -> None:
    """Its new pod was ready, though not for long enough yet."""
    waits = {"minReadySeconds": 2 * NOTICED, "progress_deadline": 3 * NOTICED}
    web = scene.deployed("staging", replicas=1, pod={"nodeSelector": {"kubernetes.io/hostname": "node-2"}}, **waits)
    message = scene.until(scene.ask(cast.dev, f"/deploy {web} 2 to staging"), "observing")
    scene.wait(lambda m: m.ts == message.ts and "minReadySeconds" in m.plain())
    with lost(scene, "node-2"):
        scene.wait(lambda m: m.ts == message.ts and "node node-2 of the pod is not heard of" in m.plain())
        assert scene.now(message).text.endswith(": observing")
        passed(scene, 3 * NOTICED)
        failed = scene.ended(message, "failed")
    told = f"No progress for {3 * NOTICED} s (ProgressDeadlineExceeded): "
    assert told in failed.plain()
    assert "; node node-2 of the pod is not heard of." in failed.plain()


@pytest.mark.parametrize(("tolerations", "wanted"), [([], 2), ([{"operator": "Exists"}], 3)], ids=["taints", "any"])
def test_of_a_daemon_set_it_is_named_and_not_waited_for(
    scene: Scene, cast: Cast, tolerations: list[dict[str, str]], wanted: int
) -> None:
    """Whether or not its pods want to be on such a node."""
    pod, strategy = {"tolerations": tolerations}, {"rollingUpdate": {"maxUnavailable": 2}}
    agent = scene.deployed("staging", kind="DaemonSet", strategy=strategy, pod=pod)
    with lost(scene, "node-3"):
        done = scene.ended(scene.ask(cast.dev, f"/deploy {agent} 2 to staging"), "succeeded")
    assert f"2 of {wanted} pods ready; node node-3 is not heard of." in done.plain()
