"""The chart's Roles, no more and no less: with just those every command works, and every verb of them is used."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from playground.workspace import Workspace
from tests.harness.api import Api
from tests.harness.controlplane import ControlPlane
from tests.harness.redis import RedisServer
from tests.scenarios.bound import PROCESSES, Bound
from tests.scenarios.scene import IMAGE, Scene

pytestmark = pytest.mark.control_plane

KINDS = ("Deployment", "StatefulSet", "DaemonSet")


@pytest.fixture(scope="module")
def stack(control_plane: ControlPlane) -> Iterator[Bound]:
    with (
        RedisServer() as redis,
        Workspace(rate_limits=False) as workspace,
        Bound(control_plane, Path("/nowhere"), redis, workspace, forked=False) as made,
    ):
        made.start()
        yield made


def changes(scene: Scene, kind: str) -> None:
    """Deploy, restart, roll back and scale: followed to the end."""
    name = scene.deployed("staging", "registry.test/app:1", kind=kind)
    scene.carried_out(scene.cast.dev, f"/deploy {name} 2 to staging")
    scene.carried_out(scene.cast.dev, f"/rollback {name} in staging")
    scene.carried_out(scene.cast.dev, f"/ops restart {name} in staging")
    if kind != "DaemonSet":
        scene.carried_out(scene.cast.dev, f"/scale {name} +1 in staging")
        scaled = scene.autoscaled("staging", 1, 4, "registry.test/app:1", kind=kind)
        scene.carried_out(scene.cast.dev, f"/scale {scaled} min=3 in staging")


def drifts(scene: Scene, kind: str) -> None:
    """What somebody else changes meanwhile is read again, past the caches, before approvals are void."""
    name = scene.deployed("prod", "registry.test/app:1", kind=kind)
    asked = scene.until(scene.ask(scene.cast.dev, f"/deploy {name} 2 to prod"), "awaiting approval")
    scene.change("prod", name, [{"op": "replace", "path": IMAGE, "value": "registry.test/app:3"}])
    scene.wait(lambda m: m.ts == asked.ts and "app:3" in m.plain())
    scene.press(scene.cast.dev, scene.now(asked), "Cancel")
    scene.until(asked, "cancelled")


def bounds_drift(scene: Scene, kind: str) -> None:
    """So are those of an autoscaler."""
    if kind == "DaemonSet":
        return
    name = scene.autoscaled("prod", 1, 4, "registry.test/app:1", kind=kind)
    asked = scene.until(scene.ask(scene.cast.dev, f"/scale {name} min=2 in prod"), "awaiting approval")
    scene.change("prod", f"{name}-cpu", [{"op": "replace", "path": "/spec/maxReplicas", "value": 5}])
    scene.wait(lambda m: m.ts == asked.ts and "1-5 → 2-5 replicas" in m.text)
    scene.press(scene.cast.dev, scene.now(asked), "Cancel")
    scene.until(asked, "cancelled")


def breaks(scene: Scene, kind: str) -> None:
    """Its cause is told, with what the pod logged; on the way back a StatefulSet's broken pod is deleted."""
    name = scene.deployed("staging", "registry.test/app:1", kind=kind)
    failed = scene.ended(scene.ask(scene.cast.dev, f"/deploy {name} crash to staging"), "failed")
    if kind == "StatefulSet":
        scene.press(scene.cast.dev, failed, "Roll back")
        back = scene.ended(scene.after(failed), "succeeded")
        assert f"Deleted because it was broken and in the way: {name}-1." in back.plain()


def is_asked_about(scene: Scene, kind: str) -> None:
    name = scene.deployed("staging", "registry.test/app:1", kind=kind)
    dev, namespace = scene.cast.dev, scene.stack.namespaces["staging"]
    pod = scene.stack.cluster.get(f"/api/v1/namespaces/{namespace}/pods?labelSelector=app%3D{name}")["items"][0]
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "namespace": namespace}}
    scene.stack.cluster.apply({**service, "spec": {"selector": {"app": name}, "ports": [{"port": 80}]}})
    said: dict[str, str] = {
        f"/ops history {name} in staging": "revision",
        f"/ops logs {name} in staging": f"Logs of {name}",
        f"/ops logs pod/{pod['metadata']['name']} in staging": "It is Running",
        f"/ops diff restart {name} in staging": "Only a preview",
        f"/ops logs {name}x in staging": f"Did you mean `{name}`",
        "/ops logs pod/nothing in staging": "There is no pod",
    }
    for line, answer in said.items():
        scene.say(dev, line)
        _read(scene, answer)
    scene.say(dev, f"/ops status {name} in staging")
    _read(scene, f"{name} in staging")
    scene.say(dev, "/ops status in staging")
    _read(scene, "workloads")


