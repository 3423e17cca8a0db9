"""The mutants that are made, and that what is said to be equivalent is one of them."""

from __future__ import annotations

from tests.mutation.__main__ import POLICY, ROOT
from tests.mutation.equivalent import EQUIVALENT, Equivalent
from tests.mutation.mutants import mutants

SOURCE = """
def objecting(lock, now):
    if lock.holds(now) and lock.on:
        yield lock
"""


def test_a_condition_is_turned_round_and_left_out_and_so_is_a_branch() -> None:
    made = {(mutant.code, mutant.done) for mutant in mutants(SOURCE)}
    assert made == {
        ("lock.holds(now) and lock.on", "turned round"),
        ("lock.holds(now)", "turned round"),
        ("lock.on", "turned round"),
        ("lock.holds(now)", "left out"),
        ("lock.on", "left out"),
        ("yield lock", "left out"),
    }
    assert any(mutant.source.endswith("lock.on:\n        yield from ()\n") for mutant in mutants(SOURCE))


def test_what_is_said_to_be_equivalent_is_a_mutant() -> None:
    made = {
        Equivalent.of(file.name, mutant)
        for file in (ROOT / POLICY).glob("*.py")
        for mutant in mutants(file.read_text())
    }
    assert set(EQUIVALENT) <= made
