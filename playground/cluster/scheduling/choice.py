"""The node for a pod, or why there is none, as one sentence in the default scheduler's words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from playground.cluster.scheduling import node_affinity, spreading
from playground.cluster.scheduling.filters import Question, Refusal
from playground.cluster.scheduling.snapshot import Room, requests
from playground.cluster.scheduling.taints import untolerated

Json = dict[str, Any]
NO_NODES = "no nodes available to schedule pods"
UNASKED = Refusal(("node(s) didn't satisfy plugin(s) [NodeAffinity]",))
NO_VICTIMS, NO_HELP = "No preemption victims found for incoming pod", "Preemption is not helpful for scheduling"


def choose(question: Question) -> tuple[Room | None, str]:
    """The room, or None and why."""
    rooms = question.rooms
    if not rooms:
        return None, NO_NODES
    named = node_affinity.named(question.pod["spec"])
    fitting, refused = [], []
    for room in rooms:
        refusal = UNASKED if named is not None and room.name not in named else question.refusal(room)
        fitting += [] if refusal else [room]
        refused += [refusal] if refusal else []
    if fitting:
        return max(fitting, key=lambda room: _merit(question, room)), ""
    head = f"0/{len(rooms)} nodes are available:"
    reasons = _histogram(reason for refusal in refused for reason in refusal.reasons)
    preemption = _histogram(NO_VICTIMS if refusal.resolvable else NO_HELP for refusal in refused)
    return None, f"{head} {reasons}. preemption: {head} {preemption}."


def _histogram(reasons: Iterable[str]) -> str:
    return ", ".join(sorted(f"{count} {reason}" for reason, count in Counter(reasons).items()))


def _merit(question: Question, room: Room) -> tuple[float, ...]:
    """Wishes first, then few of the same kind, then much room; of equals the first by name, as ``max`` takes it."""
    pod, spec = question.pod, question.pod["spec"]
    owners = {ref["uid"] for ref in pod["metadata"].get("ownerReferences", ())}
    like = sum(any(ref["uid"] in owners for ref in other["metadata"].get("ownerReferences", ())) for other in room.pods)
    shunned = untolerated(spec, room.node["spec"].get("taints", ()), ("PreferNoSchedule",))
    return (
        -len(shunned),
        node_affinity.preference(spec, room.node),
        -spreading.crowding(pod, room, question.rooms),
        -like,
        float(_free_share(pod, room)),
        -len(room.pods),
    )


def _free_share(pod: Json, room: Room) -> Fraction:
    """What would be left of CPU and memory, as the mean of the two shares."""
    asked = requests(pod["spec"])
    shares = [
        (room.left(name) - asked.get(name, Fraction())) / room.allocatable[name]
        for name in ("cpu", "memory")
        if room.allocatable.get(name)
    ]
    return sum(shares, Fraction()) / len(shares) if shares else Fraction()
