"""Containers that end although they should go on: by themselves, for want of memory, or killed for a failing probe."""

from __future__ import annotations

from workers.kinds.faults import probes
from workers.kinds.faults.container import Container
from workers.kinds.faults.fault import NEVER, Circumstances, Fault, Object, short
from workers.kinds.faults.starting import refused

_CODES = {
    126: "its command may not be run",
    127: "its command was not found",
    137: "killed",
    139: "segmentation fault",
    143: "asked to stop",
}
"""What a code means by the shell's convention: 128 and the signal's number, and two of the shell's own."""


def loop(container: Container, around: Circumstances) -> Fault:
    return _crash(container, around, container.last, previous=True)


def once(container: Container, around: Circumstances) -> Fault | None:
    """It has just ended, and is started again: no loop yet."""
    ended = container.terminated
    if ended is None or (container.part == "init container" and not ended.get("exitCode")):
        return None
    return _crash(container, around, ended, previous=False, proven_at=NEVER)


def _crash(
    container: Container, around: Circumstances, ended: Object, *, previous: bool, proven_at: float = 0.0
) -> Fault:
    code, again = ended.get("exitCode"), "" if proven_at else " (CrashLoopBackOff)"
    reason = str(ended.get("reason") or "") if proven_at else "CrashLoopBackOff"
    return container.fault(
        _cause(container, around, ended, again),
        exit_code=code,
        previous=previous,
        ran=True,
        reason=reason,
        proven_at=proven_at,
    )


def _cause(container: Container, around: Circumstances, ended: Object, again: str) -> str:
    code, reason = ended.get("exitCode"), ended.get("reason")
    if reason == "OOMKilled":
        return " runs out of memory (OOMKilled)"
    if reason in {"StartError", "ContainerCannotRun"}:
        return f" cannot start: {refused(short(ended.get('message') or reason))}"
    if code is None:
        return f" keeps crashing{again}"
    if killer := probes.killer(container, around, ended):
        return f" is killed because {killer}{again}"
    if code == 0:
        return f" ends with code 0 although it should keep running{again}"
    return f" exits with code {code}{_meaning(code, again)}"


def _meaning(code: int, again: str) -> str:
    words = [*([_CODES[code]] if code in _CODES else []), *([again.strip(" ()")] if again else [])]
    return f" ({', '.join(words)})" if words else ""
