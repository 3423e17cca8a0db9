"""Server-side apply: who owns what, conflicts, force, what is given up, and what makes no sense."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.contract.objects import config_map, deployment
from tests.contract.telling import APPLY, JSON, MERGE, STRATEGIC, Json, Say, same
from tests.harness.controlplane import ControlPlane
from tests.harness.simulated import SimulatedCluster

pytestmark = pytest.mark.control_plane
X, WEB = "configmaps/x", "deployments/web"
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def _apply(say: Say, where: str, obj: Json, manager: str = "one", **query: str) -> Json:
    return say("PATCH", where, obj, APPLY, fieldManager=manager, **query)


def _web(*containers: Json, **spec: Any) -> Json:
    obj = deployment(**spec)
    obj["spec"]["template"]["spec"]["containers"] = list(containers)
    if "replicas" not in spec:
        del obj["spec"]["replicas"]
    return obj


def maps(say: Say) -> None:
    _apply(say, X, config_map(data={"a": "1", "b": "2"}, labels={"l": "1"}))
    _apply(say, X, config_map(data={"a": "1", "b": "2"}, labels={"l": "1"}))
    _apply(say, X, config_map(data={"a": "2"}), "two")
    _apply(say, X, config_map(data={"a": "2", "b": "3"}), "two")
    _apply(say, X, config_map(data={"a": "1"}), "two")
    _apply(say, X, config_map(data={"a": "2"}), "two", force="true")
    _apply(say, X, config_map(data={"b": "2"}))
    _apply(say, X, config_map(), "two")
    say("PATCH", X, {"data": {"b": "9"}}, MERGE, fieldManager="upd")
    _apply(say, X, config_map(data={"b": "2"}))
    _apply(say, X, config_map(data={"b": "2"}), dryRun="All", force="true")
    _apply(say, X, config_map(data={"b": "9"}))
    _apply(say, X, config_map())
    _apply(say, X, config_map(data={"c": None}))
    _apply(say, X, {"apiVersion": "v1", "kind": "ConfigMap"})
    say("GET", X)


def three_owners_conflict(say: Say) -> None:
    _apply(say, X, config_map(data={"a": "1"}), "zoe")
    _apply(say, X, config_map(data={"b": "1"}), "ann")
    say("PATCH", X, {"data": {"c": "1", "d": "1"}}, MERGE, fieldManager="bob")
    _apply(say, X, config_map(data={"a": "2", "b": "2", "c": "2", "d": "2"}))
    _apply(say, X, config_map(data={"a": "2", "b": "2", "c": "2"}), force="true")
    _apply(say, X, config_map(data={"a": "2"}), "zoe")


def makes_no_sense(say: Say) -> None:
    _apply(say, X, config_map(data={"a": "1"}))
    say("PATCH", X, config_map(), APPLY)
    _apply(say, X, config_map("other"))
    _apply(say, X, config_map(namespace="other"))
    _apply(say, X, {**config_map(), "kind": "Secret"})
    _apply(say, X, {"kind": "ConfigMap", "metadata": {"name": "x"}})
    _apply(say, X, {**config_map(), "apiVersion": "v2"})
    _apply(say, X, config_map(managedFields=[]))
    _apply(say, X, config_map(resourceVersion="1"))
    _apply(say, X, config_map(uid="1"))
    _apply(say, "configmaps/new", config_map("new", uid="1"))
    _apply(say, "configmaps/new", config_map("new", resourceVersion="1"))
    for validation in ("Strict", "Warn", "Ignore"):
        _apply(say, X, {**config_map(), "frob": 1}, fieldValidation=validation)
    _apply(say, X, config_map(data={"a": 1}))  # type: ignore[dict-item]
    _apply(say, X, {**config_map(), "data": "a"})
    _apply(say, X, {**config_map(), "data": ["a"]})
    _apply(say, X, {**config_map(), "immutable": "yes"})
    _apply(say, X, config_map(labels={"a": "_"}))
    _apply(say, "configmaps/Bad_", config_map("Bad_"))
    _apply(say, WEB, _web({"name": "c", "image": "i"}, replicas="3"))
    _apply(say, WEB, _web({"name": "c", "image": "i"}, {"name": "c", "image": "i"}))
    _apply(say, WEB, _web({"name": "c", "image": "i"}, replicas=1.5))
    _apply(say, WEB, {**_web(), "spec": {"template": {"spec": {"containers": {"name": "c"}}}}})
    _apply(say, WEB, _web({"name": "c", "image": 3}))
    _apply(say, WEB, _web({"name": "c", "image": "i", "resources": {"limits": {"cpu": "much"}}}))
    say("PATCH", X, {}, MERGE, force="true")


def bodies(say: Say) -> None:
    for body in ("", "{}", "null", "[]", '"x"', "3"):
        _apply(say, X, body)  # type: ignore[arg-type]
    _apply(say, X, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata:\n  a: b\n")  # type: ignore[arg-type]


def lists(say: Say) -> None:
    full = {"name": "c", "image": "i", "ports": [{"containerPort": 80}], "env": [{"name": "A", "value": "1"}],
            "args": ["x"], "resources": {"limits": {"cpu": "1"}}}  # fmt: skip
    _apply(say, WEB, _web(full, replicas=0))
    _apply(say, WEB, _web({"name": "c", "image": "j"}, {"name": "d", "image": "k"}), "two")
    _apply(say, WEB, _web({"name": "d", "image": "k"}), "two")
    _apply(say, WEB, _web({"name": "d", "image": "k"}, {"name": "c", "image": "i"}), "two", dryRun="All")
    _apply(
        say, WEB, _web({**full, "ports": [{"containerPort": 81}, {"containerPort": 80, "protocol": "UDP"}]}, replicas=0)
    )
    _apply(say, WEB, _web({"name": "c", "image": "i"}))
    _apply(say, WEB, _web({"image": "i"}))
    _apply(say, WEB, _web({"name": "c", "image": "i"}, replicas=0))
    say("PATCH", f"{WEB}/scale", {"spec": {"replicas": 2}}, MERGE)
    _apply(say, WEB, _web({"name": "c", "image": "i"}, replicas=0))
    _apply(say, WEB, _web({"name": "c", "image": "i"}, replicas=0), force="true")
    meta = {"labels": {"x": "y"}, "annotations": {"q": "r"}, "finalizers": ["a.b/c"]}
    say(
        "PATCH",
        WEB,
        {"metadata": meta, "spec": {"template": {"spec": {"containers": [{"name": "c", "image": "z"}]}}}},
        STRATEGIC,
    )
    _apply(say, WEB, _web({"name": "c", "image": "i"}, replicas=0))
    _apply(say, WEB, _web({"name": "c", "image": "z"}, replicas=0))
    _apply(
        say,
        WEB,
        _web({"name": "z", "image": "z"}, {"name": "c", "image": "z"}, {"name": "a", "image": "z"}, replicas=0),
    )
    say("PATCH", WEB, [{"op": "remove", "path": "/metadata/finalizers"}], JSON)


def finalizers_are_a_set(say: Say) -> None:
    _apply(say, X, config_map(finalizers=["a.b/c", "d.e/f"]))
    _apply(say, X, config_map(finalizers=["d.e/f", "g.h/i"]), "two")
    _apply(say, X, config_map(finalizers=["a.b/c"]))
    _apply(say, X, config_map(), "two")
    _apply(say, X, config_map(finalizers=["a.b/c", "a.b/c"]))


def structures_go_when_nobody_is_left(say: Say) -> None:
    probe = {"httpGet": {"path": "/", "port": 80}, "periodSeconds": 3}
    _apply(
        say,
        WEB,
        _web({"name": "c", "image": "i", "readinessProbe": probe, "securityContext": {"runAsUser": 3}}, replicas=0),
    )
    _apply(say, WEB, _web({"name": "c", "image": "i", "securityContext": {"runAsGroup": 3}}), "two")
    _apply(say, WEB, _web({"name": "c", "image": "i"}, replicas=0))
    _apply(say, WEB, _web({"name": "c", "image": "i"}), "two")


def after_no_owners(say: Say) -> None:
    say("POST", "deployments", deployment())
    say("PATCH", WEB, {"metadata": {"managedFields": [{}]}}, MERGE)
    say("PATCH", WEB, {"metadata": {"labels": {"z": "z"}}}, MERGE)
    _apply(say, WEB, _web({"name": "app", "image": "new:1"}, replicas=0))
    _apply(say, WEB, _web({"name": "app", "image": "new:1"}, replicas=0), force="true")
    say("PATCH", WEB, {"metadata": {"managedFields": [{"manager": "x"}]}}, MERGE)


def through_status(say: Say) -> None:
    say(
        "POST",
        "poddisruptionbudgets",
        {"metadata": {"name": "x"}, "spec": {"selector": {"matchLabels": {"no": "pods"}}}},
    )
    whole = {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "x"}}
    condition = {
        "type": "Ours",
        "status": "True",
        "reason": "R",
        "message": "",
        "lastTransitionTime": "2026-01-01T00:00:00Z",
    }
    _apply(say, "poddisruptionbudgets/x/status", {**whole, "status": {"conditions": [condition]}})
    _apply(say, "poddisruptionbudgets/x/status", {**whole, "spec": {"minAvailable": 3}})
    _apply(say, "poddisruptionbudgets/x", {**whole, "spec": {"maxUnavailable": 3}, "status": {"expectedPods": 3}})
    _apply(say, "poddisruptionbudgets/missing/status", {**whole, "metadata": {"name": "missing"}})


def over_a_client_side_apply(say: Say) -> None:
    applied = config_map(data={"a": "1", "b": "2"})
    annotated = config_map(data={"a": "1", "b": "2"}, annotations={LAST_APPLIED: json.dumps(applied) + "\n"})
    say("POST", "configmaps", annotated, fieldManager="kubectl-client-side-apply")
    _apply(say, X, config_map(data={"a": "5", "b": "2"}), "other")
    _apply(say, X, config_map(data={"a": "5", "b": "2"}), "kubectl")
    say("PATCH", X, {"data": {"b": "8"}}, MERGE, fieldManager="upd")
    _apply(say, X, config_map(data={"a": "5", "b": "2"}), "kubectl")


STORIES = [maps, three_owners_conflict, makes_no_sense, bodies, lists, finalizers_are_a_set,
           structures_go_when_nobody_is_left, after_no_owners, through_status, over_a_client_side_apply]  # fmt: skip


@pytest.mark.parametrize("story", STORIES)
def test_both_answer_alike(
    story: Callable[[Say], None], simulated_cluster: SimulatedCluster, control_plane: ControlPlane
):
    same(story, simulated_cluster, control_plane)
