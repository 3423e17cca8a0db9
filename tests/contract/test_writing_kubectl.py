"""kubectl's ways to write, typed at both servers: apply, diff, patch, label, annotate, set, scale, replace, delete."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.contract.objects import config_map, deployment
from tests.contract.terminal import Story, Terminal, same
from tests.harness.controlplane import ControlPlane
from tests.harness.simulated import SimulatedCluster

Json = dict[str, Any]
pytestmark = pytest.mark.control_plane


def _apply(terminal: Terminal, obj: Json, *flags: str) -> None:
    terminal("apply", *flags, "-f", "-", stdin=json.dumps(obj))


def _owners(terminal: Terminal, what: str) -> None:
    """Who owns which fields, without the controllers and without times."""
    found = json.loads(terminal("get", what, "-o", "json", "--show-managed-fields"))["metadata"]["managedFields"]
    del terminal.said[-1]
    entries = [{key: value for key, value in entry.items() if key != "time"} for entry in found]
    entries = [entry for entry in entries if entry["manager"] != "kube-controller-manager"]
    terminal.note(sorted(entries, key=lambda entry: (entry["manager"], entry["operation"])))


def client_side(terminal: Terminal) -> None:
    _apply(terminal, deployment())
    _apply(terminal, deployment())
    changed = deployment(minReadySeconds=3, strategy={"type": "Recreate"})
    changed["spec"]["template"]["spec"]["containers"][0]["image"] = "app:2"
    terminal("diff", "-f", "-", stdin=json.dumps(deployment()))
    _apply(terminal, changed, "--dry-run=server")
    _apply(terminal, changed, "--dry-run=client")
    _apply(terminal, changed)
    fewer = deployment()
    fewer["spec"]["template"]["spec"]["containers"].pop()
    _apply(terminal, fewer)
    _apply(terminal, {**deployment(), "spec": {**deployment()["spec"], "frob": 1}})
    _apply(terminal, {**deployment(), "spec": {**deployment()["spec"], "frob": 1}}, "--validate=warn")
    _apply(terminal, deployment(replicas="many"))
    _apply(terminal, deployment(selector={"matchLabels": {"app": "other"}}))
    terminal("get", "deployment/web", "-o", "jsonpath={.metadata.generation} {.spec.template.spec.containers[*].image}")
    terminal("apply", "view-last-applied", "deployment/web")
    _owners(terminal, "deployment/web")


def server_side(terminal: Terminal) -> None:
    _apply(terminal, config_map(data={"a": "1"}), "--server-side")
    _apply(terminal, config_map(data={"a": "1"}), "--server-side")
    _apply(terminal, config_map(data={"a": "2"}), "--server-side", "--field-manager=other")
    _apply(terminal, config_map(data={"a": "2"}), "--server-side", "--field-manager=other", "--force-conflicts")
    _apply(terminal, config_map(data={"a": "1"}), "--server-side", "--dry-run=server")
    _apply(terminal, {**config_map(), "frob": 1}, "--server-side")
    terminal("diff", "--server-side", "-f", "-", stdin=json.dumps(config_map(data={"a": "2"})))
    _owners(terminal, "configmap/x")


def server_side_over_client_side(terminal: Terminal) -> None:
    _apply(terminal, config_map(data={"a": "1", "b": "2"}))
    _apply(terminal, config_map(data={"a": "2"}), "--server-side")
    _owners(terminal, "configmap/x")
    terminal("get", "configmap/x", "-o", "jsonpath={.data} {.metadata.annotations}")
    _apply(terminal, config_map(data={"a": "3"}))
    _owners(terminal, "configmap/x")


def patches(terminal: Terminal) -> None:
    _apply(terminal, deployment(), "--server-side")
    image = {"spec": {"template": {"spec": {"containers": [{"name": "app", "image": "app:3"}]}}}}
    terminal("patch", "deployment/web", "-p", json.dumps(image))
    terminal("patch", "deployment/web", "-p", json.dumps(image))
    terminal("patch", "deployment/web", "--type=merge", "-p", '{"spec":{"minReadySeconds":4}}')
    test = {"op": "test", "path": "/spec/minReadySeconds", "value": 5}
    terminal("patch", "deployment/web", "--type=json", "-p", json.dumps([test]))
    replace = {"op": "replace", "path": "/spec/minReadySeconds", "value": 6}
    terminal("patch", "deployment/web", "--type=json", "-p", json.dumps([{**test, "value": 4}, replace]))
    terminal("patch", "deployment/web", "-p", '{"spec":{"template":{"spec":{"containers":[{"image":"x"}]}}}}')
    terminal("patch", "deployment/web", "--subresource=scale", "--type=merge", "-p", '{"spec":{"replicas":-1}}')
    terminal("patch", "deployment/missing", "-p", "{}")
    terminal("set", "image", "deployment/web", "app=app:4", "side=side:4")
    terminal("set", "image", "deployment/web", "nobody=app:4")
    terminal("set", "env", "deployment/web", "LEVEL=debug")
    terminal("set", "resources", "deployment/web", "-c=app", "--limits=cpu=200m")
    terminal("label", "deployment/web", "tier=front")
    terminal("label", "deployment/web", "tier=back")
    terminal("label", "deployment/web", "tier=_")
    terminal("label", "--overwrite", "deployment/web", "tier=_")
    terminal("annotate", "deployment/web", "note=x", "other=y")
    terminal("annotate", "deployment/web", "note-")
    terminal("get", "deployment/web", "-o", "jsonpath={.metadata.generation} {.spec.template.spec.containers}")
    _owners(terminal, "deployment/web")


def scaling(terminal: Terminal) -> None:
    _apply(terminal, deployment(), "--server-side")
    terminal("scale", "deployment/web", "--replicas=2", "--dry-run=server")
    terminal("scale", "deployment/web", "--current-replicas=5", "--replicas=1")
    terminal("scale", "deployment/web", "--current-replicas=0", "--replicas=1")
    terminal("get", "deployment/web", "-o", "jsonpath={.spec.replicas} {.metadata.generation}")
    terminal("scale", "deployment/missing", "--replicas=1")
    _owners(terminal, "deployment/web")


def replacing(terminal: Terminal) -> None:
    terminal("create", "-f", "-", stdin=json.dumps(config_map(data={"a": "1"})))
    terminal("create", "-f", "-", stdin=json.dumps(config_map(data={"a": "1"})))
    terminal("create", "-f", "-", "--save-config", "--dry-run=server", stdin=json.dumps(config_map("y")))
    live = json.loads(terminal("get", "configmap/x", "-o", "json"))
    del terminal.said[-1]
    terminal("replace", "-f", "-", stdin=json.dumps({**live, "data": {"a": "2"}}))
    terminal("replace", "-f", "-", stdin=json.dumps({**live, "data": {"a": "3"}}))
    terminal("replace", "-f", "-", stdin=json.dumps(config_map(data={"a": "4"})))
    terminal("replace", "--force", "-f", "-", stdin=json.dumps(config_map(data={"a": "5"})))
    terminal("replace", "-f", "-", stdin=json.dumps(config_map("missing")))
    terminal("get", "configmap/x", "-o", "jsonpath={.data}")
    terminal("delete", "configmap/x", "--dry-run=server")
    terminal("delete", "configmap/x")
    terminal("delete", "configmap/x")
    terminal("delete", "configmap/x", "--ignore-not-found")


@pytest.mark.parametrize("story", [client_side, server_side, server_side_over_client_side, patches, scaling, replacing])
def test_both_print_alike(
    story: Story, simulated_cluster: SimulatedCluster, control_plane: ControlPlane, tmp_path: Path
):
    same(story, simulated_cluster, control_plane, tmp_path)
