"""Drift: what a plan was made on and no longer holds, line by line. Pure.

A plan knows what it was made on by hashes, and from its diff what may be shown of it (invariant 8). The pod template
itself may still be in the cluster (``workers.recollection``): with it, what moved beside the plan's own lines is told too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from commands.bounds import MAX, MIN
from commands.canonical import digest_of
from commands.draft import FieldChange, Guard, Plan
from commands.objects import template_of
from workers.diff import changes, said
from workers.masking import Masks, is_masked
from workers.paths import ABSENT, at, hash_at, leaves, named_path, shown

MOST = 20
"""Lines of a drift that a record holds."""

_PLANNED, _SINCE = "as it was planned", "changed since"


def drift(
    plan: Plan, live: Mapping[str, Any], planned: Mapping[str, Any] | None = None, unread: str = "",
    *, beside: Mapping[str, Any] | None = None,
) -> tuple[FieldChange, ...]:  # fmt: skip
    """Empty while all of it holds. ``planned``: the template of the plan's digest, where it is known; ``unread``: why it is not.

    ``live`` is the target; ``beside``: what bears the name of what is written in its stead, where that is another object.

    ``old`` is what was planned on. Secrets are masked.
    """
    promise = plan.promise
    if str(live["metadata"].get("uid")) != promise.ref.uid:
        return (FieldChange("the object itself", _PLANNED, f"another {promise.ref.kind} of that name"),)
    if promise.beside and (beside is None or str(beside["metadata"].get("uid")) != promise.beside.uid):
        now = None if beside is None else "another of that name"
        return (FieldChange(f"{promise.beside.kind}/{promise.beside.name}", _PLANNED, now),)
    obj = beside or live
    paths = [write.path for write in promise.writes if hash_at(obj, write.path) != write.old]
    guards = [_guard(obj, guard) for guard in promise.guards if at(obj, guard.path) != guard.value]
    template = not has_planned_template(plan, live)
    if not (paths or guards or template):
        return ()
    told = [*guards, *_moved(plan.diff, obj), *_rebounded(plan, obj), *(_between(planned, live) if planned else ())]
    if template and unread:
        told.append(FieldChange("the pod template", _PLANNED, f"{_SINCE}; not compared: {unread}"))
    whole = ["the pod template"] if template else [shown(named_path(obj, path)) for path in paths]
    return _bounded(told or [FieldChange(name, _PLANNED, _SINCE) for name in whole])


def has_planned_template(plan: Plan, live: Mapping[str, Any]) -> bool:
    return digest_of(template_of(dict(live))) == plan.promise.template


def _guard(live: Mapping[str, Any], guard: Guard) -> FieldChange:
    path = named_path(live, guard.path)
    return FieldChange(shown(path), guard.value, said(Masks(live), path, at(live, guard.path)))


def _moved(diff: Sequence[FieldChange], live: Mapping[str, Any]) -> Iterator[FieldChange]:
    """The diff's own lines that read otherwise now. Whether a secret is still the same cannot be told from its mask."""
    masks = Masks(live)
    now = {shown(path): said(masks, path, value) for path, value in leaves(live).items()}
    for line in diff:
        new = now.get(line.path)
        if new != line.old and not (is_masked(line.old) and is_masked(new)):
            yield FieldChange(line.path, line.old, new)


def _rebounded(plan: Plan, scaler: Mapping[str, Any]) -> Iterator[FieldChange]:
    """An autoscaler's bounds, of which the plan knows both, though it may write only one."""
    planned = {MIN: plan.bounds.min, MAX: plan.bounds.max} if plan.bounds else {}
    for path, old in planned.items():
        now = at(scaler, path)
        if now != old:
            yield FieldChange(shown(named_path(scaler, path)), str(old), None if now is ABSENT else str(now))


def _between(planned: Mapping[str, Any], live: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    """What differs between two templates, told as the workload's."""
    before, after = ({"spec": {"template": template}} for template in (planned, template_of(dict(live))))
    return changes(before, after)


def _bounded(lines: Iterable[FieldChange]) -> tuple[FieldChange, ...]:
    """One for each path, the later one: it comes from the templates themselves. The last says how many were left out."""
    told = tuple({line.path: line for line in lines}.values())
    more = len(told) - MOST
    return told if more <= 0 else (*told[:MOST], FieldChange(f"and {more} more", _PLANNED, _SINCE))
