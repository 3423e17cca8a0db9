"""Leases: by which nodes and leaders show that they are alive."""

from __future__ import annotations

from playground.cluster.columns import AGE, NAME
from playground.cluster.kind import Column, Kind

KIND = Kind(
    kind="Lease",
    plural="leases",
    group="coordination.k8s.io",
    columns=(NAME, Column("Holder", lambda obj, _: obj.get("spec", {}).get("holderIdentity", "")), AGE),
    has_generation=False,
    needs_version=True,
)
