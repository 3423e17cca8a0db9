"""Strategic merge patches and merge patches: lists by their keys, directives, and what makes no sense."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.contract.objects import deployment
from tests.contract.telling import MERGE, STRATEGIC, Json, Say, same
from tests.harness.controlplane import ControlPlane
from tests.harness.simulated import SimulatedCluster

pytestmark = pytest.mark.control_plane
WEB = "deployments/web"


def _pods(**spec: Any) -> Json:
    return {"spec": {"template": {"spec": spec}}}


def _app(**fields: Any) -> Json:
    return _pods(containers=[{"name": "app", **fields}])


LISTS: list[Json] = [
    _app(image="new:1"),
    _app(image=3),
    _app(resources={"limits": {"cpu": "much"}}),
    _app(readinessProbe={"httpGet": {"port": 1.5}}),
    _app(command=["a", "b"]),
    _app(ports=[{"containerPort": 80, "name": "changed"}]),
    _app(ports=[{"containerPort": 81, "name": "another"}]),
    _app(ports=[{"name": "keyless"}]),
    _app(env=[{"name": "A", "$patch": "delete"}, {"name": "Z", "value": None}]),
    _app(env=[{"name": "B", "value": "3"}, {"name": "A", "value": "4"}]),
    _app(env=None),
    _app(**{"$patch": "delete"}),
    _app(**{"$patch": "replace", "image": "only:1"}),
    _app(**{"$patch": "frob"}),
    _pods(containers=[{"name": "third", "image": "new:1"}]),
    _pods(containers=[{"image": "nameless:1"}]),
    _pods(containers=[{"$patch": "delete"}]),
    _pods(containers=[{"$patch": "merge"}]),
    _pods(containers=[{"$patch": "replace"}, {"name": "other", "image": "new:1"}]),
    _pods(containers={"name": "app"}),
    _pods(containers="app"),
    _pods(containers=["app"]),
    _pods(tolerations=[{"key": "a", "operator": "Exists"}]),
    _pods(imagePullSecrets=[{"name": "a"}, {"name": "b"}]),
    {"metadata": {"finalizers": ["a.b/c"]}},
    {"metadata": {"finalizers": ["x.y/z", "a.b/c"]}},
    {"metadata": {"finalizers": None}},
    {"metadata": {"$deleteFromPrimitiveList/finalizers": ["x.y/z"]}},
    {"metadata": {"$deleteFromPrimitiveList/finalizers": ["x.y/z"], "finalizers": ["d.e/f"]}},
]

ORDERS: list[Json] = [
    _pods(**{"$setElementOrder/containers": [{"name": "side"}, {"name": "app"}]}),
    _pods(**{"$setElementOrder/containers": [{"name": "side"}]}),
    _pods(**{"$setElementOrder/containers": [{"name": "side"}, {"name": "app"}],
             "containers": [{"name": "app", "image": "new:1"}]}),
    _pods(**{"$setElementOrder/containers": [{"name": "side"}], "containers": [{"name": "app", "image": "new:1"}]}),
    _pods(**{"$setElementOrder/containers": [{"name": "side"}, {"name": "new"}, {"name": "app"}],
             "containers": [{"name": "new", "image": "new:1"}]}),
    _pods(**{"$setElementOrder/containers": [{"name": "new"}, {"name": "app"}],
             "containers": [{"name": "new", "image": "new:1"}, {"name": "side", "$patch": "delete"}]}),
    _pods(**{"$setElementOrder/containers": "app"}),
    _pods(**{"$setElementOrder/initContainers": [{"name": "app"}]}),
    _pods(**{"$setElementOrder/missing": [{"name": "app"}]}),
    {"metadata": {"$setElementOrder/finalizers": ["x.y/z", "a.b/c"], "finalizers": ["a.b/c"]}},
]  # fmt: skip

MAPS: list[Json] = [
    {"spec": {"replicas": 3, "minReadySeconds": 2}},
    {"spec": {"replicas": None}},
    {"spec": {"paused": True}},
    {"spec": {"strategy": {"type": "Recreate"}}},
    {"spec": {"strategy": {"$retainKeys": ["type"], "type": "Recreate"}}},
    {"spec": {"strategy": {"$retainKeys": ["type"], "type": "Recreate", "rollingUpdate": {"maxSurge": 1}}}},
    {"spec": {"strategy": {"$retainKeys": "type", "type": "Recreate"}}},
    {"spec": {"strategy": {"rollingUpdate": {"maxSurge": 3}}}},
    {"spec": {"selector": {"matchLabels": {"a": "b"}}}},
    {"metadata": {"annotations": {"x": None, "y": "z"}}},
    {"metadata": {"annotations": None}},
    {"metadata": {"annotations": {"$patch": "replace", "n": "m"}}},
    {"metadata": {"annotations": {"$patch": "delete"}}},
    {"metadata": {"labels": {"tier": "front"}}},
    _pods(**{"$patch": "replace", "containers": [{"name": "other", "image": "new:1"}]}),
    _pods(**{"$patch": "delete"}),
    _pods(**{"$patch": "frob"}),
    _pods(nodeSelector={"$patch": "replace", "a": "b"}),
    _pods(nodeSelector={"a": "b", "c": None}),
    _pods(volumes=[{"name": "data", "$retainKeys": ["name", "configMap"], "configMap": {"name": "x"}}]),
    _pods(volumes=[{"name": "other", "emptyDir": {}}]),
    _pods(affinity={"nodeAffinity": {"$patch": "delete"}}),
    _pods(securityContext={"runAsUser": 3}),
    {"spec": {"$patch": "merge", "replicas": 4}},
    {"$patch": "delete"},
    {"$patch": "replace", "metadata": {"name": "web"}},
    {"status": {"replicas": 4}},
    {"spec": {"replicas": "3"}},
    {"spec": {"replicas": 1.5}},
    {"spec": {"replicas": 1.0}},
    {"spec": "x"},
    {"spec": {"frob": 1}},
    {"spec": {"paused": "yes"}},
    {"spec": {"paused": 1}},
    {"spec": {"template": 3}},
    {"spec": {"strategy": {"rollingUpdate": {"maxSurge": True}}}},
    {"metadata": {"labels": {"a": 1}}},
    {"metadata": {"labels": {"a": [True]}}},
    {"metadata": {"labels": "a"}},
    {"metadata": {"creationTimestamp": "yesterday"}},
    {"metadata": {"creationTimestamp": 3}},
    {"metadata": {"labels": {"a": "_"}}},
    {"metadata": {"name": "other"}},
    {"metadata": {"namespace": "other"}},
    {"metadata": {"name": None}},
    {"metadata": {"uid": "x"}},
    {"metadata": {"resourceVersion": "1"}},
    {"metadata": {"resourceVersion": None, "creationTimestamp": None, "uid": None, "generation": 9}},
    {"metadata": {"deletionTimestamp": "2020-01-01T00:00:00Z"}},
    {"metadata": None},
    {},
]
BODIES = ["", "{", "[]", "null", '"x"', "3", "[{}]"]


def _filled() -> Json:
    obj = deployment()
    pods = obj["spec"]["template"]["spec"]
    pods["containers"][0]["env"] = [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]
    udp = {"containerPort": 80, "protocol": "UDP", "name": "u"}
    pods["containers"][0]["ports"] = [{"containerPort": 80, "name": "h"}, udp]
    pods["volumes"] = [{"name": "data", "emptyDir": {}}]
    obj["metadata"] |= {"annotations": {"x": "y"}, "finalizers": ["x.y/z"]}
    return obj


def strategic(say: Say) -> None:
    say("POST", "deployments", _filled())
    for patch in [*LISTS, *ORDERS, *MAPS]:
        say("PATCH", WEB, patch, STRATEGIC, dryRun="All")
    for body in BODIES:
        say("PATCH", WEB, body, STRATEGIC, dryRun="All")


def merge(say: Say) -> None:
    say("POST", "deployments", _filled())
    for patch in MAPS:
        say("PATCH", WEB, patch, MERGE, dryRun="All")
    for body in BODIES:
        say("PATCH", WEB, body, MERGE, dryRun="All")


def unknown_fields(say: Say) -> None:
    say("POST", "deployments", _filled())
    for validation in ("Strict", "Warn", "Ignore"):
        for type in (MERGE, STRATEGIC):
            say("PATCH", WEB, {"spec": {"frob": 1}}, type, dryRun="All", fieldValidation=validation)
        for patch in (_app(frob=1), _app(**{"$setElementOrder/env": [{"name": "A"}]}),
                      _pods(volumes=[{"name": "new", "$retainKeys": ["name"], "emptyDir": {}}])):  # fmt: skip
            say("PATCH", WEB, patch, STRATEGIC, dryRun="All", fieldValidation=validation)


def other_types(say: Say) -> None:
    say("POST", "configmaps", {"metadata": {"name": "x"}})
    for type in ("application/json", "text/plain", "application/xml", f"{MERGE}; charset=utf-8"):
        say("PATCH", "configmaps/x", {}, type)
    say("PATCH", "configmaps/missing", {}, MERGE)


def of_other_kinds(say: Say) -> None:
    ports = [{"name": "http", "port": 80}, {"name": "dns", "port": 53, "protocol": "UDP"}]
    say("POST", "services", {"metadata": {"name": "web"}, "spec": {"ports": ports}})
    say("PATCH", "services/web", {"spec": {"ports": [{"port": 80, "targetPort": 8080}]}}, STRATEGIC, dryRun="All")
    say(
        "PATCH",
        "services/web",
        {"spec": {"ports": [{"name": "dns", "$patch": "delete", "port": 53}]}},
        STRATEGIC,
        dryRun="All",
    )
    say("PATCH", "services/web", {"spec": {"selector": {"a": "b"}}}, STRATEGIC, dryRun="All")
    say("PATCH", "services/web", {"spec": {"ports": [{"port": 80, "targetPort": 8080}]}}, MERGE, dryRun="All")
    secret = {"name": "token"}
    say("POST", "serviceaccounts", {"metadata": {"name": "robot"}, "secrets": [secret]})
    say("PATCH", "serviceaccounts/robot", {"imagePullSecrets": [secret], "secrets": [{"name": "b"}]}, STRATEGIC)
    say("POST", "secrets", {"metadata": {"name": "keys"}, "stringData": {"a": "b"}})
    say("PATCH", "secrets/keys", {"stringData": {"c": "d"}, "data": {"a": None}}, STRATEGIC)
    say("PATCH", "secrets/keys", {"data": {"a": "***"}}, STRATEGIC)
    say("PATCH", "secrets/keys", {"data": {"a": "***"}}, MERGE)


@pytest.mark.parametrize("story", [strategic, merge, unknown_fields, other_types, of_other_kinds])
def test_both_answer_alike(
    story: Callable[[Say], None], simulated_cluster: SimulatedCluster, control_plane: ControlPlane
):
    same(story, simulated_cluster, control_plane)
