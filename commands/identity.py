"""Whom a write to a cluster is made as, where that is not the worker's own account. Only a value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Identity:
    """``person``: the Slack ID that it was made of; ``user`` and ``groups`` as the cluster's RBAC and audit log know them."""

    person: str
    user: str
    groups: tuple[str, ...] = ()
