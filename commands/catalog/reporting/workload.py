"""A workload in full: numbers, images, revision, autoscaler, the operation under way, and its pods by state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from commands.catalog.reporting.operation import in_flight_on, left_out
from commands.catalog.reporting.standing import Standing, standing_of
from commands.live import Live, Object, revision_of
from commands.objects import (
    PodState,
    images,
    init_containers,
    name_of,
    pod_state,
    said_of,
    template_of,
)
from commands.report import Fields, Prose, Report, Section, Table
from commands.wording import counted

SHOWN_NAMES = 3


def report_on(workload: Object, live: Live) -> Report:
    standing = standing_of(workload)
    title = f"{name_of(workload)} in {live.environment}: {standing.word}, {standing.ready} of {standing.wanted} ready"
    more = (Prose(told),) if (told := left_out(live)) else ()
    return Report(title, (Fields(tuple(_fields(workload, standing, live))), *more, *_pods(live.pods(workload))))


def _fields(workload: Object, standing: Standing, live: Live) -> list[tuple[str, str]]:
    counts = (
        f"{standing.wanted} wanted, {standing.updated} updated, {standing.ready} ready, {standing.available} available"
    )
    pairs = [("Workload", said_of(workload)), ("Replicas", counts), *_images(workload)]
    revision = revision_of(workload, live)
    if revision is not None:
        pairs.append(("Revision", str(revision)))
    if scaler := live.autoscaler(workload):
        pairs.append(("Autoscaler", _autoscaler(scaler)))
    pairs += [("Operation", f"{op.id}: {op.headline}") for op in in_flight_on(workload, live)]
    return pairs


def _images(workload: Object) -> list[tuple[str, str]]:
    template = template_of(workload)
    init = [(f"Init image {c['name']}", c.get("image", "")) for c in init_containers(template)]
    return [*((f"Image {name}", image) for name, image in images(template).items()), *init]


def _autoscaler(scaler: Object) -> str:
    spec = scaler["spec"]
    return f"HPA {name_of(scaler)} keeps {spec.get('minReplicas', 1)} to {counted(spec['maxReplicas'], 'replica')}"


def _pods(pods: Sequence[Object]) -> tuple[Section, ...]:
    if not pods:
        return (Prose("It has no pods."),)
    groups: dict[str, list[tuple[Object, PodState]]] = defaultdict(list)
    for pod in pods:
        state = pod_state(pod)
        groups[_word(state)].append((pod, state))
    ordered = sorted(groups.items(), key=lambda group: (not group[1][0][1].failing, group[1][0][1].ready, group[0]))
    return (Table(("State", "Pods", "Restarts", "Which", "Why"), tuple(_row(word, group) for word, group in ordered)),)


def _word(state: PodState) -> str:
    return f"{state.word}, not ready" if state.word == "Running" and not state.ready else state.word


def _row(word: str, group: list[tuple[Object, PodState]]) -> tuple[str, ...]:
    names = [name_of(pod) for pod, _ in group]
    which = ", ".join(names[:SHOWN_NAMES]) + (
        f" and {len(names) - SHOWN_NAMES} more" if len(names) > SHOWN_NAMES else ""
    )
    why = next(
        (f"{state.container}: {state.why}" if state.container else state.why for _, state in group if state.why), ""
    )
    return word, str(len(group)), str(sum(state.restarts for _, state in group)), which, why
