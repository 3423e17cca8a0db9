"""The one write of an operation: one JSON patch that says what it expects, what it changes and whose it is (invariant 3).

Measured on API server 1.37 (tests/unit/workers/test_write.py): a ``test`` for null holds where the last key is absent
but its parent is there; a failed ``test`` is 422 with empty details, and so is an edit whose path does not exist.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from commands.bounds import bounds_of
from commands.canonical import digest_of
from commands.cause import cause
from commands.draft import Draft, FieldChange, Patch, Plan, Promise, Ref
from commands.errors import Invalid, OutcomeUnknown, PreconditionFailed, QuarterdeckError
from commands.objects import CAUSE_ANNOTATION, OPERATION_ANNOTATION, annotation, replicas_wanted, template_of
from commands.operation import Operation, Written
from commands.policy import Permit
from commands.times import seconds_of
from workers.beside import read_beside
from workers.cluster import FIELD_MANAGER, Cluster, Object
from workers.paths import hash_at, pointer
from workers.recollection import drift_told

OPERATION = OPERATION_ANNOTATION
REQUESTER = "quarterdeck/requester"
REASON = "quarterdeck/reason"
MESSAGE = "quarterdeck/message"
"""Where the operation's message is read, as a link; left out while it has none, or that is not known."""
UNDONE = "quarterdeck/undone"
"""The operation that was taken back with this very write, by itself."""

SOMEONE_ELSES = ""
"""As ``Written.template``: ours was overwritten before we saw it. No template has this digest."""

_ANNOTATIONS = "/metadata/annotations"
REPLICAS = "/spec/replicas"
_ATTEMPTS = 3
"""A young object gets its first annotations from its controller, perhaps between our reading and our writing."""

_REASON_LENGTH = 1_000

Op = dict[str, Any]
"""One operation of a JSON patch (RFC 6902)."""


