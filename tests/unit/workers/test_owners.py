"""Who would put back what we write: told by marks, by field managers and by the owner reference."""

from __future__ import annotations

from typing import Any

import pytest

from workers.owners import is_applied, owners_of


def live(**metadata: Any) -> dict[str, Any]:
    return {"kind": "Deployment", "metadata": {"name": "web", **metadata}}


@pytest.mark.parametrize(
    ("metadata", "tool"),
    [
        ({"annotations": {"argocd.argoproj.io/tracking-id": "shop:apps/Deployment:prod/web"}}, "Argo CD"),
        ({"labels": {"argocd.argoproj.io/instance": "shop"}}, "Argo CD"),
        ({"managedFields": [{"manager": "argocd-controller", "operation": "Apply"}]}, "Argo CD"),
        ({"labels": {"kustomize.toolkit.fluxcd.io/name": "shop"}}, "Flux"),
        ({"labels": {"helm.toolkit.fluxcd.io/name": "shop"}}, "Flux"),
        ({"managedFields": [{"manager": "kustomize-controller", "operation": "Apply"}]}, "Flux"),
        ({"annotations": {"meta.helm.sh/release-name": "shop"}}, "Helm"),
        ({"managedFields": [{"manager": "helm", "operation": "Update"}]}, "Helm"),
    ],
)
def test_a_tool(metadata: dict[str, Any], tool: str):
    assert owners_of(live(**metadata)) == (f"it belongs to {tool}, which may put it back",)


def test_each_tool_once():
    both = live(annotations={"meta.helm.sh/release-name": "shop"}, managedFields=[{"manager": "helm"}])
    assert len(owners_of(both)) == 1


def test_an_operator():
    owner = {"kind": "ShopApp", "name": "shop", "controller": True, "uid": "1"}
    assert owners_of(live(ownerReferences=[owner])) == ("ShopApp shop controls it and may put it back",)


def test_who_made_an_autoscaler_is_what_to_change():
    owner = {"kind": "ScaledObject", "name": "web", "controller": True, "uid": "1"}
    made = {"kind": "HorizontalPodAutoscaler", "metadata": {"name": "keda-hpa-web", "ownerReferences": [owner]}}
    told = "HPA keda-hpa-web belongs to ScaledObject web, which sets its bounds again: change that"
    assert owners_of(made) == (told,)


def test_nobody():
    assert owners_of(live(managedFields=[{"manager": "kubectl"}], annotations=None, labels=None)) == ()


def test_a_manifest_that_somebody_keeps():
    assert is_applied(live(annotations={"kubectl.kubernetes.io/last-applied-configuration": "{}"}))
    assert not is_applied(live())
