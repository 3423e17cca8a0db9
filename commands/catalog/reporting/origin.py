"""Whose a pod template is: the operation of ours that wrote it, or the program that did."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from commands.authors import last_write
from commands.canonical import digest_of
from commands.cause import operation_of, readable
from commands.errors import NewerRecord, NotFound
from commands.live import Live, Object, Revision
from commands.objects import OPERATION_ANNOTATION, annotation, bare_template, ref_of, template_of
from commands.operation import Operation, State, Written
from commands.running import Running
from commands.times import age, utc


@dataclass(frozen=True, slots=True)
class Own:
    """A write of ours, and the operation that made it: its change, or its way back from that."""

    operation: Operation
    written: Written

    @property
    def went_back(self) -> bool:
        return self.written is self.operation.undone

    @property
    def running(self) -> tuple[Running, ...]:
        """What pods of this very write were found to run: an operation that went back found those of its way back."""
        ended = State.ROLLED_BACK if self.went_back else State.SUCCEEDED
        return self.operation.ending.running if self.operation.ending and self.operation.state is ended else ()

    @property
    def by(self) -> str:
        by = f"<@{self.operation.invocation.person.id}> ({self.operation.id})"
        return f"{by}, which went back by itself" if self.went_back else by

    @property
    def broke(self) -> str | None:
        """Where it is proven broken the reason, empty if it has none; None where it is not."""
        op = self.operation
        if self.went_back and op.state is State.ROLLED_BACK:
            return None
        proof = op.broken if op.broken and not self.went_back else op.ending
        return (proof.diagnosis.reason or "") if proof and proof.diagnosis else None


class Origins:
    """Of one workload's templates. The records are read once."""

    def __init__(self, workload: Object, live: Live) -> None:
        self._workload, self._claim = workload, ref_of(workload, live.cluster).claim
        self._live, self._lately = live, list(live.operations(live.environment))

    def of(self, template: dict[str, Any], stamp: str | None) -> Own | None:
        """The last write of this very template; None where it was not ours, or is no longer known.

        ``stamp``: the operation's id on the object. It alone proves nothing: controllers copy a later one's over it.
        """
        digest = digest_of(bare_template(template))
        ours = (own for op in self._candidates(stamp) if _wrote(op) for own in _writes(op))
        return max(
            (own for own in ours if own.written.template == digest), key=lambda own: own.written.at, default=None
        )

    def told(self, revision: Revision) -> str:
        """Whose one is that is none of ours: by its change-cause, which anybody may write; of the live one, the program."""
        if revision.cause and not self._is_another_s(revision.cause):
            return readable(revision.cause)
        written = last_write(self._workload, "spec", "template") if revision.current else None
        return written.manager if written else ""

    def _is_another_s(self, cause: str) -> bool:
        """Controllers copy what an operation wrote there over what others change after it: the records know better."""
        named = operation_of(cause)
        if named is None:
            return False
        try:
            self._live.operation(named)
        except (NotFound, NewerRecord):  # of a record that cannot be read, the change-cause is all there is
            return False
        return True

    def _candidates(self, stamp: str | None) -> Iterator[Operation]:
        yield from (op for op in self._lately if op.target and op.target.claim == self._claim)
        if stamp and all(op.id != stamp for op in self._lately):
            try:
                stamped = self._live.operation(stamp)
            except (NotFound, NewerRecord):
                return
            if stamped.target and stamped.target.claim == self._claim:
                yield stamped


def _writes(operation: Operation) -> Iterator[Own]:
    yield from (Own(operation, written) for written in (operation.written, operation.undone) if written)


def _wrote(operation: Operation) -> bool:
    """A scale leaves the template as it was."""
    writes = operation.plan.promise.writes if operation.plan else ()
    return any(write.path.startswith("/spec/template") for write in writes)


def since(workload: Object, origins: Origins, now: float) -> str:
    """Since when the live template stands, and by whom: ``since 2026-07-28 10:00:00 UTC (5m), by <@U0DANA> (op-7k3f)``."""
    ours = origins.of(template_of(workload), annotation(workload, OPERATION_ANNOTATION))
    if ours:
        return f"since {utc(ours.written.at)} ({age(ours.written.at, now)}), by {ours.by}"
    written = last_write(workload, "spec", "template")
    if written is None or not written.at:
        return ""
    return f"since {utc(written.at)} ({age(written.at, now)}), by {written.manager}"
