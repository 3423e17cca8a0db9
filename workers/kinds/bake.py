"""After everything was ready: an environment's ``bake`` watches on for a while, and what falls over then is this rollout's failure.

What was ready when the watching began is told by the pods' own creation times, so that no two clocks are compared; a pod
that somebody else takes away, or whose node does, is not its fault, and neither is its substitute's start.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from commands.operation import Settled, Written
from workers.kinds.faults import USUAL, Circumstances, Fault, is_leaving, suspect
from workers.kinds.faults.container import Container, condition, containers
from workers.kinds.judgement import Verdict, answerable, made_at
from workers.kinds.phase import is_ready

Object = Mapping[str, Any]

_OF_NODES = frozenset({"Unknown", "ContainerStatusUnknown"})
"""Reasons of a run that ended with its node: nobody saw how."""


def settled(found: Verdict, at: float) -> Settled:
    """What there is at the moment when all is ready. ``at``: by our own clock (Unix seconds)."""
    restarts = ((str(pod["metadata"]["uid"]), _restarts(pod)) for pod in found.pods)
    newest = max((made_at(pod) for pod in found.pods), default=0.0)
    return Settled(at, newest, tuple((uid, number) for uid, number in restarts if number))


def watched(found: Verdict, since: Settled, written: Written, around: Circumstances = USUAL) -> Verdict:
    """The verdict of a rollout that was done already: broken, where one of those that were ready is not, or began anew."""
    if found.outcome == "superseded":
        return found
    pods = answerable(found.pods, written)
    fault = found.fault or next((fault for pod in pods if (fault := _fallen(pod, since, around))), None)
    if fault is None and found.outcome != "broken":
        return found
    cause = fault.cause if fault else found.sentence
    return replace(found, outcome="broken", sentence=f"all pods were ready, but did not stay so: {cause}", fault=fault)


def _fallen(pod: Object, since: Settled, around: Circumstances) -> Fault | None:
    if is_leaving(pod) or made_at(pod) > since.newest or _is_its_nodes(pod):
        return None
    if not is_ready(pod):
        name = str(pod["metadata"]["name"])
        return suspect([pod], around) or Fault(f"pod {name} is not ready any more", name)
    if _restarts(pod) > dict(since.restarts).get(str(pod["metadata"]["uid"]), 0):
        return next((_ended(each) for each in containers(pod) if each.last and each.part != "init container"), None)
    return None


def _is_its_nodes(pod: Object) -> bool:
    """Its containers are ready, but the node's controller took its readiness away; or the node went down with them."""
    gated = condition(pod, "Ready").get("reason") == "ReadinessGatesNotReady"
    lost = not is_ready(pod) and condition(pod, "ContainersReady").get("status") == "True" and not gated
    return lost or any(each.last.get("reason") in _OF_NODES for each in containers(pod))


def _ended(container: Container) -> Fault:
    """It runs again already; the log is that of the run before."""
    code, reason = container.last.get("exitCode"), str(container.last.get("reason") or "")
    how = "ran out of memory (OOMKilled)" if reason == "OOMKilled" else f"ended with code {code}"
    return container.fault(
        f" {how} and was started again", exit_code=code, reason=reason or "Error", previous=True, ran=True
    )


def _restarts(pod: Object) -> int:
    return sum(each.restarts for each in containers(pod) if each.part != "init container")
