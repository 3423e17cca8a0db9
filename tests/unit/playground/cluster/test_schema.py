"""Objects read by their published types: what is dropped, warned of and refused. Words are compared in tests/contract."""

from __future__ import annotations

from typing import Any

import pytest

from playground.cluster import api_types, schema
from playground.cluster.kind import discover
from playground.cluster.request import Asking
from playground.cluster.status import StatusError
from tests.contract.objects import deployment

Json = dict[str, Any]
DEPLOYMENTS = discover()["deployments.apps"]


def _read(obj: Json, validation: str = "Ignore") -> tuple[Json, list[str]]:
    asking = Asking(field_validation=validation)
    return schema.typed(DEPLOYMENTS, obj, asking), asking.warnings


def test_every_kind_but_those_of_reviews_is_in_the_table():
    assert [kind.kind for kind in discover().values() if api_types.of(kind) is api_types.ANY] == []


def test_what_fits_is_read_as_it_is_and_shares_nothing():
    obj = deployment()
    read, _ = _read(obj)
    assert read == obj
    read["spec"]["template"]["spec"]["containers"][0]["image"] = "changed"
    assert obj == deployment()


@pytest.mark.parametrize(("validation", "warned"), [("Ignore", []), ("Warn", ['unknown field "spec.frob"'])])
def test_unknown_fields_are_dropped(validation: str, warned: list[str]):
    read, warnings = _read(deployment(frob=1), validation)
    assert "frob" not in read["spec"]
    assert warnings == warned


def test_or_refused():
    with pytest.raises(StatusError, match='strict decoding error: unknown field "spec.frob"') as refused:
        _read(deployment(frob=1), "Strict")
    assert refused.value.code == 400


def test_what_says_nothing_is_left_out():
    read, _ = _read({**deployment(minReadySeconds=None), "metadata": {"name": "web", "labels": {}, "finalizers": []}})
    assert "minReadySeconds" not in read["spec"]
    assert read["metadata"] == {"name": "web"}


@pytest.mark.parametrize("value", ["3", 1.5, True, [1], 2**40])
def test_wrong_types_are_refused(value: Any):
    with pytest.raises(StatusError, match=r"Go struct field DeploymentSpec.spec.replicas of type int32"):
        _read(deployment(replicas=value))


@pytest.mark.parametrize(("limit", "fits"), [("100m", True), (1, True), (0.5, True), ("many", False), ({}, False)])
def test_quantities_stay_as_they_are_if_they_can_be_read(limit: Any, fits: bool):
    obj = deployment()
    obj["spec"]["template"]["spec"]["containers"][0]["resources"] = {"limits": {"cpu": limit}}
    if fits:
        assert _read(obj)[0] == obj
    else:
        with pytest.raises(StatusError, match="quantities must match the regular expression"):
            _read(obj)


def test_ports_and_shares_are_numbers_or_names():
    for surge in (1, "25%"):
        obj = deployment(strategy={"rollingUpdate": {"maxSurge": surge}})
        assert _read(obj)[0] == obj
