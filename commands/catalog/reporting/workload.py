"""A workload in full: its numbers, images, revision and whose it is, what stands around it, its pods and the last events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from commands.catalog.reporting import pods as of_pods
from commands.catalog.reporting import surroundings
from commands.catalog.reporting.operation import in_flight_on, left_out
from commands.catalog.reporting.origin import Origins, since
from commands.catalog.reporting.standing import Standing, standing_of
from commands.errors import Forbidden
from commands.live import Live, Object, revision_of
from commands.objects import name_of, pod_state, ref_of, said_of, template_of
from commands.report import Fields, Prose, Report
from commands.wording import counted, plural


def report_on(workload: Object, live: Live, now: float) -> Report:
    """Of a Deployment, StatefulSet or DaemonSet."""
    standing = standing_of(workload)
    more = (Prose(told),) if (told := left_out(live)) else ()
    running, unread = pods_of(workload, live)
    title = f"{name_of(workload)} in {live.environment}: {_in_short(standing, running)}"
    heard, unheard = surroundings.heard((workload, *running), live)
    fields = Fields(tuple(_fields(workload, standing, running, live, now)))
    shown = (Prose(unread) if unread else of_pods.table(running, live.causes(running, heard)),)
    return Report(title, (fields, *more, *shown, *surroundings.events(heard, unheard, now)))


def _in_short(standing: Standing, pods: Sequence[Object]) -> str:
    """The workload's own status does not tell that new pods fail beside old ones that are ready. Evicted ones are over."""
    failing = sum(pod_state(pod).failing for pod in pods if (pod.get("status") or {}).get("phase") != "Failed")
    fails = f", {counted(failing, 'pod')} {plural(failing, 'fails', 'fail')}" if failing else ""
    return f"{standing.word}, {standing.ready} of {standing.wanted} ready{fails}"


def pods_of(workload: Object, live: Live) -> tuple[Sequence[Object], str]:
    """And why they cannot be told, where they cannot."""
    try:
        return live.pods(workload), ""
    except Forbidden as error:
        return (), f"Pods: not known. {error}"


def _fields(
    workload: Object, standing: Standing, pods: Sequence[Object], live: Live, now: float
) -> Iterator[tuple[str, str]]:
    yield "Workload", said_of(workload)
    yield (
        "Replicas",
        f"{standing.wanted} wanted, {standing.updated} updated, {standing.ready} ready, {standing.available} available",
    )
    yield from of_pods.images(template_of(workload), pods)
    yield from surroundings.told("Revision", lambda: _revision(workload, live, now))
    yield from of_pods.resources(template_of(workload))
    yield from surroundings.lines(workload, live)
    ref = ref_of(workload, live.cluster)
    locks = (lock for lock in live.locks(live.environment) if lock.covers(live.environment, ref.kind, ref.name))
    yield from (("Lock", f"{lock.what} is {lock.told}") for lock in locks)
    yield from (("Operation", f"{op.id}: {op.headline}") for op in in_flight_on(workload, live))


def _revision(workload: Object, live: Live, now: float) -> list[str]:
    number, how = revision_of(workload, live), since(workload, Origins(workload, live), now)
    said = ", ".join(part for part in ("" if number is None else str(number), how) if part)
    return [said] if said else []