class Drifted(QuarterdeckError):
    """The object is not what the plan was made on. ``changes`` are the lines that differ. Nothing was written."""

    def __init__(self, message: str, changes: tuple[FieldChange, ...]) -> None:
        super().__init__(message)
        self.changes = changes


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who changed the object, by which operation and why; written as annotations in the patch itself."""

    operation: str
    requester: str
    cause: str
    reason: str | None = None
    message: str | None = None
    undone: str | None = None

    @classmethod
    def of(cls, operation: Operation, message: str | None = None) -> Self:
        said = operation.invocation
        summary = operation.plan.summary if operation.plan else ""
        reason = said.argument("reason")
        return cls(
            operation.id,
            said.person.id,
            cause(said.verb, summary, operation.id, said.person.id),
            str(reason)[:_REASON_LENGTH] if reason else None,
            message,
        )

    @classmethod
    def undoing(cls, operation: Operation, message: str | None = None) -> Self:
        """For the write that takes it back."""
        back = operation.plan.way_back.what if operation.plan and operation.plan.way_back else ""
        person = operation.invocation.person.id
        told = cause("rollback", f"to {back}", operation.id, person)
        return replace(cls.of(operation, message), cause=told, undone=operation.id)

    @property
    def annotations(self) -> dict[str, str]:
        given = {
            OPERATION: self.operation,
            REQUESTER: self.requester,
            CAUSE_ANNOTATION: self.cause,
            REASON: self.reason,
            MESSAGE: self.message,
            UNDONE: self.undone,
        }
        return {key: value for key, value in given.items() if value is not None}


def json_patch(patch: Patch, live: Mapping[str, Any], stamp: Stamp | None = None) -> list[Op]:
    """Tests first, then edits, then the stamp. ``live``, which is to be written, tells only whether there are annotations yet; a test makes sure."""
    tests = [_test("/metadata/uid", patch.written.uid)]
    tests += [_test(guard.path, guard.value) for guard in patch.guards]
    tests += [_test(edit.path, edit.old) for edit in patch.edits]
    edits = [_edit(edit.path, edit.old, edit.new) for edit in patch.edits if edit.old != edit.new]
    return tests + edits + (_stamp(stamp, live) if stamp else [])


def apply(
    cluster: Cluster, permit: Permit, draft: Draft, live: Object, stamp: Stamp, now: float, beside: Object | None = None
) -> Written:
    """Carry the plan out, unless it is already. ``now`` (Unix seconds) is used where the server tells no time.

    ``beside``: what is written in the target's stead, where the plan says so and it is still there. The values come from the draft, made anew from ``live``: it has to promise, value for value, what the permit is for.

    Raises ``Drifted``, ``Missing``, ``Forbidden``, ``Invalid``; and ``Unreachable`` where it may be tried again: a write
    of which nothing is to be seen is tried again safely, for its tests fail once it has arrived.
    """
    plan, ref, to = permit.plan, permit.plan.promise.ref, permit.plan.promise.written
    if Promise.of(plan.promise.verb, draft) != plan.promise:
        moved = drift_told(cluster, plan, live, beside)
        raise _drifted(ref, moved or (FieldChange("what would be written", "as it was shown", "changed since"),))
    refused: tuple[list[Op], PreconditionFailed] | None = None
    for _ in range(_ATTEMPTS):
        done = _settled(cluster, live, stamp, plan, now, beside)
        if done:
            return done
        operations = json_patch(draft.patch, beside or live, stamp)
        if refused and refused[0] == operations:
            break
        try:
            answer = cluster.patch(to.kind, ref.namespace, to.name, operations, dry_run=False)
        except OutcomeUnknown:
            live, beside = _read_again(cluster, plan)
            done = _settled(cluster, live, stamp, plan, now, beside)
            if done:
                return done
            raise
        except PreconditionFailed as error:  # nothing was written; read again to know why
            refused = operations, error
            live, beside = _read_again(cluster, plan)
        else:
            return written_of(live, plan, now, answer.object) if beside else written_of(answer.object, plan, now)
    raise Invalid(f"The API server does not take the change of {to.kind} {to.name}, although nothing has moved.") from (
        refused and refused[1]
    )


def _read_again(cluster: Cluster, plan: Plan) -> tuple[Object, Object | None]:
    ref = plan.promise.ref
    return cluster.get(ref.kind, ref.namespace, ref.name), read_beside(cluster, ref.namespace, plan.promise.beside)


def already_written(
    live: Object, operation: str, plan: Plan, begun: float, beside: Object | None = None
) -> Written | None:
    """What our write returned, as far as the object still tells; None without our stamp on that very object.

    ``begun`` (Unix seconds): when acting began, which is no later than the write; for an object that tells no time.

    Where somebody has overwritten our edits since, the template is ``SOMEONE_ELSES``, the bounds are ours: written, but superseded.
    """
    promise, obj = plan.promise, beside if plan.promise.beside else live
    if obj is None or live["metadata"].get("uid") != promise.ref.uid:
        return None
    if obj["metadata"].get("uid") != promise.written.uid or annotation(obj, OPERATION) != operation:
        return None
    written = written_of(live, plan, begun, beside)
    results = plan.results or [write.new for write in promise.writes]
    expected = zip(promise.writes, results, strict=True)
    if all(hash_at(obj, write.path) in {write.new, result} for write, result in expected):
        return written
    if promise.beside:
        return replace(written, bounds=plan.bounds_wanted)
    return replace(written, template=SOMEONE_ELSES)


def _drifted(ref: Ref, changes: tuple[FieldChange, ...]) -> Drifted:
    return Drifted(f"{ref.kind} {ref.name} changed after it was planned: nothing was written.", changes)


def _settled(
    cluster: Cluster, live: Object, stamp: Stamp, plan: Plan, now: float, beside: Object | None
) -> Written | None:
    """Done already, or not to be done any more (raises ``Drifted``); None where it is still to be done."""
    done = already_written(live, stamp.operation, plan, now, beside)
    if done is None and (moved := drift_told(cluster, plan, live, beside)):
        raise _drifted(plan.promise.ref, moved)
    return done


def written_of(obj: Object, plan: Plan, now: float, beside: Object | None = None) -> Written:
    """What a write of this plan, or of the way back from it, made of the target, or of what was written in its stead.

    ``replicas`` only where we wrote them: an autoscaler may move them at any time.
    """
    return Written(
        generation=int(obj["metadata"]["generation"]),
        template=digest_of(template_of(obj)),
        replicas=replicas_wanted(obj) if plan.promise.writes_to(REPLICAS) else None,
        at=_time_of_ours(beside or obj) or now,
        bounds=bounds_of(beside) if beside else None,
    )


def _time_of_ours(obj: Object) -> float | None:
    """When the server took our write, by its own clock (whole seconds): conditions are dated by that clock too."""
    ours = [
        f["time"]
        for f in obj["metadata"].get("managedFields") or ()
        if f.get("manager") == FIELD_MANAGER and f.get("time")
    ]
    return seconds_of(max(ours)) if ours else None


def _stamp(stamp: Stamp, live: Mapping[str, Any]) -> list[Op]:
    present = live["metadata"].get("annotations")
    if not present:
        return [_test(_ANNOTATIONS, None), {"op": "add", "path": _ANNOTATIONS, "value": stamp.annotations}]
    ops: list[Op] = [
        {"op": "add", "path": _ANNOTATIONS + pointer(key), "value": value} for key, value in stamp.annotations.items()
    ]
    stale = [
        key for key in (REASON, MESSAGE, UNDONE) if key in present and key not in stamp.annotations
    ]  # an earlier operation's
    ops += [{"op": "remove", "path": _ANNOTATIONS + pointer(key)} for key in stale]
    return ops


def _test(path: str, value: Any) -> Op:
    return {"op": "test", "path": path, "value": value}


def _edit(path: str, old: Any, new: Any) -> Op:
    if new is None:
        return {"op": "remove", "path": path}
    return {"op": "add" if old is None else "replace", "path": path, "value": new}
