"""Mutants that change no result, each with its reason (``equivalent.yaml``)."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import yaml

from tests.mutation.mutants import Done, Mutant


class Equivalent(NamedTuple):
    """Which mutants: all of that file with this code in that function, and this done to it."""

    file: str
    within: str
    code: str
    done: Done

    @classmethod
    def of(cls, file: str, mutant: Mutant) -> Equivalent:
        return cls(file, mutant.within, mutant.code, mutant.done)


def _read() -> dict[Equivalent, str]:
    found = yaml.safe_load((Path(__file__).parent / "equivalent.yaml").read_text()) or []
    return {Equivalent(*(each[field] for field in Equivalent._fields)): each["because"] for each in found}


EQUIVALENT = _read()
"""The reason of each."""
