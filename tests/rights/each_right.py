"""Every verb of the chart's Roles, taken away alone: somebody reads which verb, of what, in which namespace is missing.

``make rights``. That ``quarterdeck check`` names each is in tests/unit/quarterdeck/test_check.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest

from commands.registry import discover
from playground.workspace import Workspace
from tests.harness.api import Json
from tests.harness.controlplane import ControlPlane
from tests.harness.processes import wait_until
from tests.harness.redis import RedisServer
from tests.rights.stories import story_of
from tests.scenarios.bound import Bound
from tests.scenarios.scene import Scene
from tests.scenarios.stack import Stack
from workers.rights import MASKING, PROCESSES, Process, Right, rights_of

pytestmark = pytest.mark.control_plane

RIGHTS: list[tuple[Process, Right]] = [
    (process, right)
    for process in PROCESSES
    for right in sorted(MASKING.union(*(rights_of(command, process) for command in discover())))
]
SPELLED = [f"{process} {verb} {resource}" for process, (resource, verb) in RIGHTS]


def place(number: int) -> str:
    return f"lacks-{number}"


@pytest.fixture(scope="module")
def stack(control_plane: ControlPlane) -> Iterator[Stack]:
    """An environment for each right, in which that process lacks just that one."""
    with (
        RedisServer() as redis,
        Workspace(rate_limits=False) as workspace,
        Bound(control_plane, control_plane.kubeconfig, redis, workspace) as made,
    ):
        for number, (_, right) in enumerate(RIGHTS):
            made.namespaces[place(number)] = control_plane.namespace()
            made.environments[place(number)] = environment(made, place(number), right)
        made.extra["permissions"] = [{"roles": ["developer", "sre"], "commands": ["*"], "environments": ["*"]}]
        made.write_config()
        made.bind()
        for number, (process, right) in enumerate(RIGHTS):
            take_away(control_plane, made, made.namespaces[place(number)], process, right)
        yield made.start()


def environment(stack: Stack, name: str, right: Right) -> Json:
    """Approvals are asked for where a drift is to be seen, and Secrets read where that is what is missing."""
    approvals = {"required": 1, "approvers": ["sre"], "expires": "30m"}
    more: Json = {"approvals": approvals} if right[0] == "controllerrevisions.apps" else {}
    return {"cluster": "main", "namespace": stack.namespaces[name], "mask_secrets": right[0] == "secrets", **more}


def take_away(cluster: ControlPlane, stack: Bound, namespace: str, process: Process, right: Right) -> None:
    """From the Role as the chart made it; returns when the API server acts by that."""
    path = f"/apis/rbac.authorization.k8s.io/v1/namespaces/{namespace}/roles/quarterdeck-{process}"
    granted = {
        (".".join(filter(None, [resource, group])), verb)
        for rule in cluster.get(path)["rules"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
    }
    secrets = MASKING if right in MASKING else set()
    assert granted == {each for whose, each in RIGHTS if whose == process} - MASKING | secrets, (
        "all that it has is tried"
    )
    cluster.patch(path, [{"op": "replace", "path": "/rules", "value": rules(granted - {right})}])
    resource, _, group = right[0].partition(".")
    resource, _, subresource = resource.partition("/")
    attributes = {"verb": right[1], "group": group, "resource": resource, "subresource": subresource}
    wait_until(lambda: not stack.may(process, {**attributes, "namespace": namespace}), 10)


def rules(rights: Iterable[Right]) -> list[Json]:
    split = [(resource.partition("."), verb) for resource, verb in sorted(rights)]
    return [{"apiGroups": [name[2]], "resources": [name[0]], "verbs": [verb]} for name, verb in split]


@pytest.mark.parametrize("number", range(len(RIGHTS)), ids=SPELLED)
def test_without_it_something_fails_and_says_so(stack: Bound, number: int) -> None:
    process, (resource, verb) = RIGHTS[number]
    story = story_of(process, RIGHTS[number][1])
    sentence = f"Quarterdeck's account may not {verb} {resource.partition('.')[0]} in namespace {stack.namespaces[place(number)]}"
    stack.new_minute()
    scene = Scene(stack, stack.channel())
    story(scene, place(number))
    scene.workspace.wait(lambda: sentence in everything(scene), 45, f"{sentence!r} told")


def everything(scene: Scene) -> str:
    """All that there is to be read in the channel, by the one who asked."""
    messages = scene.messages()
    threads = [reply for message in messages for reply in scene.thread(message)]
    return "\n".join(m.plain() for m in [*messages, *threads, *scene.whispers(scene.cast.dev)])
