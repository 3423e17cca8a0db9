"""How workloads are stored: defaults filled in, quantities in their one writing, what says nothing left out, tables."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.cluster.normal_form import normalise
from playground.cluster.pod_defaults import pull_policy
from playground.cluster.quantity import canonical, parse
from playground.cluster.status import StatusError
from tests.unit.playground.cluster.in_process import InProcess
from tests.unit.playground.cluster.workloads import workload


@pytest.fixture
def cluster() -> InProcess:
    return InProcess()


@pytest.mark.parametrize(
    ("given_as", "stored"),
    [
        ("1000m", "1"), (0.5, "500m"), ("1024Mi", "1Gi"), ("1000Mi", "1000Mi"), ("1.5Gi", "1536Mi"), ("0.5Ki", "512"),
        ("1000000", "1M"), ("2048", "2048"), ("1e3", "1e3"), ("12e6", "12e6"), ("0", "0"), ("5E", "5E"), ("1n", "1n"),
    ],
)  # fmt: skip
def test_quantities_have_one_writing(given_as: str | float, stored: str) -> None:
    assert canonical(given_as) == stored


@given(st.from_regex(r"[0-9]{1,6}(\.[0-9]{1,3})?(m|k|M|G|Ki|Mi|Gi|e3)?", fullmatch=True))
def test_writing_a_quantity_anew_keeps_its_value(text: str) -> None:
    assert parse(canonical(text)) == parse(text)
    assert canonical(canonical(text)) == canonical(text)


def test_parts_of_the_smallest_unit_are_rounded_up() -> None:
    assert parse(canonical("0.1n")) == Fraction(1, 10**9)


@pytest.mark.parametrize(
    ("image", "policy"),
    [
        ("web", "Always"), ("web:latest", "Always"), ("localhost:5000/web", "Always"), ("web:v1", "IfNotPresent"),
        (f"web@sha256:{'0' * 64}", "IfNotPresent"), ("Web", "IfNotPresent"), (" web ", "IfNotPresent"),
    ],
)  # fmt: skip
def test_only_the_latest_is_always_pulled(image: str, policy: str) -> None:
    assert pull_policy(image) == policy


def test_what_says_nothing_is_left_out() -> None:
    spec = {
        "a": None, "b": "", "c": [], "hostNetwork": False, "minReadySeconds": 0, "nodeSelector": {},
        "replicas": 0, "automountServiceAccountToken": False, "emptyDir": {}, "labels": {"empty": ""},
        "env": [{"name": "EMPTY", "value": ""}],
    }  # fmt: skip
    normalise(spec)
    assert spec == {
        "replicas": 0, "automountServiceAccountToken": False, "emptyDir": {}, "labels": {"empty": ""},
        "env": [{"name": "EMPTY"}],
    }  # fmt: skip


def test_filling_in_twice_changes_nothing(cluster: InProcess) -> None:
    for kind in ("Deployment", "ReplicaSet", "StatefulSet", "DaemonSet"):
        stored = cluster.create(workload(kind, kind.lower()))
        again = cluster.change(kind, kind.lower(), metadata={})
        assert again["spec"] == stored["spec"]
        assert again["metadata"]["generation"] == 1


def test_selector_cannot_change(cluster: InProcess) -> None:
    cluster.create(workload("Deployment"))
    template = cluster.get("Deployment", "web")["spec"]["template"]
    other = {"app": "other"}
    moved = {"selector": {"matchLabels": other}, "template": {**template, "metadata": {"labels": other}}}
    with pytest.raises(StatusError) as refusal:
        cluster.change("Deployment", "web", spec=moved)
    assert refusal.value.code == 422
    assert refusal.value.message == (
        'Deployment.apps "web" is invalid: spec.selector: Invalid value: {"matchLabels":{"app":"other"}}: field is immutable'
    )


@pytest.mark.parametrize(
    ("kind", "narrow"),
    [
        ("Deployment", {"Name": "web", "Ready": "0/2", "Up-to-date": 0, "Available": 0, "Age": "0s"}),
        ("ReplicaSet", {"Name": "web", "Desired": 2, "Current": 0, "Ready": 0, "Age": "0s"}),
        ("StatefulSet", {"Name": "web", "Ready": "0/2", "Age": "0s"}),
    ],
)
def test_tables(kind: str, narrow: dict[str, object]) -> None:
    alone = InProcess()
    declared = alone.verbs.kind(kind)
    stored = alone.verbs.create(
        declared, {**workload(kind, replicas=2), "metadata": {"name": "web", "namespace": "shop"}}
    )
    row = {column.name: column.cell(stored, alone.clock.now()) for column in declared.columns if not column.wide}
    wide = {column.name: column.cell(stored, alone.clock.now()) for column in declared.columns if column.wide}
    assert row == narrow
    assert (wide["Containers"], wide["Images"]) == ("app", "web:v1")
