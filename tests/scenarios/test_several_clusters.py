"""Three clusters, one worker, one watcher: what becomes of the others' work while one hangs, or is not there at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from playground.workspace import Workspace
from tests.harness.ports import free_ports
from tests.harness.redis import RedisServer
from tests.scenarios.conftest import Cluster
from tests.scenarios.scene import Scene
from tests.scenarios.stack import SECONDS, Stack
from tests.unit.quarterdeck.peers import KUBECONFIG, SilentCluster

pytestmark = pytest.mark.parametrize("cluster", ["simulator"], indirect=True)
"""It is about ours, not about theirs."""

MORE_THAN_ONE_CAN_BEAR = 4
"""Questions that would keep a worker busy for longer than anybody waits, one after the other."""


@pytest.fixture(scope="module")
def stack(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """``dark`` is in a cluster that takes connections and never answers, ``gone`` in one where nothing listens."""
    folder = tmp_path_factory.mktemp("clusters")
    gone = folder / "gone.kubeconfig"
    gone.write_text(KUBECONFIG.format(port=free_ports(1)[0]))
    with (
        RedisServer() as redis,
        Workspace(rate_limits=False) as workspace,
        SilentCluster() as silent,
        Stack(cluster, cluster.kubeconfig, redis, workspace) as started,
    ):
        files: dict[str, Path] = {"main": cluster.kubeconfig, "dark": silent.kubeconfig(folder), "gone": gone}
        started.extra["clusters"] = {name: {"kubeconfig": str(path)} for name, path in files.items()}
        started.environments |= {name: {"cluster": name, "namespace": name} for name in ("dark", "gone")}
        started.write_config()
        yield started.start()


def test_a_cluster_that_hangs_delays_no_other(scene: Scene) -> None:
    """Neither planning nor acting, nor following a rollout, nor an answer; and what is of no cluster least of all."""
    dev, web = scene.cast.dev, scene.deployed("staging")
    scene.say(dev, "/deploy web 1.4.2 to dark")
    for _ in range(MORE_THAN_ONE_CAN_BEAR):
        scene.say(dev, "/ops status in dark")
    scene.carried_out(dev, f"/deploy {web} 1.4.2 to staging")
    scene.say(dev, f"/ops logs {web} in staging")
    scene.told(dev, f"Logs of {web}")
    scene.say(dev, "/ops operations")
    assert "deploy web 1.4.2 | dark | planning" in scene.told(dev, "1 operation under way").plain()


def test_a_cluster_that_is_not_there_is_told_at_once_with_since_when_and_what_next(scene: Scene) -> None:
    dev = scene.cast.dev
    for _ in range(2):
        scene.say(dev, "/ops status in gone")
    scene.told(dev, "The cluster gone cannot be reached: nothing listens at its address.")

    def told() -> bool:
        """Each question is another, for the first two may be answered at the same time."""
        scene.say(dev, "/ops status in gone")
        return any("The cluster gone has not answered since" in m.plain() for m in scene.whispers(dev))

    scene.workspace.wait(told, SECONDS, "since when the cluster is silent")
    [first, *_] = [m.plain() for m in scene.whispers(dev) if "has not answered since" in m.plain()]
    assert "UTC: nothing listens at its address. I ask it again in " in first
    assert "; ask me then." in first


def test_who_has_an_answer_from_any_cluster_is_ready(stack: Stack) -> None:
    from tests.unit.quarterdeck.test_readiness import details

    for process in ("worker", "watcher"):
        code, told = details(stack.health[process])
        assert code == 200, told
        assert told["clusters"]["main"] == "answers"
        assert "gone cannot be reached" in told["clusters"]["gone"]