def _read(scene: Scene, text: str) -> None:
    """In the channel or alone, wherever the command answers."""

    def there() -> Any:
        return any(text in m.plain() for m in [*scene.messages(), *scene.whispers(scene.cast.dev)])

    scene.workspace.wait(there, 60, f"{text!r} told")


STORIES: tuple[Callable[[Scene, str], None], ...] = (changes, drifts, bounds_drift, breaks, is_asked_about)


def test_the_roles_are_enough_for_every_command_and_no_verb_of_them_is_idle(stack: Bound, control_plane: ControlPlane):
    for kind in KINDS:
        for story in STORIES:
            stack.new_minute()
            scene = Scene(stack, stack.channel())
            story(scene, kind)
            scene.rest()
    for process in PROCESSES:
        asked = control_plane.rights_asked(stack.account(process), set(stack.namespaces.values()))
        assert asked == granted(control_plane, stack, process), process


@pytest.mark.parametrize("process", PROCESSES)
def test_whoever_holds_a_cluster_sees_no_token_of_slacks(stack: Bound, process: str):
    """Not in its environment, in any file that it has open, or anywhere in its memory, though a whole life lies behind it."""
    pid = stack.processes[process].pid
    held = Path(f"/proc/{pid}/environ").read_bytes()
    assert stack.kubeconfigs[process].name.encode() in held
    assert b"SLACK" not in held
    own, foreign = stack.token_of(process), {stack.workspace.bot_token, stack.workspace.app_token}
    assert found(pid, {own, *foreign}) == {own}, "its own is there, so this finds what there is"


def test_the_bot_sees_its_tokens_and_never_opens_a_kubeconfig(stack: Bound):
    """Whoever opened the trap would wait there for ever, and be its reader. Nor has it a cluster's token from anywhere else."""
    pid = stack.processes["bot"].pid
    own, foreign = {stack.workspace.bot_token, stack.workspace.app_token}, {stack.token_of(p) for p in PROCESSES}
    assert found(pid, {*own, *foreign}) == own
    assert not [n for n in stack.names["bot"] if n.startswith("KUBE")]
    with pytest.raises(OSError, match="No such device") as nobody_reads:
        os.open(stack.kubeconfigs["bot"], os.O_WRONLY | os.O_NONBLOCK)
    assert nobody_reads.value.errno == errno.ENXIO


def test_the_bots_account_may_do_nothing_in_the_cluster(stack: Bound, control_plane: ControlPlane):
    """By what the API server answers to its own token, in each namespace: no more than to an account that nobody granted anything."""
    for namespace in (*stack.namespaces.values(), stack.home_namespace, "default", "kube-system"):
        may = {who: own_rights(control_plane, stack.token(who), namespace) for who in ("bot", "nobody", *PROCESSES)}
        assert may["bot"] == may["nobody"]
        ours = namespace in stack.namespaces.values()
        assert [who for who in PROCESSES if may[who] != may["nobody"]] == (list(PROCESSES) if ours else [])


def own_rights(control_plane: ControlPlane, token: str, namespace: str) -> set[tuple[str, str]]:
    """As a SelfSubjectRulesReview tells them, resources and paths."""
    api = Api(control_plane.server, token, control_plane.folder / "apiserver.crt")
    path = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews"
    status = api.request("POST", path, {"spec": {"namespace": namespace}})["status"]
    api.close()
    rules = [*status["resourceRules"], *status["nonResourceRules"]]
    return {
        (what, verb)
        for rule in rules
        for what in rule.get("resources") or rule["nonResourceURLs"]
        for verb in rule["verbs"]
    }


def found(pid: int, tokens: set[str]) -> set[str]:
    """Those that stand in its environment, in a file that it has open, or in its memory."""
    places = chain([Path(f"/proc/{pid}/environ").read_bytes()], opened(pid), remembered(pid))
    return {token for place in places for token in tokens if token.encode() in place}


def opened(pid: int) -> Iterator[bytes]:
    files = {path for fd in Path(f"/proc/{pid}/fd").iterdir() if (path := fd.resolve()).is_file()}
    return (path.read_bytes() for path in files)


def remembered(pid: int) -> Iterator[bytes]:
    """What was mapped from no file, and may be written."""
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            span, mode, _, _, inode, *_ = line.split()
            if mode.startswith("rw") and inode == "0":
                start, end = (int(part, 16) for part in span.split("-"))
                memory.seek(start)
                with suppress(OSError):  # unmapped meanwhile
                    yield memory.read(end - start)


def granted(control_plane: ControlPlane, stack: Bound, process: str) -> set[tuple[str, str]]:
    """By the Role as the API server has it."""
    path = f"/apis/rbac.authorization.k8s.io/v1/namespaces/{stack.namespaces['staging']}/roles/quarterdeck-{process}"
    return {
        (".".join(filter(None, [resource, *rule["apiGroups"]])), verb)
        for rule in control_plane.get(path)["rules"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
    }
