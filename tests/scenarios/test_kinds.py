"""Other kinds than Deployments, several containers, and images named by their digest."""

from __future__ import annotations

import pytest

from tests.scenarios.scene import Scene
from tests.scenarios.stack import Cast

DIGEST = "sha256:" + "0123456789abcdef" * 4


@pytest.mark.parametrize("environment", ["staging", "prod"])
@pytest.mark.parametrize("kind", ["StatefulSet", "DaemonSet"])
def test_deploy_of_another_kind(scene: Scene, cast: Cast, kind: str, environment: str) -> None:
    name = scene.deployed(environment, "registry.test/agent:1.4.1", kind=kind)
    done = scene.carried_out(cast.dev, f"/deploy {name} 1.4.2 to {environment}")
    assert done.text == f"deploy {name} 1.4.1 → 1.4.2 in {environment}: succeeded"
    assert scene.images(environment, name) == ["registry.test/agent:1.4.2"]


@pytest.mark.parametrize(("kind", "short"), [("StatefulSet", "sts"), ("DaemonSet", "ds")])
def test_restart_of_another_kind(scene: Scene, cast: Cast, kind: str, short: str) -> None:
    name = scene.deployed("staging", "registry.test/agent:1.4.1", kind=kind)
    before = scene.pods("staging", name)
    done = scene.carried_out(cast.dev, f"/ops restart {short}/{name} in staging")
    assert done.text == f"restart {name} in staging: succeeded"
    assert not before & scene.pods("staging", name)


def test_rollback_and_scale_of_a_stateful_set(scene: Scene, cast: Cast) -> None:
    db = scene.deployed("staging", "registry.test/db:1", kind="StatefulSet")
    scene.rolled("staging", db, "registry.test/db:2")
    assert scene.carried_out(cast.dev, f"/rollback {db} in staging").text.endswith(
        "to revision 1 in staging: succeeded"
    )
    assert scene.images("staging", db) == ["registry.test/db:1"]
    assert scene.carried_out(cast.dev, f"/scale {db} +1 in staging").text.endswith(
        "2 → 3 replicas in staging: succeeded"
    )


def test_a_partition_keeps_the_first_pods_and_going_back_replaces_the_others(scene: Scene, cast: Cast) -> None:
    strategy = {"type": "RollingUpdate", "rollingUpdate": {"partition": 1}}
    db = scene.deployed("staging", "registry.test/db:1", kind="StatefulSet", strategy=strategy)
    before = scene.pods("staging", db)
    done = scene.carried_out(cast.dev, f"/deploy {db} 2 to staging")
    assert f"its strategy has partition 1: only the pods {db}-1 and above are replaced" in done.plain()
    assert "1 of 2 pods is new and ready, 1 kept by the partition." in done.plain()
    deployed = scene.pods("staging", db)
    back = scene.carried_out(cast.dev, f"/rollback {db} in staging")
    assert "2 of 2 pods ready." in back.plain()
    assert [len(before & deployed), len(deployed & scene.pods("staging", db))] == [1, 1]


def test_a_typed_rollback_frees_a_stateful_set_that_waits_for_its_broken_pod(scene: Scene, cast: Cast) -> None:
    """Nothing but its deletion lets the controller go on (kubernetes#67250)."""
    db = scene.deployed("staging", "registry.test/db:1", kind="StatefulSet")
    scene.ended(scene.ask(cast.dev, f"/deploy {db} missing to staging"), "failed")
    done = scene.carried_out(cast.dev, f"/ops rollback {db} in staging")
    assert f"Deleted because it was broken and in the way: {db}-1." in done.plain()
    assert scene.images("staging", db) == ["registry.test/db:1"]


def test_a_daemon_set_has_no_replicas(scene: Scene, cast: Cast) -> None:
    agent = scene.deployed("staging", "registry.test/agent:1", kind="DaemonSet")
    scene.say(cast.dev, f"/scale {agent} 3 in staging")
    scene.told(cast.dev, f"{agent} is a DaemonSet: it runs one pod on every node that fits")
    assert scene.messages() == []


@pytest.mark.parametrize("environment", ["staging", "prod"])
def test_deploy_by_digest(scene: Scene, cast: Cast, environment: str) -> None:
    web = scene.deployed(environment)
    done = scene.carried_out(cast.dev, f"/deploy {web}@{DIGEST} to {environment}")
    assert done.text.startswith(f"deploy {web} 1.4.1 → sha256:")
    assert scene.images(environment, web) == [f"registry.test/web@{DIGEST}"]


def test_the_container_is_named_where_there_are_several(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("staging", containers={"app": "registry.test/app:1", "proxy": "registry.test/proxy:1"})
    done = scene.carried_out(cast.dev, f"/deploy {web} 2 to staging container=app")
    assert done.text == f"deploy {web} (app) 1 → 2 in staging: succeeded"
    assert scene.images("staging", web) == ["registry.test/app:2", "registry.test/proxy:1"]


def test_several_containers_and_an_init_container_are_changed_by_one_write(scene: Scene, cast: Cast) -> None:
    runs = {"app": "registry.test/app:1", "proxy": "registry.test/proxy:1"}
    web = scene.deployed("staging", replicas=1, containers=runs, init_containers={"migrate": "registry.test/app:1"})
    done = scene.carried_out(cast.dev, f"/deploy {web} app:2,proxy:3 to staging")
    assert done.text == f"deploy {web} (app, migrate) 1 → 2, (proxy) 1 → 3 in staging: succeeded"
    assert scene.images("staging", web) == ["registry.test/app:2", "registry.test/proxy:3"]
    [init] = scene.live("staging", web)["spec"]["template"]["spec"]["initContainers"]
    assert init["image"] == "registry.test/app:2"
    assert len(scene.writes("staging", web)) == 1


def test_a_whole_image_tells_which_container_is_meant(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("staging", containers={"app": "registry.test/app:1", "proxy": "registry.test/proxy:1"})
    scene.carried_out(cast.dev, f"/deploy {web} registry.test/proxy:2 to staging")
    assert scene.images("staging", web) == ["registry.test/app:1", "registry.test/proxy:2"]


def test_which_of_several_containers_is_asked_and_never_guessed(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("staging", containers={"app": "registry.test/app:1", "proxy": "registry.test/proxy:1"})
    scene.say(cast.dev, f"/deploy {web} 2 to staging")
    told = scene.told(cast.dev, f"{web} has 2 containers")
    assert "Say which one is meant: `container=app` or `container=proxy`." in told.plain()
    assert scene.messages() == []
    assert scene.writes("staging", web) == []


def test_a_name_that_two_kinds_bear_is_asked_about(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("staging")
    scene.deployed("staging", kind="StatefulSet", name=web)
    scene.say(cast.dev, f"/deploy {web} 1.4.2 to staging")
    told = scene.told(cast.dev, f"`{web}` is several things in staging")
    assert f"say `deployment/{web}` or `statefulset/{web}`." in told.plain()
    assert scene.messages() == []
    done = scene.carried_out(cast.dev, f"/deploy deployment/{web} 1.4.2 to staging")
    assert done.text == f"deploy {web} 1.4.1 → 1.4.2 in staging: succeeded"
