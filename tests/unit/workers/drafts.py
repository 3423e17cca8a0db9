"""Drafts, operations and permits as the rest of the product would make them."""

from __future__ import annotations

from typing import Any

from commands.bounds import MAX, MIN, bounds_of
from commands.canonical import digest_of
from commands.draft import Beside, Draft, Edit, Guard, Patch, Plan
from commands.invocation import Invocation, Person, Place
from commands.objects import ref_of, template_of
from commands.operation import Moment, Operation, State
from commands.policy import Permit, acting
from workers import seal as sealing
from workers.cluster import Cluster


def deploy(live: dict[str, Any], image: str, container: int = 0) -> Draft:
    """Another image for one container."""
    base = f"/spec/template/spec/containers/{container}"
    now = live["spec"]["template"]["spec"]["containers"][container]
    edit = Edit(f"{base}/image", now["image"], image)
    return draft(live, edit, guards=(Guard(f"{base}/name", now["name"]),), summary=f"{now['name']} {image}")


def scale(live: dict[str, Any], replicas: int) -> Draft:
    return draft(live, Edit("/spec/replicas", live["spec"]["replicas"], replicas), summary=f"to {replicas}")


def bounds(live: dict[str, Any], scaler: dict[str, Any], least: int, most: int) -> Draft:
    """Of the autoscaler that scales it."""
    present, meta = bounds_of(scaler), scaler["metadata"]
    edits = (Edit(MIN, present.min, least), Edit(MAX, present.max, most))
    beside = Beside("HorizontalPodAutoscaler", meta["name"], meta["uid"])
    guards = (Guard("/spec/scaleTargetRef/name", live["metadata"]["name"]),)
    patch = Patch(ref_of(live, "main"), edits, guards, beside)
    return Draft(
        f"web {present} → {least}-{most}",
        {"min": least, "max": most},
        patch,
        digest_of(template_of(live)),
        bounds=present,
    )


def draft(live: dict[str, Any], *edits: Edit, guards: tuple[Guard, ...] = (), summary: str = "web") -> Draft:
    patch = Patch(ref_of(live, "main"), edits, guards)
    return Draft(summary, {}, patch, digest_of(template_of(live)))


def seal(cluster: Cluster, verb: str, made: Draft, now: float) -> Plan:
    """Of the target as it is now."""
    to = made.patch.written
    return sealing.seal(cluster, verb, made, cluster.get(to.kind, made.patch.ref.namespace, to.name), now)


def operation(plan: Plan, id: str = "op-7k3f", reason: str | None = None) -> Operation:
    person = Person("U0DEV", "T1")
    said = Invocation(
        plan.promise.verb, {"reason": reason}, "staging", person, Place("C1"), f"{plan.promise.verb} web", 1.0
    )
    target = plan.promise.ref
    return Operation(id, State.ACTING, said, "staging", 1.0, (Moment(State.ACTING, 1.0),), target=target, plan=plan)


def permit(planned: Operation) -> Permit:
    """Leave without the policy, whose tests are elsewhere."""
    assert planned.plan
    return Permit(planned, planned.plan, 1.0, acting._SEAL)
