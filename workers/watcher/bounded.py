"""Whether the bounds we gave an autoscaler hold: they stand as we wrote them, and its workload has been brought within them. Pure.

The controller sets what is outside at its next look, every 15 s as a rule, whatever its metrics say (kube-controller-manager,
``reconcileAutoscaler``); while the workload has no replicas it does nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from commands.bounds import Bounds, bounds_of
from commands.draft import Beside
from commands.objects import replicas_wanted
from commands.operation import Written
from commands.times import duration
from commands.wording import counted, plural
from workers.authors import author_of
from workers.cluster import FIELD_MANAGER
from workers.kinds.faults import USUAL, Circumstances, fault_of, is_leaving, warnings
from workers.kinds.judgement import Counts, Verdict, answerable, condition, made_at
from workers.kinds.phase import is_ready

Object = Mapping[str, Any]

PATIENCE = 60.0
"""Seconds after which people are told that the autoscaler does nothing: four of its looks."""

_AT_WORK = ("AbleToScale", "ScalingActive")
"""Conditions that are True where it does its work."""


def within(
    found: Verdict,
    workload: Object,
    scaler: Object | None,
    beside: Beside,
    written: Written,
    now: float,
    around: Circumstances = USUAL,
) -> Verdict:
    """The verdict on the workload, unless the autoscaler's goes before. ``now`` (Unix seconds) by the cluster's clock.

    Pods that are broken since before our write are told of, and hinder nothing.
    """
    if found.outcome == "superseded" or written.bounds is None:
        return found
    if scaler is None or scaler["metadata"].get("uid") != beside.uid:
        return replace(found, outcome="superseded", sentence=_gone(beside, scaler))
    if moved := _moved(scaler, workload, beside, written.bounds):
        return replace(found, outcome="superseded", sentence=moved)
    broken = _broken_before(found, written, now, around)
    found = found.telling(warnings=tuple(dict.fromkeys([*broken, *found.warnings])))
    replicas = replicas_wanted(dict(workload)) or 0
    if found.outcome != "broken" and replicas and not written.bounds.hold(replicas):
        return _waits(found, scaler, beside, replicas, now - written.at)
    if found.outcome == "done":
        return replace(found, sentence=_kept(beside, written.bounds, workload, found.sentence))
    return _done_beside(found, workload, beside, written, broken) or found


def _kept(beside: Beside, bounds: Bounds, workload: Object, pods: str) -> str:
    if replicas_wanted(dict(workload)):
        return f"HPA {beside.name} keeps {bounds.said}; {pods}"
    name = workload["metadata"]["name"]
    return f"the bounds of HPA {beside.name} are {bounds}; it does nothing while {name} has no replicas"


def _broken_before(found: Verdict, written: Written, now: float, around: Circumstances) -> list[str]:
    """Why each that is of before our write and not ready is not, where that is known: one that only starts yet is waited for."""
    old = [pod for pod in found.pods if made_at(pod) < written.at and not is_ready(pod)]
    told = ((fault_of(pod, now, around), warnings([pod], now, around)) for pod in old)
    return [fault.cause if fault else notes[0] for fault, notes in told if fault or notes]


def _done_beside(
    found: Verdict, workload: Object, beside: Beside, written: Written, broken: Sequence[str]
) -> Verdict | None:
    """All is as the bounds want it, but for the pods that were broken before; None where something else is missing, or proven."""
    pods = found.progress
    status, generation = workload.get("status") or {}, int(workload["metadata"]["generation"])
    seen = written.generation <= generation <= int(status.get("observedGeneration") or 0)
    rest = int(status.get("availableReplicas") or 0) + len(broken)
    left_over = pods.updated > pods.desired and not pods.old  # beyond that, a rollout is under way
    if not broken or found.fault or written.bounds is None or not seen or rest < pods.desired or left_over:
        return None
    if not all(is_ready(pod) or is_leaving(pod) for pod in answerable(found.pods, written)):
        return None
    counts = Counts(pods.desired, pods.updated, pods.ready, pods.old)
    said = counts.sentence if pods.old else f"{pods.ready} of {counted(pods.desired, 'pod')} ready"
    were = f"{len(broken)} {plural(len(broken), 'was', 'were')} broken before"
    kept = _kept(beside, written.bounds, workload, f"{said}, {were}: {broken[0]}")
    return replace(found, outcome="done", sentence=kept).telling(sentence="", phase=None, still_since=None)


def _gone(beside: Beside, scaler: Object | None) -> str:
    anew = "" if scaler is None else " and made anew"
    return f"HPA {beside.name} was deleted{anew} meanwhile"


def _moved(scaler: Object, workload: Object, beside: Beside, bounds: Bounds) -> str | None:
    """That it scales another, or keeps other bounds than we wrote, and who did that."""
    target, meta = scaler["spec"]["scaleTargetRef"], workload["metadata"]
    if (target.get("kind"), target.get("name")) != (workload["kind"], meta["name"]):
        other = target.get("name") if target.get("kind") == workload["kind"] else f"{target['kind']}/{target['name']}"
        return f"HPA {beside.name} scales {other} by now"
    if bounds_of(scaler) == bounds:
        return None
    author = author_of(scaler, "spec", besides=FIELD_MANAGER)
    who = f"the field manager {author}" if author else "somebody"
    return f"{who} set the bounds of HPA {beside.name} to {bounds_of(scaler)} meanwhile"


def _waits(found: Verdict, scaler: Object, beside: Beside, replicas: int, age: float) -> Verdict:
    """The workload is outside: of whatever number its pods are ready, nothing is done yet."""
    said = f"HPA {beside.name} has not brought it from {counted(replicas, 'replica')} into {bounds_of(scaler)} yet"
    waits = replace(found, outcome="progressing", sentence=said)
    waits = waits.telling(sentence=said, warnings=(*_complaints(scaler), *found.warnings), phase=None)
    if age < PATIENCE:
        return waits
    quiet = f"{said}; nothing has moved for {duration(age)}"
    return replace(waits, outcome="stuck", sentence=quiet).telling(still_since=found.progress.at - age)


def _complaints(scaler: Object) -> Iterator[str]:
    """Why it may not act, in its controller's own words."""
    for name in _AT_WORK:
        told = condition(scaler, name)
        if told and told.get("status") != "True":
            yield f"its {name} is {told.get('status')}: {told.get('reason')}, {told.get('message')}"
