"""The pods of a workload: by state, with reasons; what they really run; what they may use."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from commands.live import Object
from commands.objects import PodState, containers, every_image, image_of, init_containers, name_of, pod_state
from commands.report import Prose, Section, Table
from commands.running import digests
from commands.wording import counted

SHOWN_NAMES = 3


def table(pods: Sequence[Object], causes: Mapping[str, str]) -> Section:
    """A row for each state, the failing ones first; why before what a phone has no room for. ``causes`` by uid: see ``Live.causes``."""
    if not pods:
        return Prose("It has no pods.")
    groups: dict[str, list[tuple[Object, PodState]]] = defaultdict(list)
    for pod in pods:
        state = pod_state(pod)
        groups[_word(state)].append((pod, state))
    ordered = sorted(groups.items(), key=lambda group: (not group[1][0][1].failing, group[1][0][1].ready, group[0]))
    return Table(
        ("State", "Pods", "Why", "Restarts", "Which"), tuple(_row(word, group, causes) for word, group in ordered)
    )


def _word(state: PodState) -> str:
    return f"{state.word}, not ready" if state.word == "Running" and not state.ready else state.word


def _row(word: str, group: list[tuple[Object, PodState]], causes: Mapping[str, str]) -> tuple[str, ...]:
    names = [name_of(pod) for pod, _ in group]
    which = ", ".join(names[:SHOWN_NAMES]) + (
        f" and {len(names) - SHOWN_NAMES} more" if len(names) > SHOWN_NAMES else ""
    )
    why = next(filter(None, (causes.get(pod["metadata"].get("uid", "")) or _why(state) for pod, state in group)), "")
    return word, str(len(group)), why, str(sum(state.restarts for _, state in group)), which


def _why(state: PodState) -> str:
    return f"{state.container}: {state.why}" if state.container and state.why else state.why


def images(template: dict[str, Any], pods: Sequence[Object]) -> Iterator[tuple[str, str]]:
    """A line for each container: its image as the template says it, the digest behind it where that is not said, and other
    images in pods that are there, such as those that nobody has deleted yet (OnDelete).
    """
    for each in containers(template):
        image = each.get("image", "")
        yield f"Image {each['name']}", _image(each["name"], image, pods)
    for each in init_containers(template):
        image = each.get("image", "")
        yield f"Init image {each['name']}", _image(each["name"], image, pods)


def _image(container: str, image: str, pods: Sequence[Object]) -> str:
    there = [pod for pod in pods if (pod.get("status") or {}).get("phase") not in {"Failed", "Succeeded"}]
    others = Counter(other for pod in there if (other := every_image(pod).get(container)) not in {None, image})
    told = (f"{other} in {count} of {counted(len(there), 'pod')}" for other, count in others.most_common())
    return "; ".join([f"{image}{_runs(digests(pods, container, image), image)}", *told])


def _runs(found: Counter[str], image: str) -> str:
    if not found or image_of(image).digest:
        return ""
    if len(found) == 1:
        return f" ({next(iter(found))})"
    several = ", ".join(f"{digest} in {count}" for digest, count in found.most_common())
    return f" (not the same everywhere: {several})"


def resources(template: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What each container asks for, and what it may have: ``cpu 100m to 500m, memory 128Mi to 256Mi``."""
    for each in containers(template):
        given = each.get("resources") or {}
        yield f"Resources {each['name']}", _span(given.get("requests") or {}, given.get("limits") or {})


def _span(requests: dict[str, str], limits: dict[str, str]) -> str:
    parts = []
    for name in dict.fromkeys([*requests, *limits]):
        least, most = requests.get(name), limits.get(name)
        if least and most:
            parts.append(f"{name} {least}" if least == most else f"{name} {least} to {most}")
        else:
            parts.append(f"{name} {least}, no limit" if least else f"{name} at most {most}")
    return ", ".join(parts) or "no requests and no limits"
