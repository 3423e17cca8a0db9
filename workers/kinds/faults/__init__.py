"""What is wrong with pods: proven (a fault), or perhaps only for now (a warning). Pure; a file for each family of causes.

The table is that of facts/rollouts.md, "When is it broken?". Users hate both mistakes: waiting on a crash loop
(kubectl#738, helm#7429) and giving up on a pull that failed once (krane#819) or on a pod not scheduled yet (helm#31896).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from workers.kinds.faults import crashes, images, nodes, probes, scheduling, starting, volumes
from workers.kinds.faults.container import Container, condition, containers
from workers.kinds.faults.fault import USUAL, Circumstances, Fault, Object
from workers.kinds.faults.leaving import is_leaving, lingering

__all__ = [
    "USUAL",
    "Circumstances",
    "Fault",
    "cause_of",
    "fault_of",
    "first_fault",
    "is_leaving",
    "lingering",
    "suspect",
    "warnings",
]

_WAITING: dict[str, Callable[[Container, Circumstances], Fault | None]] = {
    **images.RULES,
    **starting.RULES,
    "CrashLoopBackOff": crashes.loop,
}
_OF_PODS = (scheduling.unschedulable, volumes.unmounted, nodes.lost)


def first_fault(pods: Iterable[Object], now: float, around: Circumstances = USUAL) -> Fault | None:
    """The first one, in the order of the pods' names."""
    return next((fault for pod in _by_name(pods) if (fault := fault_of(pod, now, around))), None)


def fault_of(pod: Object, now: float, around: Circumstances = USUAL) -> Fault | None:
    """What keeps this pod from ever becoming ready; None also where the pod itself is on its way out."""
    return next((fault for fault in _found(pod, around) if fault.proven_at <= now), None)


def warnings(pods: Iterable[Object], now: float, around: Circumstances = USUAL) -> tuple[str, ...]:
    """What may yet mend itself, each sentence once."""
    found = (fault for pod in pods for fault in _found(pod, around))
    return tuple(dict.fromkeys(fault.cause for fault in found if fault.told_at <= now < fault.proven_at))


def suspect(pods: Iterable[Object], around: Circumstances = USUAL) -> Fault | None:
    """The first thing that keeps one from being ready, proven or not: where to look when time is over."""
    return next((fault for pod in pods for fault in _found(pod, around)), None)


def cause_of(pod: Object, around: Circumstances = USUAL) -> str:
    """Of a pod of any workload, proven or not; or "". Where it is to come to an end, doing so well is no fault."""
    status, ends = pod.get("status") or {}, (pod.get("spec") or {}).get("restartPolicy") != "Always"
    by_itself = status.get("phase") == "Failed" and not status.get("reason")  # not evicted, nor past its deadline
    found = _of_containers(pod, around) if by_itself else _found(pod, around)
    return next((fault.cause for fault in found if fault.exit_code != 0 or not ends), "")


def _found(pod: Object, around: Circumstances) -> Iterator[Fault]:
    """All that is known against it; nothing where the pod itself is on its way out."""
    if _is_well(pod) or is_leaving(pod):
        return
    yield from _of_containers(pod, around)
    for rule_of_pod in _OF_PODS:
        yield from rule_of_pod(pod, around)


def _of_containers(pod: Object, around: Circumstances) -> Iterator[Fault]:
    for container in containers(pod):
        rules = (_WAITING.get(container.waiting.get("reason", "")), crashes.once, probes.unready)
        yield from (fault for rule in rules if rule and (fault := rule(container, around)))


def _is_well(pod: Object) -> bool:
    """Most are, of thousands: nothing else has to be asked of those."""
    statuses = (pod.get("status") or {}).get("containerStatuses") or ()
    return all(status.get("ready") for status in statuses) and condition(pod, "Ready").get("status") == "True"


def _by_name(pods: Iterable[Object]) -> list[Object]:
    return sorted(pods, key=lambda pod: str(pod["metadata"]["name"]))
