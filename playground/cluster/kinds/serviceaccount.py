"""Service accounts: who pods are. ``token`` asks for one to use outside of pods."""

from __future__ import annotations

from playground.cluster.columns import AGE, NAME
from playground.cluster.kind import Kind, Subresource

KIND = Kind(
    kind="ServiceAccount",
    plural="serviceaccounts",
    short=("sa",),
    subresources=(
        Subresource("token", verbs=("create",), kind="TokenRequest", group="authentication.k8s.io", version="v1"),
    ),
    columns=(NAME, AGE),
    has_generation=False,
    deletes_to_object=True,
)
