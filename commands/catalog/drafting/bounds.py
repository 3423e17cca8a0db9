"""Drafts of an autoscaler's bounds: one JSON patch on the HorizontalPodAutoscaler that scales a workload."""

from __future__ import annotations

from collections.abc import Iterator

from commands.bounds import MAX, MIN, TARGET, Bounds, bounds_of
from commands.catalog.drafting.draft import draft_of
from commands.draft import Beside, Draft, Edit, Guard
from commands.errors import Missing, NothingToChange, Unsuitable
from commands.invocation import Invocation
from commands.live import Live, Object
from commands.objects import name_of, replicas_wanted
from commands.wording import counted


def draft_bounds(invocation: Invocation, live: Live, workload: Object) -> Draft:
    """``min``, ``max`` or both, each a number. Both are tested, so that one that moves meanwhile is drift; and whom it scales,
    for who may change this workload may perhaps change no other.

    Raises ``Unsuitable`` and ``NothingToChange``, and ``Forbidden`` where autoscalers may not be read.
    """
    scaler = _scaler(live, workload)
    present = bounds_of(scaler)
    least, most = (invocation.argument(name) for name in ("min", "max"))
    wanted = Bounds(present.min if least is None else int(least), present.max if most is None else int(most))
    name, place = name_of(scaler), live.environment
    if wanted.max < wanted.min:
        raise Unsuitable(
            f"HPA {name} in {place} cannot keep {wanted.min} replicas at least and {wanted.max} at most. {_other(present, least, most)}"
        )
    if wanted == present:
        raise NothingToChange(f"HPA {name} in {place} already keeps {present.said}: nothing to change.")
    meta = scaler["metadata"]
    return draft_of(
        live,
        workload,
        f"{name_of(workload)} {present} → {wanted} replicas (HPA {name})",
        Edit(MIN, scaler["spec"].get("minReplicas"), wanted.min),
        Edit(MAX, scaler["spec"]["maxReplicas"], wanted.max),
        arguments={key: int(said) for key, said in (("min", least), ("max", most)) if said is not None},
        guards=(Guard(f"{TARGET}/kind", workload["kind"]), Guard(f"{TARGET}/name", name_of(workload))),
        risks=_risks(workload, wanted, name),
        beside=Beside("HorizontalPodAutoscaler", name, meta["uid"]),
        bounds=present,
    )  # fmt: skip


def _scaler(live: Live, workload: Object) -> Object:
    """Of several none does anything (its controller says AmbiguousSelector)."""
    try:
        scalers = live.autoscalers(workload)
    except Missing:  # a cluster without that API
        scalers = ()
    name, place = name_of(workload), live.environment
    if len(scalers) > 1:
        all_, none = ("both", "neither") if len(scalers) == 2 else ("all", "none of them")
        raise Unsuitable(
            f"{' and '.join(f'HPA {name_of(each)}' for each in scalers)} {all_} scale {name} in {place}, so {none} does anything: "
            "delete all but one, then set its bounds."
        )
    if not scalers:
        raise Unsuitable(
            f"No HPA scales {name} in {place}, so it has no bounds. Say `scale {name} {replicas_wanted(workload)} in {place}` "
            "with the number you want."
        )
    return scalers[0]


def _other(present: Bounds, least: int | None, most: int | None) -> str:
    if least is not None and most is not None:
        return "Say a max that is not below the min."
    return f"It keeps {present.said} now: say {'max' if most is None else 'min'}= too."


def _risks(workload: Object, wanted: Bounds, scaler: str) -> Iterator[str]:
    present = replicas_wanted(workload) or 0
    if not present:
        yield f"it has no replicas, and while it has none HPA {scaler} does nothing: scale it up for the bounds to hold"
    elif not wanted.hold(present):
        yield f"HPA {scaler} takes it from {present} to {counted(wanted.nearest(present), 'replica')}, whatever its metrics say"
    if wanted.min == wanted.max:
        yield f"HPA {scaler} will keep exactly {counted(wanted.min, 'replica')}: its metrics no longer matter"
