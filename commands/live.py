"""What a command may read: a small read-only view of one environment, handed to it by whoever runs it.

Objects are plain JSON dicts as the Kubernetes API returns them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from commands.errors import Forbidden, Missing
from commands.objects import revision_number

if TYPE_CHECKING:
    from commands.draft import Draft, Plan
    from commands.entry import Entry
    from commands.invocation import Invocation
    from commands.locks.lock import Lock
    from commands.operation import Operation
    from commands.policy.explaining import Explanation
    from commands.policy.freezes import Freezing

Object = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision of a workload: its ReplicaSet's or ControllerRevision's number and pod template."""

    number: int
    template: dict[str, Any]
    """Without ``pod-template-hash``; for a ControllerRevision the stored template."""
    created: str
    cause: str | None
    replicas: int | None
    current: bool
    stamp: str | None = None
    """The id of the operation that controllers copied from the workload: whose it was is for the records to tell."""
    marks: frozenset[str] = frozenset()
    """One of these is the value of the label by which its pods are told apart."""


@dataclass(frozen=True, slots=True)
class Served:
    """A Service and its EndpointSlices."""

    service: Object
    slices: tuple[Object, ...]


class Live(Protocol):
    """Reads raise ``ClusterError`` and its kinds; look-ups by name raise ``NotFound`` (with near names) and ``Ambiguous``."""

    @property
    def environment(self) -> str: ...
    @property
    def cluster(self) -> str: ...
    @property
    def namespace(self) -> str: ...

    def workload(self, said: str) -> Object:
        """The Deployment, StatefulSet or DaemonSet that ``said`` names (``web`` or ``Deployment/web``).

        Raises ``Unsuitable`` where that is a Job or a CronJob.
        """
        ...

    def subject(self, said: str) -> Object:
        """The same, or the Job or CronJob of that name: what can be looked at."""
        ...

    def workloads(self) -> Sequence[Object]:
        """Every Deployment, StatefulSet and DaemonSet of the namespace."""
        ...

    def runs(self, owner: Object | None = None) -> Sequence[Object]:
        """The Jobs that a CronJob made; without one every CronJob of the namespace, and every Job that none of them made."""
        ...

    def pods(self, workload: Object | None = None) -> Sequence[Object]:
        """The pods that the workload owns (through its ReplicaSets or Jobs), or all of the namespace."""
        ...

    def pod(self, name: str) -> Object: ...

    def revisions(self, workload: Object) -> Sequence[Revision]:
        """Newest first."""
        ...

    def autoscalers(self, workload: Object) -> Sequence[Object]:
        """The HorizontalPodAutoscalers that are to scale it: one, or none; of several none does. Raises ``Forbidden`` where none may be read."""
        ...

    def budgets(self, workload: Object) -> Sequence[Object]:
        """The PodDisruptionBudgets that cover its pods. Raises ``Forbidden``."""
        ...

    def services(self, workload: Object) -> Sequence[Served]:
        """The Services that select its pods. Raises ``Forbidden``."""
        ...

    def causes(self, pods: Iterable[Object], heard: Sequence[Object]) -> Mapping[str, str]:
        """By the uid of a pod that cannot run as it should: why, in one sentence without its stop. ``heard``: ``events`` about it."""
        ...

    def events(self, about: Iterable[Object]) -> Sequence[Object]:
        """The latest that was told of these very objects, redacted; of all but the first only warnings. Warnings come first.

        Raises ``Forbidden``.
        """
        ...

    def logs(
        self, pod: str, container: str, *, since: int | None = None, tail: int | None = None, previous: bool = False
    ) -> str: ...

    def operations(self, environment: str | None = None) -> Sequence[Operation]:
        """Those under way and some that ended lately, as far as the asker may see them, each newest first.

        Rejected ones are in no list: only their requester was told of them.
        """
        ...

    def newer(self) -> int:
        """How many are under way that a newer version wrote: ``operations`` leaves them out."""
        ...

    def operation(self, id: str) -> Operation:
        """Raises ``NotFound``, also where the asker may not see it."""
        ...

    def audit(self, environment: str | None = None, workload: str | None = None) -> Sequence[Entry]:
        """The latest entries, newest first, as far as the asker may see them."""
        ...

    def locks(self, environment: str | None = None) -> Sequence[Lock]:
        """Those in force, there or anywhere, as far as the asker may see the environment."""
        ...

    def freezes(self, environment: str | None, days: int) -> Sequence[Freezing]:
        """Those in force and those that begin within so many days, there or wherever the asker may see anything.

        Raises ``NotAllowed`` for an environment that the asker may not see.
        """
        ...

    def awaits(self, operation: Operation) -> bool:
        """Whether it waits for the asker's yes."""
        ...

    def judge(self, said: Invocation) -> Explanation:
        """What would come of it if the asker said that: by which rules, and whose yes it would take."""
        ...

    def preview(self, verb: str, draft: Draft) -> Plan:
        """The draft sealed by a server-side dry run. Nothing is written."""
        ...


def autoscaler_of(workload: Object, live: Live) -> Object | None:
    """For who plans: an autoscaler that may not be read is none."""
    try:
        return next(iter(live.autoscalers(workload)), None)
    except (Forbidden, Missing):
        return None


def revision_of(workload: Object, live: Live) -> int | None:
    """A Deployment says its own; of the others, the ControllerRevision with the live template is looked for."""
    if workload["kind"] == "Deployment":
        return revision_number(workload)
    return next((revision.number for revision in live.revisions(workload) if revision.current), None)
