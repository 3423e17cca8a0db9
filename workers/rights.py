"""Which rights in a cluster the commands' declarations come to. Pure; ``quarterdeck check`` and the chart's Roles follow it.

A worker reads what a command asks of ``Live``, and patches for those that change something. The watcher follows what they
changed and never writes, so it has an account of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Literal

from commands.config import Config
from commands.declaration import Asks, Changes, Command
from commands.registry import Registry
from workers.cluster import RESOURCES
from workers.kinds import KINDS

Process = Literal["worker", "watcher"]
PROCESSES: Final[tuple[Process, ...]] = ("worker", "watcher")

Right = tuple[str, str]
"""A resource as RBAC names it in full (``deployments.apps``, ``pods/log``), and a verb."""


def _rights(kinds: Iterable[str], *verbs: str, subresource: str = "") -> frozenset[Right]:
    names = (RESOURCES[kind].full_name + subresource for kind in kinds)
    return frozenset((name, verb) for name in names for verb in verbs)


_CHILDREN = sorted({child for kind in KINDS.values() for child in kind.CHILDREN})
_RUNS = ("Job", "CronJob")
_LOGS = _rights(["Pod"], "get", subresource="/log")

ASKED: Final[Mapping[Asks, frozenset[Right]]] = {
    Asks.WORKLOAD: _rights(KINDS, "get", "list"),  # the list is for near names
    Asks.SUBJECT: _rights([*KINDS, *_RUNS], "get", "list"),
    Asks.WORKLOADS: _rights(KINDS, "list"),
    Asks.RUNS: _rights(_RUNS, "list"),
    Asks.PODS: _rights(["Pod", "ReplicaSet"], "list"),
    Asks.POD: _rights(["Pod"], "get", "list"),
    Asks.REVISIONS: _rights(["ReplicaSet", "ControllerRevision"], "list"),
    Asks.REVISION: _rights(["ControllerRevision"], "list"),
    Asks.AUTOSCALERS: _rights(["HorizontalPodAutoscaler"], "list"),
    Asks.BUDGETS: _rights(["PodDisruptionBudget"], "list"),
    Asks.SERVICES: _rights(["Service", "EndpointSlice"], "list"),
    Asks.EVENTS: _rights(["Event", "ReplicaSet"], "list"),
    Asks.LOGS: _LOGS,
}

CHANGING: Final = (
    _rights(KINDS, "get", "patch")
    | ASKED[Asks.REVISIONS]
    | _rights(["PodDisruptionBudget"], "list")
    | _rights(["Pod"], "list")
)
"""Planning again from what is live, one JSON patch, dry or not, what the live template was where it drifted, and the
budgets that cover its pods, for rules and approvers ask."""

BESIDE: Final = ("get", "patch")
"""What a worker does to what is written in a workload's stead; ``HEARING`` is the watcher's part."""
HEARING: Final = ("get", "list", "watch")

FREEING: Final = _rights(["Pod"], "delete")
"""The broken pod that keeps an ordered StatefulSet from going back: for what goes back, and for any change only where an
environment has ``on_failure: rollback``. RBAC knows no owners, so it is a right to delete any pod there."""

FOLLOWING: Final = (
    _rights(KINDS, "get", "list", "watch")
    | _rights([*_CHILDREN, "Pod", "Event"], "list", "watch")
    | ASKED[Asks.REVISIONS]
    | _LOGS
)
"""What a plan was made on while it waits, a rollout to its end, and the evidence where it broke."""

TOLD: Final = _LOGS | _rights(["Event"], "list")
"""Words of programs and clusters, which may repeat what a Secret holds."""

MASKING: Final = _rights(["Secret"], "get")
"""What these words may repeat, so that it can be masked: only where an environment has ``mask_secrets``."""


def rights_of(command: Command, process: Process) -> frozenset[Right]:
    """None for what asks nothing of a cluster (``help``), or only what another command asks (``diff``)."""
    asked = frozenset[Right]().union(*(ASKED[each] for each in command.asks))
    match command.effect:
        case Changes(beside=beside) if process == "watcher":
            return FOLLOWING | _rights(beside, *HEARING)
        case Changes(frees=frees, beside=beside):
            return asked | CHANGING | _rights(beside, *BESIDE) | (FREEING if frees else frozenset())
        case _:
            return asked if process == "worker" else frozenset()


def rights_in(config: Config, registry: Registry, environment: str, processes: Iterable[Process]) -> frozenset[Right]:
    """Those that these processes need for the commands that some rule permits there."""
    permitted = [
        c for c in registry if any(not rule.deny and rule.covers(c.name, environment) for rule in config.permissions)
    ]
    return frozenset[Right]().union(*(_rights_there(config, environment, permitted, process) for process in processes))


def _rights_there(config: Config, environment: str, permitted: Iterable[Command], process: Process) -> frozenset[Right]:
    """Secrets are read only where the environment asks for it, by whoever shows what may repeat them; pods deleted by the worker alone."""
    rights, settings = frozenset[Right](), config.environments[environment]
    for command in permitted:
        rights |= rights_of(command, process)
        if process == "worker" and isinstance(command.effect, Changes) and settings.on_failure == "rollback":
            rights |= FREEING
    return rights | MASKING if settings.mask_secrets and rights & TOLD else rights
