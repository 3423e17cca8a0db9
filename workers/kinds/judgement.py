"""A verdict as a value, and the judgements that every kind shares: is it still ours, and has the controller seen it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from commands.canonical import digest_of
from commands.objects import images
from commands.operation import Written
from commands.progress import Phase, Progress
from commands.times import duration, seconds_of
from commands.wording import counted, plural
from workers.authors import author_of
from workers.cluster import FIELD_MANAGER
from workers.kinds.faults import Circumstances, Fault, first_fault
from workers.kinds.faults.refusals import Refusal
from workers.kinds.movement import still_since
from workers.kinds.phase import phase
from workers.kinds.startup import startup

Object = Mapping[str, Any]

Outcome = Literal["done", "progressing", "stuck", "paused", "broken", "superseded"]

WAITING: frozenset[Outcome] = frozenset({"progressing", "stuck", "paused"})
"""Outcomes that end nothing, but by the deadline."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Pods. ``updated`` and ``ready`` are of the template we wrote; ``old`` are of any other."""

    desired: int
    updated: int
    ready: int
    old: int

    @property
    def sentence(self) -> str:
        old = f", {self.old} old still running" if self.old else ""
        return f"{self.ready} of {counted(self.desired, 'new pod')} ready{old}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """``done`` and ``broken`` are proven, and of *our* write: its template, at a generation not older than it returned.

    ``superseded``: somebody wrote over it since. ``stuck``: nothing has moved for long, and nothing proves a fault;
    ``paused``: somebody has to resume it. Neither ends anything. ``fault`` is the evidence where pods are what broke.
    """

    outcome: Outcome
    sentence: str
    progress: Progress
    fault: Fault | None = None
    pods: tuple[Object, ...] = ()
    """Those of the template that we wrote."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """What may yet mend itself: an unschedulable pod, a pull that failed once."""
        return self.progress.warnings

    def telling(self, **more: Any) -> Verdict:
        """With this, too, in its progress."""
        return replace(self, progress=replace(self.progress, **more))


@dataclass(frozen=True, slots=True)
class Case:
    """A workload under judgement: what each kind's rules hand over to make a verdict of it."""

    workload: Object
    written: Written
    counts: Counts
    now: float
    warnings: tuple[str, ...] = ()
    pods: Sequence[Object] = ()
    """Those of the template that we wrote."""
    owned: Sequence[Object] = ()
    """All pods, and what stands between."""

    @property
    def spec(self) -> Object:
        spec: Object = self.workload["spec"]
        return spec

    @property
    def status(self) -> Object:
        status: Object = self.workload.get("status") or {}
        return status

    @property
    def age(self) -> float:
        """Seconds since our write."""
        return self.now - self.written.at

    def verdict(self, outcome: Outcome, sentence: str, fault: Fault | None = None) -> Verdict:
        counts = self.counts
        said = "" if sentence == counts.sentence else sentence
        progress = Progress(said, counts.desired, counts.updated, counts.ready, counts.old, self.now, self.warnings)
        return Verdict(outcome, sentence, progress, fault, tuple(self.pods))

    def progressing(self, instead: str = "") -> Verdict:
        """On its way, or stuck. ``instead`` of the counts, where they tell nothing yet of what we wrote."""
        still = still_since(self.workload, self.owned, self.written.at, self.now)
        waits = None if instead else self.waits()
        moving = self.verdict("progressing", instead or self.counts.sentence).telling(phase=waits)
        if still is None:
            return moving
        sentence = f"{moving.sentence}; nothing has moved for {duration(self.now - still)}"
        return replace(moving, outcome="stuck", sentence=sentence).telling(still_since=still)

    def waits(self) -> Phase | None:
        """What the new pods wait for."""
        least = int(self.spec.get("minReadySeconds") or 0)
        return phase(self.pods, self.counts.desired, self.counts.old, least, self.now)

    def late(self, said: str) -> Verdict:
        """Broken because time is over: how far it came, and what is in the way as far as anything is known."""
        why = "; ".join([self.counts.sentence, *self.warnings[:1]])
        return self.verdict("broken", f"{said}: {why}").telling(phase=self.waits())

    def done(self, sentence: str = "", kept: int = 0) -> Verdict:
        """Everything is ready; ``kept`` pods stay old for now, as wanted. The workload's word goes before the pods' own."""
        desired = self.counts.desired
        settled = replace(self, counts=Counts(desired, desired - kept, desired - kept, kept))
        said = f"{desired} of {counted(desired, 'pod')} ready" if desired else "no pods, as wanted"
        return settled.verdict("done", sentence or said).telling(startup=startup(self.pods, self.written.at))


