"""One environment as commands see it (``commands.live.Live``): a cluster's namespace, read when asked.

Remembered is only the workload that was asked for last, so that a plan is made from one look at it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from commands.draft import Draft, Plan
from commands.entry import Entry
from commands.errors import Ambiguous, Forbidden, Missing, NotFound
from commands.grammar.suggestions import listed, nearest, quoted
from commands.invocation import Invocation
from commands.live import Object, Revision
from commands.locks.lock import Lock
from commands.objects import is_controlled_by, name_of, said_of, selector_of
from commands.operation import Operation
from commands.policy.explaining import Explanation
from commands.policy.freezes import Freezing
from commands.wording import plural
from workers.cluster import Cluster
from workers.judging import Judge
from workers.redact import redact, redact_messages
from workers.revisions import kept_as, revisions_of
from workers.seal import seal

KINDS = ("Deployment", "StatefulSet", "DaemonSet")

_SAID = {
    "deployment": "Deployment", "deployments": "Deployment", "deploy": "Deployment",
    "statefulset": "StatefulSet", "statefulsets": "StatefulSet", "sts": "StatefulSet",
    "daemonset": "DaemonSet", "daemonsets": "DaemonSet", "ds": "DaemonSet",
}  # fmt: skip
_SHOWN_NAMES = 8


class Records(Protocol):
    """The operations that the asker may see."""

    def operations(self, environment: str | None = None) -> Sequence[Operation]: ...

    def newer(self) -> int: ...

    def operation(self, id: str) -> Operation: ...

    def awaits(self, operation: Operation) -> bool: ...

    def freezes(self, environment: str | None, days: int) -> Sequence[Freezing]: ...

    def audit(self, environment: str | None = None, workload: str | None = None) -> Sequence[Entry]: ...
    def locks(self, environment: str | None = None) -> Sequence[Lock]: ...


class ClusterLive:
    """See ``commands.live.Live`` for what each method promises."""

    def __init__(
        self, cluster: Cluster, environment: str, namespace: str, records: Records, now: Callable[[], float],
        judge: Judge, known: Object | None = None, previewing: Callable[[], Cluster] | None = None,
    ) -> None:  # fmt: skip
        """``known`` is the workload that is meant, as just read: it is not looked for, whatever else bears its name now.

        ``previewing``: the cluster as it is asked what it would write; left out, as it is read.
        """
        self._cluster, self._environment, self._namespace, self._now = cluster, environment, namespace, now
        self._known, self._judge = known, judge
        self._previewing = previewing or (lambda: cluster)
        self.operations, self.newer, self.operation = records.operations, records.newer, records.operation
        self.awaits = records.awaits
        self.freezes = records.freezes
        self.audit = records.audit
        self.locks = records.locks

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
        known = self._known
        if known and name_of(known) == name and kind in {None, known["kind"]}:
            return known
        found = [obj for each in ([kind] if kind else KINDS) if (obj := self._get(each, name))]
        if not found:
            raise NotFound(self._nothing_called(name, kind))
        if len(found) > 1:
            raise Ambiguous(
                f"{quoted(name)} is several things in {self._environment}: say {listed(said_of(obj).lower() for obj in found)}."
            )
        self._known = found[0]
        return found[0]

    def workloads(self) -> Sequence[Object]:
        return [obj for kind in KINDS for obj in self._list(kind) if self._judge.shows(obj)]

    def pods(self, workload: Object | None = None) -> Sequence[Object]:
        """Why one does not run is told in its runtime's words, which quote whole command lines."""
        if workload is None:
            return [redact_messages(pod) for pod in self._list("Pod")]
        uid, selector = workload["metadata"]["uid"], selector_of(workload)
        owners = {uid}
        if workload["kind"] == "Deployment":
            owners = {rs["metadata"]["uid"] for rs in self._list("ReplicaSet", selector) if is_controlled_by(rs, uid)}
        pods = self._list("Pod", selector)
        return [redact_messages(pod) for pod in pods if any(is_controlled_by(pod, owner) for owner in owners)]

    def pod(self, name: str) -> Object:
        pod = self._get("Pod", name)
        if pod is None:
            near = nearest(name, (name_of(other) for other in self._list("Pod")), _SHOWN_NAMES)
            raise NotFound(f"There is no pod {quoted(name)} in {self._environment}.{_perhaps(near)}")
        seen: Object = redact_messages(pod)
        return seen

    def revisions(self, workload: Object) -> Sequence[Revision]:
        return revisions_of(workload, self._list(kept_as(workload)))

    def autoscaler(self, workload: Object) -> Object | None:
        try:
            scalers = self._list("HorizontalPodAutoscaler")
        except (Forbidden, Missing):
            return None
        return next((scaler for scaler in scalers if _scales(scaler, workload)), None)

    def logs(
        self, pod: str, container: str, *, since: int | None = None, tail: int | None = None, previous: bool = False
    ) -> str:
        """Redacted here, before anything is stored or shown (invariant 8)."""
        text = self._cluster.logs(self._namespace, pod, container, since=since, tail=tail, previous=previous)
        return redact(text)

    def judge(self, said: Invocation) -> Explanation:
        return self._judge.judge(said, self)

    def preview(self, verb: str, draft: Draft) -> Plan:
        ref = draft.patch.ref
        return seal(self._previewing(), verb, draft, self._cluster.get(ref.kind, ref.namespace, ref.name), self._now())

    def _understood(self, said: str) -> tuple[str | None, str]:
        word, slash, name = said.partition("/")
        if not slash:
            return None, said
        kind = _SAID.get(word.lower())
        if kind is None:
            raise NotFound(f"{quoted(word)} is no kind of workload: say {listed(kind.lower() for kind in KINDS)}.")
        return kind, name

    def _get(self, kind: str, name: str) -> Object | None:
        try:
            return self._cluster.get(kind, self._namespace, name)
        except Missing:
            return None

    def _list(self, kind: str, label_selector: str = "") -> Sequence[Object]:
        return self._cluster.list(kind, self._namespace, label_selector=label_selector).items

    def _nothing_called(self, name: str, kind: str | None) -> str:
        kinds = [kind] if kind else KINDS
        names = sorted({name_of(obj) for each in kinds for obj in self._list(each) if self._judge.shows(obj)})
        sentence = f"There is no {kind or 'workload'} {quoted(name)} in {self._environment}."
        if not names:
            return f"{sentence} There are none at all."
        near = nearest(name, names, 3)
        return sentence + (
            _perhaps(near)
            or f" There {plural(len(names), 'is', 'are')} {listed(names[:_SHOWN_NAMES], 'and')}{_more(names)}."
        )


def _perhaps(near: Sequence[str]) -> str:
    return f" Did you mean {listed(near)}?" if near else ""


def _more(names: Sequence[str]) -> str:
    return f" (and {len(names) - _SHOWN_NAMES} more)" if len(names) > _SHOWN_NAMES else ""


def _scales(scaler: Object, workload: Object) -> bool:
    target = scaler["spec"]["scaleTargetRef"]
    return (target.get("kind"), target.get("name")) == (workload["kind"], name_of(workload))
