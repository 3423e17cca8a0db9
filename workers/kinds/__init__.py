"""What became of a rollout, one file per kind of workload. Pure: live objects in, a verdict out.

A file that has ``KIND`` is found by itself; it says which objects stand between the workload and its pods
(``CHILDREN``) and has ``verdict``. The rules are those of facts/rollouts.md, with where each was seen.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, Final, Protocol, cast

from commands.operation import Written
from workers.kinds.faults import USUAL, Circumstances
from workers.kinds.judgement import Verdict

Object = Mapping[str, Any]

DEADLINE: Final = 600.0
"""Seconds for which a rollout may take: a Deployment's own default (``progressDeadlineSeconds``)."""


class Kind(Protocol):
    """What a kind's file offers."""

    KIND: str
    CHILDREN: tuple[str, ...]

    @staticmethod
    def verdict(
        workload: Object,
        children: Sequence[Object],
        pods: Sequence[Object],
        written: Written,
        now: float,
        *,
        deadline: float,
        around: Circumstances = USUAL,
    ) -> Verdict: ...


def discovered() -> Mapping[str, Kind]:
    """Kind → its file."""
    modules = (import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__))
    return {module.KIND: cast("Kind", module) for module in modules if hasattr(module, "KIND")}


KINDS: Final = discovered()


def verdict(
    workload: Object,
    children: Sequence[Object],
    pods: Sequence[Object],
    written: Written,
    now: float,
    *,
    deadline: float = DEADLINE,
    around: Circumstances = USUAL,
) -> Verdict:
    """How what we wrote is faring. Never "done" early: see ``Verdict``.

    ``children``: the objects of the kind's ``CHILDREN`` that the workload controls; ``pods``: those that it, or they,
    control. ``now`` in Unix seconds by the cluster's clock; ``deadline`` in seconds since the write, for what has none of its own;
    ``around``: the warnings that the cluster gave of them, and how patient we are.
    """
    return KINDS[workload["kind"]].verdict(workload, children, pods, written, now, deadline=deadline, around=around)
