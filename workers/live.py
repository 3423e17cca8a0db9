"""One environment as commands see it (``commands.live.Live``): a cluster's namespace, read when asked.

Remembered is only the workload that was asked for last, so that a plan is made from one look at it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from commands.config import Patience
from commands.draft import Draft, Plan, WayBack
from commands.entry import Entry
from commands.errors import Ambiguous, Forbidden, Missing, NotFound, Unsuitable
from commands.grammar.kinds import workload_kind
from commands.grammar.suggestions import listed, nearest, quoted
from commands.invocation import Invocation
from commands.live import Object, Revision
from commands.locks.lock import Lock
from commands.objects import controller_of, is_controlled_by, name_of, said_of, selector_of
from commands.operation import Operation
from commands.policy.explaining import Explanation
from commands.policy.freezes import Freezing
from commands.wording import plural
from workers.beside import read_beside
from workers.cluster import LOG_BYTES, Cluster
from workers.judging import Judge
from workers.kinds.faults import Circumstances, cause_of
from workers.redact import MASK, redact, redact_messages
from workers.revisions import kept_as, revisions_of
from workers.seal import seal
from workers.secrets import hiding
from workers.surroundings import Surroundings

KINDS = ("Deployment", "StatefulSet", "DaemonSet")
RUNS = ("CronJob", "Job")
"""What comes to an end: looked at, never changed."""

_SHOWN_NAMES = 8
_FEWEST = 10
"""Lines of a log that are shown as far as they go, however long they are."""
_OF_A_JOB = "batch.kubernetes.io/job-name"
"""The label that every Job's pods bear (since Kubernetes 1.27)."""


class Records(Protocol):
    """The operations that the asker may see."""

    def operations(self, environment: str | None = None) -> Sequence[Operation]: ...

    def newer(self) -> int: ...

    def operation(self, id: str) -> Operation: ...

    def awaits(self, operation: Operation) -> bool: ...

    def freezes(self, environment: str | None, days: int) -> Sequence[Freezing]: ...

    def audit(self, environment: str | None = None, workload: str | None = None) -> Sequence[Entry]: ...
    def locks(self, environment: str | None = None) -> Sequence[Lock]: ...


class Preparing(Protocol):
    """The draft with what follows by itself if it breaks, and where it would go back to."""

    def __call__(
        self, verb: str, draft: Draft, live: Object, revisions: Callable[[Object], Sequence[Revision]], /
    ) -> tuple[Draft, WayBack | None]: ...


def unprepared(_verb: str, draft: Draft, *_: object) -> tuple[Draft, None]:
    """It is left to people."""
    return draft, None


