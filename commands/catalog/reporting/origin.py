"""Whose a pod template is: the operation of ours that wrote it, or the program that did."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from commands.authors import last_write
from commands.canonical import digest_of
from commands.errors import NotFound
from commands.live import Live, Object
from commands.objects import OPERATION_ANNOTATION, annotation, bare_template, ref_of, template_of
from commands.operation import Operation
from commands.times import age, utc


class Origins:
    """Of one workload's templates. The records are read once."""

    def __init__(self, workload: Object, live: Live) -> None:
        self._claim = ref_of(workload, live.cluster).claim
        self._live, self._lately = live, list(live.operations(live.environment))

    def of(self, template: dict[str, Any], stamp: str | None) -> Operation | None:
        """The last operation that wrote this very template; None where it was not ours, or is no longer known.

        ``stamp``: the operation's id on the object. It alone proves nothing: controllers copy a later one's over it.
        """
        digest = digest_of(bare_template(template))
        ours = [op for op in self._candidates(stamp) if op.written and op.written.template == digest and _wrote(op)]
        return max(ours, key=lambda op: op.written.at if op.written else 0.0, default=None)

    def _candidates(self, stamp: str | None) -> Iterator[Operation]:
        yield from (op for op in self._lately if op.target and op.target.claim == self._claim)
        if stamp and all(op.id != stamp for op in self._lately):
            try:
                stamped = self._live.operation(stamp)
            except NotFound:
                return
            if stamped.target and stamped.target.claim == self._claim:
                yield stamped


def _wrote(operation: Operation) -> bool:
    """A scale leaves the template as it was."""
    writes = operation.plan.promise.writes if operation.plan else ()
    return any(write.path.startswith("/spec/template") for write in writes)


def since(workload: Object, origins: Origins, now: float) -> str:
    """Since when the live template stands, and by whom: ``since 2026-07-28 10:00:00 UTC (5m), by <@U0DANA> (op-7k3f)``."""
    ours = origins.of(template_of(workload), annotation(workload, OPERATION_ANNOTATION))
    if ours and ours.written:
        return (
            f"since {utc(ours.written.at)} ({age(ours.written.at, now)}), by <@{ours.invocation.person.id}> ({ours.id})"
        )
    written = last_write(workload, "spec", "template")
    if written is None or not written.at:
        return ""
    return f"since {utc(written.at)} ({age(written.at, now)}), by {written.manager}"
