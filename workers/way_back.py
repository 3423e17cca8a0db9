"""What is promised for the case that a change breaks: nothing, that the target is held, or that it goes back first. Pure.

It goes back to what is known to run: what stood complete and ready when this was planned, else the newest of what an
operation of ours ended well on. "The revision before" is no proof: after a failed rollout it is what failed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from commands.canonical import digest_of
from commands.catalog.reporting.standing import Health, standing_of
from commands.config.environments import OnFailure
from commands.draft import Draft, Failing, WayBack
from commands.live import Revision
from commands.objects import Object, bare_template, images, template_of
from commands.operation import Operation, State, Written
from commands.ordered import is_ordered
from commands.wording import counted
from workers.write import REPLICAS

BOUNDS = "if it breaks its bounds stay as they are, and it is held: taking them back is left to people"
UNKNOWN = "if it breaks there is no way back: what runs now is not complete and ready, and nothing else is verified"


def prepared(
    on_failure: OnFailure, draft: Draft, live: Object, *, goes_back: bool,
    revisions: Callable[[], Sequence[Revision]], ended: Iterable[Operation], now: float,
) -> tuple[Draft, WayBack | None]:  # fmt: skip
    """The draft with its promise, and the way back in words. ``ended``: the latest of ours, newest first.

    ``goes_back``: it is a way back itself, which is never taken back by itself: a person has to look.
    ``revisions`` is called only where they are needed. Raises what it raises.
    """
    if on_failure == "ask":
        return draft, None
    if on_failure == "hold" or goes_back:
        return replace(draft, failing=Failing()), None
    if draft.patch.beside:
        return replace(draft, failing=Failing(), risks=(*draft.risks, BOUNDS)), None
    failing, way = _way(draft, live, revisions, ended, now)
    risks = draft.risks if way else (*draft.risks, UNKNOWN)
    return replace(draft, failing=failing, risks=risks), way


def _way(
    draft: Draft, live: Object, revisions: Callable[[], Sequence[Revision]], ended: Iterable[Operation], now: float
) -> tuple[Failing, WayBack | None]:
    if any(edit.path == REPLICAS for edit in draft.patch.edits):
        if draft.replicas is None or not _is_ready(live):
            return Failing(), None
        return Failing(replicas=draft.replicas), WayBack(counted(draft.replicas, "replica"), now)
    if _is_ready(live):
        return _back(live, draft.template), WayBack(_named(draft.revision, template_of(live)), now)
    kept = {digest_of(bare_template(each.template)): each for each in revisions()}
    kept.pop(draft.template, None)
    for operation in ended:
        stood = _stood(operation) if operation.target == draft.patch.ref else None
        if stood and (found := kept.get(stood.template)):
            way = WayBack(_named(found.number, found.template), operation.since, operation.id)
            return _back(live, stood.template), way
    return Failing(), None


def _back(live: Object, template: str) -> Failing:
    return Failing(template=template, frees=is_ordered(live))


def _is_ready(live: Object) -> bool:
    """Every pod is of this template, and available; of a workload without pods nothing is known."""
    found = standing_of(live)
    return found.health is Health.READY and min(found.updated, found.available) >= found.wanted


def _stood(operation: Operation) -> Written | None:
    """What it ended well on; nothing where it had no pods, for of that none has ever run."""
    ends = {State.SUCCEEDED: operation.written, State.ROLLED_BACK: operation.undone}
    stood = ends.get(operation.state)
    if stood is None or operation.plan is None:
        return None
    pods = operation.plan.replicas if stood.replicas is None else stood.replicas
    return None if pods == 0 else stood


def _named(number: int | None, template: Object) -> str:
    """``revision 6 (registry/web:1.4.1)``."""
    running = ", ".join(images(template).values())
    return f"revision {number} ({running})" if number is not None else f"what it ran before ({running})"