class ClusterLive:
    """See ``commands.live.Live`` for what each method promises."""

    def __init__(
        self, cluster: Cluster, environment: str, namespace: str, records: Records, now: Callable[[], float],
        judge: Judge, known: Object | None = None, previewing: Callable[[], Cluster] | None = None,
        preparing: Preparing = unprepared, masks: bool = False,
    ) -> None:  # fmt: skip
        """``known`` is the workload that is meant, as just read: it is not looked for, whatever else bears its name now.

        ``previewing``: the cluster as it is asked what it would write; left out, as it is read. ``preparing``: what
        follows by itself if a draft breaks; left out, nothing. ``masks``: what the pods' Secrets hold is masked
        exactly in logs and events, for which they are read.
        """
        self._cluster, self._environment, self._namespace, self._now = cluster, environment, namespace, now
        self._known, self._judge = known, judge
        self._previewing, self._preparing = previewing or (lambda: cluster), preparing
        self.operations, self.newer, self.operation = records.operations, records.newer, records.operation
        self.awaits = records.awaits
        self.freezes = records.freezes
        self.audit = records.audit
        self.locks = records.locks
        self._masks = masks
        around = Surroundings(cluster, namespace, self._hiding)
        self.autoscalers, self.budgets = around.autoscalers, around.budgets
        self.services, self.events = around.services, around.events

    @property
    def environment(self) -> str:
        return self._environment

    @property
    def cluster(self) -> str:
        return self._cluster.name

    @property
    def namespace(self) -> str:
        return self._namespace

    def workload(self, said: str) -> Object:
        kind, name = self._understood(said)
        found = None if kind in RUNS else self._found(name, [kind] if kind else KINDS)
        if found is None and (run := self._run(name, kind)):
            raise Unsuitable(
                f"{name_of(run)} is a {run['kind']}: I show its status and its logs, and change no {run['kind']} yet."
            )
        if found is None:
            raise NotFound(self._nothing_called(name, [kind] if kind else KINDS))
        return found

    def subject(self, said: str) -> Object:
        kind, name = self._understood(said)
        found = None if kind in RUNS else self._found(name, [kind] if kind else KINDS)
        found = found or self._run(name, kind)
        if found is None:
            raise NotFound(self._nothing_called(name, [kind] if kind else (*KINDS, *RUNS)))
        self._known = found
        return found

    def _found(self, name: str, kinds: Sequence[str]) -> Object | None:
        known = self._known
        if known and name_of(known) == name and known["kind"] in kinds:
            return known
        found = [obj for kind in kinds if (obj := self._get(kind, name))]
        if len(found) > 1:
            raise Ambiguous(
                f"{quoted(name)} is several things in {self._environment}: say {listed(said_of(obj).lower() for obj in found)}."
            )
        self._known = found[0] if found else known
        return found[0] if found else None

    def _run(self, name: str, kind: str | None) -> Object | None:
        """The CronJob or Job of that name, which no workload bears. Where nobody asked for one, it may be forbidden to look."""
        if kind in RUNS:
            return self._found(name, [kind])
        try:
            return self._found(name, RUNS) if kind is None else None
        except Forbidden:
            return None

    def workloads(self) -> Sequence[Object]:
        return [obj for kind in KINDS for obj in self._list(kind) if self._judge.shows(obj)]

    def runs(self, owner: Object | None = None) -> Sequence[Object]:
        if owner is not None:
            return [job for job in self._list("Job") if is_controlled_by(job, owner["metadata"]["uid"])]
        free = (job for job in self._list("Job") if (controller_of(job) or {}).get("kind") != "CronJob")
        return [obj for obj in (*self._list("CronJob"), *free) if self._judge.shows(obj)]

    def pods(self, workload: Object | None = None) -> Sequence[Object]:
        """Why one does not run is told in its runtime's words, which quote whole command lines."""
        if workload is None:
            return self._redacted(self._list("Pod"))
        uid, selector = workload["metadata"]["uid"], selector_of(workload)
        owners = {uid}
        if workload["kind"] == "CronJob":
            owners, selector = {job["metadata"]["uid"] for job in self.runs(workload)}, _OF_A_JOB
        if workload["kind"] == "Deployment":
            owners = {rs["metadata"]["uid"] for rs in self._list("ReplicaSet", selector) if is_controlled_by(rs, uid)}
        pods = self._list("Pod", selector)
        return self._redacted([pod for pod in pods if any(is_controlled_by(pod, owner) for owner in owners)])

    def causes(self, pods: Iterable[Object], heard: Sequence[Object]) -> Mapping[str, str]:
        around = Circumstances.of(heard, Patience())
        found = ((pod["metadata"]["uid"], cause_of(pod, around)) for pod in pods)
        return {uid: cause for uid, cause in found if cause}

    def pod(self, name: str) -> Object:
        pod = self._get("Pod", name)
        if pod is None:
            near = nearest(name, (name_of(other) for other in self._list("Pod")), _SHOWN_NAMES)
            raise NotFound(f"There is no pod {quoted(name)} in {self._environment}.{_perhaps(near)}")
        return self._redacted([pod])[0]

    def revisions(self, workload: Object) -> Sequence[Revision]:
        return revisions_of(workload, self._list(kept_as(workload)))

    def logs(
        self, pod: str, container: str, *, since: int | None = None, tail: int | None = None, previous: bool = False
    ) -> str:
        """Redacted here, before anything is stored or shown (invariant 8).

        The kubelet keeps to its limit of bytes by leaving out the end, which matters most: then fewer lines are asked for.
        """
        hide = self._hiding([self._cluster.get("Pod", self._namespace, pod)] if self._masks else ())
        while True:
            text = self._cluster.logs(self._namespace, pod, container, since=since, tail=tail, previous=previous)
            lines = text.count("\n")
            if len(text.encode()) < LOG_BYTES or lines < 2 * _FEWEST:
                return hide(text)
            tail = lines // 2

    def _hiding(self, pods: Iterable[Object]) -> Callable[[str], str]:
        """What cannot be masked as the environment wants it is not shown. Raises ``ClusterError``."""
        if not self._masks:
            return redact
        try:
            return hiding(self._cluster, self._namespace, pods)
        except Forbidden as error:
            why = f"It is withheld, for it may repeat what the pods' Secrets hold, and those cannot be read. {error}"
            raise Forbidden(why, verb=error.verb, resource=error.resource, namespace=error.namespace) from error

    def _redacted(self, pods: Sequence[Object]) -> Sequence[Object]:
        """Only their status has messages; of thousands of pods the rest is most of the work."""
        try:
            hide = self._hiding(pod for pod in pods if _quotes(pod))
        except Forbidden:
            hide = _withheld
        return [{**pod, "status": redact_messages(pod.get("status") or {}, hide)} for pod in pods]

    def judge(self, said: Invocation) -> Explanation:
        return self._judge.judge(said, self)

    def preview(self, verb: str, draft: Draft) -> Plan:
        ref = draft.patch.ref
        target = self._cluster.get(ref.kind, ref.namespace, ref.name)
        prepared, way = self._preparing(verb, draft, target, self.revisions)
        subject = read_beside(self._cluster, ref.namespace, draft.patch.beside) or target
        return replace(seal(self._previewing(), verb, prepared, subject, self._now()), way_back=way)

    def _understood(self, said: str) -> tuple[str | None, str]:
        word, slash, name = said.partition("/")
        if not slash:
            return None, said
        kind = workload_kind(word)
        if kind is None:
            raise NotFound(
                f"{quoted(word)} is no kind of workload: say {listed(kind.lower() for kind in (*KINDS, *RUNS))}."
            )
        return kind, name

    def _get(self, kind: str, name: str) -> Object | None:
        try:
            return self._cluster.get(kind, self._namespace, name)
        except Missing:
            return None

    def _listed(self, kind: str) -> Sequence[Object]:
        """For near names: of what nobody asked for, what may be read."""
        try:
            return self._list(kind)
        except Forbidden:
            if kind in RUNS:
                return ()
            raise

    def _list(self, kind: str, label_selector: str = "") -> Sequence[Object]:
        return self._cluster.list(kind, self._namespace, label_selector=label_selector).items

    def _nothing_called(self, name: str, kinds: Sequence[str]) -> str:
        names = sorted({name_of(obj) for kind in kinds for obj in self._listed(kind) if self._judge.shows(obj)})
        sentence = f"There is no {kinds[0] if len(kinds) == 1 else 'workload'} {quoted(name)} in {self._environment}."
        if not names:
            return f"{sentence} There are none at all."
        near = nearest(name, names, 3)
        return sentence + (
            _perhaps(near)
            or f" There {plural(len(names), 'is', 'are')} {listed(names[:_SHOWN_NAMES], 'and')}{_more(names)}."
        )


def _quotes(pod: Object) -> bool:
    """Whether a container waits for a reason that may repeat its command line, in which variables are filled in."""
    status = pod.get("status") or {}
    every = (*(status.get("initContainerStatuses") or ()), *(status.get("containerStatuses") or ()))
    return any((each.get("state") or {}).get("waiting", {}).get("message") for each in every)


def _withheld(_: str) -> str:
    return MASK


def _perhaps(near: Sequence[str]) -> str:
    return f" Did you mean {listed(near)}?" if near else ""


def _more(names: Sequence[str]) -> str:
    return f" (and {len(names) - _SHOWN_NAMES} more)" if len(names) > _SHOWN_NAMES else ""
