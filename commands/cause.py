"""What ``kubernetes.io/change-cause`` tells of an operation: written in one form, and read back for people. Pure."""

from __future__ import annotations

import re

_BY = re.compile(r"\((op-[a-z0-9]+) by ([UW][A-Z0-9]+)\)$")


def cause(verb: str, summary: str, operation: str, person: str) -> str:
    """``deploy web 1.4.2 (op-7k3f by U0ANN)``: immutable ids, for it outlives names."""
    return f"{verb} {summary} ({operation} by {person})"


def operation_of(cause: str) -> str | None:
    """The operation that it names."""
    found = _BY.search(cause)
    return found[1] if found else None


def readable(cause: str) -> str:
    """With the person as a mention, in whose place a report has the name. What others wrote there stays as it is."""
    return _BY.sub(r"(\1 by <@\2>)", cause)
