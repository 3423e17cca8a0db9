"""What a fault is: one line of one file, wrong on purpose. Nothing of the product is imported here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

VARIABLE = "QUARTERDECK_FAULT"
"""Names the fault to the process under test."""

RED, NOT_BY_ASSERTION, NOT_REACHED = 70, 71, 72
"""How a run under a fault may end. None is a code of pytest's or the interpreter's, which may come from any accident."""

Run = Callable[[str | None, list[str]], tuple[int, str]]
"""Runs tests under a fault or none; returns the exit code, and what was printed."""


class NotThere(Exception):
    """The line is not there once: the product moved on, and the fault has to follow."""


@dataclass(frozen=True, slots=True)
class Fault:
    """``old`` stands exactly once in ``file``; under ``new`` the test has to fail, by an assertion of its own."""

    name: str
    invariant: int
    file: str
    old: str
    new: str
    test: str

    def applied_to(self, source: str) -> str:
        """Raises ``NotThere``."""
        if "\n" in self.old or (found := source.count(self.old)) != 1:
            raise NotThere(f"{self.name}: {self.old!r} stands {found} times in {self.file}, not once")
        return source.replace(self.old, self.new)


def here(number: int, test: str) -> str:
    """A test beside the faults, by its invariant."""
    return f"tests/invariants/test_invariant_{number:02}.py::test_{test}"
