"""What a DELETE makes of an object: whether it goes at once, or is marked because finalizers or a grace period hold it."""

from __future__ import annotations

from typing import Any

from playground.cluster.clock import parse, stamp
from playground.cluster.kind import Kind
from playground.cluster.metadata_checks import FOREGROUND, ORPHAN
from playground.cluster.request import DeleteOptions
from playground.cluster.status import StatusError, conflict

Json = dict[str, Any]
_HOLDS = {"Foreground": [FOREGROUND], "Orphan": [ORPHAN]}
DEFAULT_GRACE_SECONDS = 30


def deleted(kind: Kind, live: Json, options: DeleteOptions, now: float) -> tuple[Json, bool]:
    """The object as it is then, and whether it is gone. Deleting twice changes nothing, but may shorten the grace period."""
    emptied = kind.ending(live)
    if emptied is not None:
        marks = {} if "deletionTimestamp" in live["metadata"] else {"deletionTimestamp": stamp(now)}
        return {**emptied, "metadata": {**live["metadata"], **marks}}, False
    finalizers, grace = _finalizers(kind, live, options), _grace(kind, live, options)
    if not finalizers and kind.kind != "Pod":
        return live, True
    meta = {key: value for key, value in live["metadata"].items() if key != "finalizers"}
    held = {"finalizers": finalizers} if finalizers else {}
    return {**live, "metadata": {**meta, **_marks(live, grace, now), **held}}, not finalizers and grace == 0


def may_go(kind: Kind, obj: Json) -> bool:
    """Whether an object that is being deleted is held by nothing any more."""
    meta = obj["metadata"]
    held = meta.get("finalizers") or meta.get("deletionGracePeriodSeconds") or kind.ending(obj)
    return "deletionTimestamp" in meta and not held


def check_preconditions(kind: Kind, live: Json, options: DeleteOptions) -> None:
    """Raises StatusError 409."""
    meta = live["metadata"]
    for given, held, what, why in (
        (options.uid, meta["uid"], "UID", "deleted and then recreated"),
        (options.resource_version, meta["resourceVersion"], "ResourceVersion", "modified"),
    ):
        if given and given != held:
            said = f"the {what} in the precondition ({given}) does not match the {what} in record ({held})"
            raise _unmet(kind, meta["name"], f"{said}. The object might have been {why}")


def _unmet(kind: Kind, name: str, why: str) -> StatusError:
    return conflict(kind.group, kind.kind, name, why)


def leaves_dependents(kind: Kind, live: Json, options: DeleteOptions) -> bool:
    """Whether nothing was asked, now or before, and the kind's own way is to leave them."""
    decided = {FOREGROUND, ORPHAN} & set(live["metadata"].get("finalizers") or [])
    return bool(kind.leaving and not options.propagation and not decided)


def _finalizers(kind: Kind, live: Json, options: DeleteOptions) -> list[str]:
    """The object's own, and what makes the garbage collector see to its dependents; as before if nothing was asked."""
    held: list[str] = live["metadata"].get("finalizers") or []
    propagation = "Orphan" if leaves_dependents(kind, live, options) else options.propagation
    if not propagation:
        return held
    return [name for name in held if name not in {FOREGROUND, ORPHAN}] + _HOLDS.get(propagation, [])


def _grace(kind: Kind, live: Json, options: DeleteOptions) -> int:
    """Seconds until a kubelet must have stopped it: only pods that run somewhere have any. It can only be shortened."""
    finished = live.get("status", {}).get("phase") in {"Failed", "Succeeded"}
    if kind.kind != "Pod" or not live["spec"].get("nodeName") or finished:
        return 0
    own: int = live["spec"].get("terminationGracePeriodSeconds", DEFAULT_GRACE_SECONDS)
    asked = own if options.grace_seconds is None else options.grace_seconds
    running: int = live["metadata"].get("deletionGracePeriodSeconds", asked)
    return min(asked, running)


def _marks(live: Json, grace: int, now: float) -> Json:
    """The time counts from the first request."""
    meta = live["metadata"]
    if "deletionTimestamp" not in meta:
        generation = {"generation": meta["generation"] + 1} if "generation" in meta else {}
        return {"deletionTimestamp": stamp(now + grace), "deletionGracePeriodSeconds": grace, **generation}
    since = parse(meta["deletionTimestamp"]) - meta.get("deletionGracePeriodSeconds", 0)
    return {"deletionTimestamp": stamp(since + grace), "deletionGracePeriodSeconds": grace}