def unsettled(case: Case) -> Verdict | None:
    """The verdict where the status says nothing yet about what we wrote, or never will; None where it counts.

    A cache may be behind our write: an older generation is not somebody else's change.
    """
    workload, written = case.workload, case.written
    generation = int(workload["metadata"]["generation"])
    if generation < written.generation:
        return case.progressing("waiting for the change to be seen")
    if digest_of(case.spec["template"]) != written.template:
        return case.verdict(
            "superseded", f"{_who(case, 'template')} changed the pod template meanwhile{_asks_for(case)}"
        )
    replicas = case.spec.get("replicas", 1)
    if written.replicas is not None and replicas != written.replicas:
        return case.verdict("superseded", f"{_who(case, 'replicas')} set the replicas to {replicas} meanwhile")
    if int(case.status.get("observedGeneration") or 0) < generation:
        return case.progressing("waiting for the controller to take it up")
    return None


def _who(case: Case, field: str) -> str:
    author = author_of(case.workload, "spec", field, besides=FIELD_MANAGER)
    return f"the field manager {author}" if author else "somebody"


def _asks_for(case: Case) -> str:
    asked = ", ".join(f"{name} {image}" for name, image in images(case.spec["template"]).items())
    return f"; it asks for {asked} now"


def answerable(pods: Iterable[Object], written: Written) -> list[Object]:
    """Those that may prove what we wrote wrong: of an autoscaler's bounds only those made since, for the others have their template from before."""
    return [pod for pod in pods if written.bounds is None or made_at(pod) >= written.at]


def faulty(case: Case, pods: Sequence[Object], around: Circumstances) -> Verdict | None:
    """Broken, where one of these pods will never become ready."""
    fault = first_fault(answerable(pods, case.written), case.now, around)
    return case.verdict("broken", fault.cause, fault) if fault else None


def made_at(pod: Object) -> float:
    """Unix seconds, by the API server's clock."""
    return seconds_of(pod["metadata"].get("creationTimestamp"))


def refusing(case: Case, refused: Refusal | None) -> Verdict | None:
    """Broken, where pods are refused for good, or for longer than it may last."""
    return case.verdict("broken", refused.sentence) if refused and case.now >= refused.proven_at else None


def warned(refused: Refusal | None, now: float) -> tuple[str, ...]:
    """That pods are refused, while it may yet pass."""
    return (refused.sentence,) if refused and now < refused.proven_at else ()


def overdue(case: Case, deadline: float) -> Verdict | None:
    """Broken, where it took longer than it may."""
    if case.age <= deadline:
        return None
    return case.late(f"not finished within {deadline:.0f} s")


def condition(obj: Object, type_: str) -> Object | None:
    """The condition of that type in an object's status."""
    conditions: Sequence[Object] = (obj.get("status") or {}).get("conditions") or ()
    return next((each for each in conditions if each.get("type") == type_), None)


def until_deleted(left: int, desired: int) -> str:
    """So many pods are of the old template still, and stay so by their strategy."""
    which = f"{left} of {counted(desired, 'pod')}"
    return f"{which} {plural(left, 'changes when it is', 'change when they are')} deleted (OnDelete)"
