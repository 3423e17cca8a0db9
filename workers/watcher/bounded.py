"""Whether the bounds we gave an autoscaler hold: they stand as we wrote them, and its workload has been brought within them. Pure.

The controller sets what is outside at its next look, every 15 s as a rule, whatever its metrics say (kube-controller-manager,
``reconcileAutoscaler``); while the workload has no replicas it does nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from commands.bounds import bounds_of
from commands.draft import Beside
from commands.objects import replicas_wanted
from commands.operation import Written
from commands.times import duration
from commands.wording import counted
from workers.authors import author_of
from workers.cluster import FIELD_MANAGER
from workers.kinds.judgement import Verdict, condition

Object = Mapping[str, Any]

PATIENCE = 60.0
"""Seconds after which people are told that the autoscaler does nothing: four of its looks."""

_AT_WORK = ("AbleToScale", "ScalingActive")
"""Conditions that are True where it does its work."""


def within(
    found: Verdict, workload: Object, scaler: Object | None, beside: Beside, written: Written, now: float
) -> Verdict:
    """The verdict on the workload, unless the autoscaler's goes before. ``now`` (Unix seconds) by the cluster's clock."""
    if found.outcome == "superseded" or written.bounds is None:
        return found
    if scaler is None or scaler["metadata"].get("uid") != beside.uid:
        return replace(found, outcome="superseded", sentence=_gone(beside, scaler))
    if bounds_of(scaler) != written.bounds:
        return replace(found, outcome="superseded", sentence=_moved(scaler, beside))
    replicas = replicas_wanted(dict(workload)) or 0
    if found.outcome != "broken" and replicas and not written.bounds.hold(replicas):
        return _waits(found, scaler, beside, replicas, now - written.at)
    return (
        replace(found, sentence=f"HPA {beside.name} keeps {written.bounds.said}; {found.sentence}")
        if found.outcome == "done"
        else found
    )


def _gone(beside: Beside, scaler: Object | None) -> str:
    anew = "" if scaler is None else " and made anew"
    return f"HPA {beside.name} was deleted{anew} meanwhile"


def _moved(scaler: Object, beside: Beside) -> str:
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
