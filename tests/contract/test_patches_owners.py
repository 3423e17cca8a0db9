"""``managedFields``: who owns which fields after creating, updating and patching objects of each kind."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.contract.objects import config_map, deployment
from tests.contract.telling import APPLY, JSON, MERGE, STRATEGIC, Json, Say, same
from tests.harness.controlplane import ControlPlane
from tests.harness.simulated import SimulatedCluster

pytestmark = pytest.mark.control_plane
ONCE = {"template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "c", "image": "i"}]}}}
META = {"metadata": {"name": "u"}}
RBAC = "rbac.authorization.k8s.io"

OBJECTS: list[tuple[str, Json]] = [
    ("configmaps", {"data": {"a": "b"}}),
    ("configmaps", {}),
    ("secrets", {"stringData": {"a": "b"}, "data": {"c": "ZA=="}}),
    ("serviceaccounts", {}),
    ("services", {"spec": {"ports": [{"port": 80}], "selector": {"a": "b"}}}),
    ("services", {"spec": {"ports": [{"port": 80, "name": "http"}], "type": "ExternalName", "externalName": "x.y"}}),
    ("resourcequotas", {"spec": {"hard": {"pods": "100"}}}),
    ("deployments", {"spec": deployment("u")["spec"]}),
    ("replicasets", {"spec": deployment("u")["spec"]}),
    ("statefulsets", {"spec": deployment("u")["spec"]}),
    ("daemonsets", {"spec": {**deployment("u")["spec"], "replicas": None}}),
    ("controllerrevisions", {"revision": 1, "data": {"a": {"b": "c"}}}),
    ("jobs", {"spec": {"suspend": True, **ONCE}}),
    ("cronjobs", {"spec": {"schedule": "1 1 1 1 1", "jobTemplate": {"spec": ONCE}}}),
    ("poddisruptionbudgets", {"spec": {"minAvailable": 1, "selector": {"matchLabels": {"a": "b"}}}}),
    ("leases", {"spec": {"holderIdentity": "x", "leaseDurationSeconds": 3}}),
    ("endpointslices", {"addressType": "IPv4", "endpoints": [{"addresses": ["10.0.0.1"]}], "ports": [{"port": 80}]}),
    ("roles", {"rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}]}),
    ("rolebindings", {"roleRef": {"apiGroup": RBAC, "kind": "Role", "name": "u"},
                      "subjects": [{"kind": "User", "name": "ann", "apiGroup": RBAC}]}),
    ("pods", {"spec": {"nodeSelector": {"no": "where"}, "containers": [{"name": "c", "image": "i", "ports": [{"containerPort": 80}]}]}}),
]  # fmt: skip


def of_each_kind(say: Say) -> None:
    for plural, obj in OBJECTS:
        say("POST", plural, {**META, **obj}, dryRun="All")
    about = {"name": "x", "namespace": say.namespace}
    say("POST", "events", {**META, "involvedObject": about, "reason": "R", "count": 1}, dryRun="All")


def updates_of_each_kind(say: Say) -> None:
    """Whether an update needs a resourceVersion, and what it owns afterwards."""
    for plural, obj in OBJECTS:
        if plural in {"pods", "jobs"}:
            continue
        say("POST", plural, {**META, **obj})
        say(
            "PUT",
            f"{plural}/u",
            {"metadata": {"name": "u", "labels": {"l": "1"}}, **obj},
            dryRun="All",
            fieldManager="other",
        )
        say("DELETE", f"{plural}/u")


def changes(say: Say) -> None:
    web = "deployments/web"
    say("POST", "deployments", deployment(), fieldManager="maker")
    image = {"spec": {"template": {"spec": {"containers": [{"name": "app", "image": "new:1"}]}}}}
    say("PATCH", web, image, STRATEGIC, fieldManager="imager")
    say("PATCH", web, image, STRATEGIC, fieldManager="late")
    say(
        "PATCH",
        web,
        {"metadata": {"labels": {"a": "b"}, "annotations": {"c": "d", "e": "f"}}},
        MERGE,
        fieldManager="labeler",
    )
    say("PATCH", web, {"metadata": {"labels": {"a": "x"}}}, MERGE, fieldManager="relabeler")
    say("PATCH", web, {"metadata": {"labels": None, "annotations": {"c": None}}}, MERGE, fieldManager="unlabeler")
    say("PATCH", web, [{"op": "add", "path": "/metadata/finalizers", "value": ["a.b/c"]}], JSON, fieldManager="holder")
    say("PATCH", web, [{"op": "add", "path": "/metadata/finalizers/-", "value": "d.e/f"}], JSON, fieldManager="other")
    say("PATCH", web, {"metadata": {"finalizers": None}}, MERGE, fieldManager="holder")
    say("PATCH", f"{web}/scale", {"spec": {"replicas": 1}}, MERGE, fieldManager="scaler")
    say("GET", web)
    say("PATCH", web, {"spec": {"replicas": 0, "strategy": {"type": "Recreate", "rollingUpdate": None}}}, MERGE)
    probe = {"httpGet": {"path": "/", "port": "http"}}
    containers = [
        {
            "name": "side",
            "readinessProbe": probe,
            "env": [{"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}],
        }
    ]
    say("PATCH", web, {"spec": {"template": {"spec": {"containers": containers}}}}, STRATEGIC, fieldManager="prober")
    say(
        "PATCH", web, {"spec": {"template": {"spec": {"containers": [{"name": "app", "$patch": "delete"}]}}}}, STRATEGIC
    )
    say("PUT", web, deployment(), fieldManager="putter")


def of_config_maps(say: Say) -> None:
    x = "configmaps/x"
    say("POST", "configmaps", config_map(data={"a": "1"}))
    live = say("GET", x)
    say("PUT", x, {**live, "data": {"a": "1", "b": "2"}}, fieldManager="other")
    say("PUT", x, {**config_map(data={"a": "1", "b": "2"}), "immutable": False}, fieldManager="other")
    say("PUT", x, config_map(data={"a": "1", "b": "2"}), fieldManager="third")
    say("PATCH", x, {"data": None}, MERGE, fieldManager="other")
    say(
        "PATCH",
        x,
        {"metadata": {"ownerReferences": [{"apiVersion": "v1", "kind": "Pod", "name": "p", "uid": "1"}]}},
        MERGE,
        dryRun="All",
    )
    say("PATCH", x, {"metadata": {"managedFields": []}}, MERGE)
    say("PATCH", x, {"metadata": {"managedFields": [{}]}, "data": {"c": "d"}}, MERGE)
    say("PATCH", x, {"data": {"c": "e"}}, MERGE)
    entry = {"manager": "moved", "operation": "Update", "apiVersion": "v1", "time": "2026-01-01T00:00:00Z",
             "fieldsType": "FieldsV1", "fieldsV1": {"f:data": {"f:c": {}}}}  # fmt: skip
    say("PATCH", x, {"metadata": {"managedFields": [entry]}}, MERGE)
    say("PATCH", x, {"data": {"c": "f"}}, MERGE)


def of_what_is_there_twice(say: Say) -> None:
    """Environment variables may repeat a name."""
    web, twice = "deployments/web", [{"name": "A", "value": "1"}, {"name": "A", "value": "2"}]

    def env(*variables: Json) -> Json:
        obj = deployment()
        obj["spec"]["template"]["spec"]["containers"][0]["env"] = list(variables)
        return obj

    say("POST", "deployments", env(*twice), fieldManager="maker")
    say("PUT", web, env(twice[0]), fieldManager="single")
    say("PUT", web, env({"name": "B", "value": "3"}, *twice), fieldManager="double")
    say("PUT", web, env({"name": "B", "value": "3"}, *reversed(twice)), fieldManager="other")
    say("PATCH", web, env({"name": "C", "value": "4"}), APPLY, fieldManager="applier")
    say("PATCH", web, env({"name": "A", "value": "4"}), APPLY, fieldManager="applier", force="true")
    say.answers = [(code, (), body) for code, _, body in say.answers]  # the played server does not warn of it


STORIES = [of_each_kind, updates_of_each_kind, changes, of_config_maps, of_what_is_there_twice]


@pytest.mark.parametrize("story", STORIES)
def test_both_answer_alike(
    story: Callable[[Say], None], simulated_cluster: SimulatedCluster, control_plane: ControlPlane
):
    same(story, simulated_cluster, control_plane)
