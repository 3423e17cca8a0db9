"""Creating: names, metadata, bodies that do not fit their types, unknown fields, dry runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.contract.objects import config_map, deployment
from tests.contract.telling import Json, Say, same
from tests.harness.controlplane import ControlPlane
from tests.harness.simulated import SimulatedCluster

pytestmark = pytest.mark.control_plane
OWNER = {"apiVersion": "v1", "kind": "Pod", "name": "p", "uid": "1", "controller": True}

METADATA: list[Json] = [
    {"name": "x"},
    {},
    {"name": ""},
    {"name": "Bad_"},
    {"name": "a" * 254},
    {"generateName": "gen-"},
    {"generateName": "Gen_"},
    {"generateName": "g" * 300},
    {"name": "x", "generateName": "gen-"},
    {"name": "x", "namespace": "other"},
    {"name": "x", "resourceVersion": "1"},
    {"name": "x", "uid": "u", "creationTimestamp": "2020-01-01T00:00:00Z", "deletionTimestamp": "2020-01-01T00:00:00Z"},
    {"name": "x", "labels": {"a b": "c"}},
    {"name": "x", "labels": {"l": "v" * 64}},
    {"name": "x", "labels": {"/x": "y"}},
    {"name": "x", "labels": {"a/": "_y"}},
    {"name": "x", "annotations": {"A b": "x", "fine": "any thing"}},
    {"name": "x", "annotations": {"a": "x" * 262_144}},
    {"name": "x", "finalizers": ["bare"]},
    {"name": "x", "finalizers": ["a.b/c/d"]},
    {"name": "x", "finalizers": ["A_/b"]},
    {"name": "x", "finalizers": ["a.b/c", "a.b/c"]},
    {"name": "x", "finalizers": ["orphan", "foregroundDeletion"]},
    {"name": "x", "ownerReferences": [{"apiVersion": "", "kind": "", "name": ""}]},
    {"name": "x", "ownerReferences": [{**OWNER, "kind": "Event"}]},
    {"name": "x", "ownerReferences": [OWNER, {**OWNER, "uid": "2", "name": "q"}]},
    {"name": "x", "labels": {"a": None}, "annotations": {"b": None}},
    {"name": "x", "selfLink": "y", "generation": None},
]

WRONG: list[tuple[tuple[str | int, ...], Any]] = [
    (("spec",), "x"),
    (("spec",), []),
    (("spec",), 3),
    (("spec", "replicas"), "3"),
    (("spec", "replicas"), 1.5),
    (("spec", "replicas"), True),
    (("spec", "replicas"), [1]),
    (("spec", "replicas"), {"a": 1}),
    (("spec", "replicas"), 3_000_000_000),
    (("spec", "paused"), "yes"),
    (("spec", "paused"), 1),
    (("metadata", "name"), 3),
    (("metadata", "labels"), {"a": 1}),
    (("metadata", "labels"), {"a": {}}),
    (("metadata", "labels"), ["a"]),
    (("metadata", "creationTimestamp"), "yesterday"),
    (("metadata", "creationTimestamp"), 3),
    (("spec", "template", "spec", "containers"), "x"),
    (("spec", "template", "spec", "containers"), {"a": "b"}),
    (("spec", "template", "spec", "containers"), ["x"]),
    (("spec", "template", "spec", "containers", 0, "image"), 3),
    (("spec", "template", "spec", "containers", 0, "command"), "ls"),
    (("spec", "template", "spec", "containers", 0, "command"), [1]),
    (("spec", "template", "spec", "containers", 0, "ports"), [{"containerPort": "80"}]),
    (("spec", "template", "spec", "containers", 0, "resources"), {"limits": {"cpu": "much"}}),
    (("spec", "template", "spec", "containers", 0, "resources"), {"limits": {"cpu": True}}),
    (("spec", "template", "spec", "containers", 0, "readinessProbe"), {"httpGet": {"port": True}}),
    (("spec", "template", "spec", "containers", 0, "readinessProbe"), {"httpGet": {"port": 1.5}}),
    (("spec", "strategy"), {"rollingUpdate": {"maxSurge": [1]}}),
    (("kind",), "Nope"),
    (("apiVersion",), "v1"),
    (("apiVersion",), "apps/v1beta1"),
    (("kind",), None),
    (("apiVersion",), ""),
]
UNKNOWN: list[tuple[str | int, ...]] = [
    ("frob",),
    ("spec", "frob"),
    ("spec", "Replicas"),
    ("spec", "template", "spec", "containers", 0, "imagePullPolice"),
    ("metadata", "frob"),
]


def _with(where: tuple[str | int, ...], value: Any) -> Json:
    obj = deployment()
    inside: Any = obj
    for step in where[:-1]:
        inside = inside[step]
    inside[where[-1]] = value
    return obj


def metadata(say: Say) -> None:
    for meta in METADATA:
        say("POST", "configmaps", {"metadata": meta, "data": {"a": "1"}}, dryRun="All")


def wrong_types(say: Say) -> None:
    for where, value in WRONG:
        say("POST", "deployments", _with(where, value), dryRun="All")
    for value in ("***", 1, None, "YQ=="):
        say("POST", "secrets", {"metadata": {"name": "x"}, "data": {"a": value}}, dryRun="All")


def unknown_fields(say: Say) -> None:
    for validation in ("Strict", "Warn", "Ignore"):
        for where in UNKNOWN:
            say("POST", "deployments", _with(where, 1), dryRun="All", fieldValidation=validation)
    twice = '{"metadata": {"name": "x"}, "data": {"a": "1", "a": "2"}, "immutable": false, "immutable": true}'
    say("POST", "configmaps", twice, dryRun="All", fieldValidation="Strict")
    say("POST", "configmaps", twice, dryRun="All")
    say("POST", "configmaps", {"metadata": {"name": "Bad_"}, "frob": 1})
    say("POST", "configmaps", config_map(), fieldValidation="Frob")


def in_order(say: Say) -> None:
    say("POST", "configmaps", config_map(data={"a": "1"}), dryRun="All")
    say("GET", "configmaps/x")
    say("POST", "configmaps", config_map(data={"a": "1"}))
    say("POST", "configmaps", config_map(data={"a": "1"}))
    say("POST", "configmaps", config_map(data={"a": "1"}), dryRun="All")
    say("POST", "configmaps", config_map("Bad_", data={"a": "1"}), dryRun="All")
    say("POST", "configmaps", config_map(data={"a b": "1"}), dryRun="All")
    say("POST", "deployments", {**deployment(), "status": {"replicas": 7}})
    say("POST", "deployments", {**deployment(), "metadata": {"name": "empty"}, "spec": {}})


def in_no_namespace(say: Say) -> None:
    say.namespace, own = "missing", say.namespace
    say("POST", "configmaps", config_map())
    say("POST", "configmaps", config_map("Bad_"))
    say("PATCH", "configmaps/x", config_map(), "application/apply-patch+yaml", fieldManager="m")
    say.namespace = own


@pytest.mark.parametrize("story", [metadata, wrong_types, unknown_fields, in_order, in_no_namespace])
def test_both_answer_alike(
    story: Callable[[Say], None], simulated_cluster: SimulatedCluster, control_plane: ControlPlane
):
    same(story, simulated_cluster, control_plane)
