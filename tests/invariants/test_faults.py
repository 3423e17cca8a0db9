"""What holds of all named faults; that each turns its test red is told beside this, in a file for each of their files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.invariants.fault import Fault, Run
from tests.invariants.faults import FAULTS, INVARIANTS

ROOT = Path(__file__).parents[2]


def test_without_a_fault_they_are_green(forge: Run):
    """One test of each invariant shows that the forge turns nothing red by itself; all of them run anyway."""
    some = {fault.invariant: fault.test for fault in FAULTS.values()}
    code, output = forge(None, sorted(some.values()))
    assert code == 0, output


@pytest.mark.parametrize("invariant", INVARIANTS)
def test_every_invariant_has_its_faults(invariant: int):
    assert [fault for fault in FAULTS.values() if fault.invariant == invariant]


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_fault_is_one_line_that_is_there(fault: Fault):
    assert "\n" not in fault.new
    assert fault.applied_to((ROOT / fault.file).read_text()) != (ROOT / fault.file).read_text()
