"""Who wrote a part of an object last, by its ``managedFields``."""

from __future__ import annotations

from typing import Any

from workers.authors import author_of

TEMPLATE = {"f:spec": {"f:template": {"f:spec": {"f:containers": {'k:{"name":"app"}': {"f:image": {}}}}}}}
REPLICAS = {"f:spec": {"f:replicas": {}}}
STATUS = {"f:status": {"f:replicas": {}}}


def wrote(manager: str, second: int, fields: dict[str, Any], **more: str) -> dict[str, Any]:
    return {
        "manager": manager,
        "operation": "Update",
        "time": f"2026-07-28T10:00:{second:02}Z",
        "fieldsV1": fields,
        **more,
    }


def author(*writes: dict[str, Any], path: tuple[str, ...] = ("spec", "template")) -> str | None:
    return author_of({"metadata": {"name": "web", "managedFields": list(writes)}}, *path, besides="quarterdeck")


def test_the_last_one_who_wrote_that_part():
    writes = [
        wrote("kubectl-create", 1, TEMPLATE),
        wrote("kubectl-set", 3, TEMPLATE),
        wrote("kubectl-scale", 5, REPLICAS),
    ]
    assert author(*writes) == "kubectl-set"


def test_of_two_in_one_second_the_one_who_changed_a_part():
    whole = {"f:spec": TEMPLATE["f:spec"] | {"f:selector": {}, "f:strategy": {}}}
    assert author(wrote("ci-robot", 3, TEMPLATE), wrote("kubectl-create", 3, whole)) == "ci-robot"
    assert author(wrote("kubectl-create", 3, whole), wrote("ci-robot", 3, TEMPLATE)) == "ci-robot"


def test_not_ourselves_and_not_the_controllers():
    ours, status = wrote("quarterdeck", 9, TEMPLATE), wrote("kube-controller-manager", 9, STATUS, subresource="status")
    assert author(wrote("argocd-controller", 2, TEMPLATE), ours, status) == "argocd-controller"
    assert author(ours, status) is None


def test_a_scale_is_a_write_of_the_replicas():
    assert author(wrote("kubectl", 4, REPLICAS, subresource="scale"), path=("spec", "replicas")) == "kubectl"


def test_nobody_is_named_where_nothing_is_kept():
    assert author() is None
    assert author({"operation": "Update", "fieldsV1": TEMPLATE}) is None
