"""What the work of this moment is about: every line of the log names it. Each thread, and each forked job, has its own.

``operation`` is also the id of a question (``re-…``), a notice or a lock, for those are taken up in the same way.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Concern:
    """``user``: who presses a button now, else who asked for the operation (a Slack user id)."""

    operation: str | None = None
    user: str | None = None


_NOTHING = Concern()
_now: ContextVar[Concern] = ContextVar("concern", default=_NOTHING)


def concern() -> Concern:
    return _now.get()


@contextmanager
def concerning(operation: str | None = None, user: str | None = None) -> Iterator[None]:
    """Set where something is taken up; afterwards it is again as it was."""
    token = _now.set(Concern(operation, user))
    try:
        yield
    finally:
        _now.reset(token)


def concerns_too(operation: str, user: str) -> None:
    """What shows only later, to the end of what was taken up: an id just given, or whose record it is that was read."""
    known = _now.get()
    if known.operation in {None, operation} and (known.operation or known.user):
        _now.set(Concern(operation, known.user or user))
