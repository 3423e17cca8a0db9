"""Each fault of records, applied in memory, turns its test red."""

from __future__ import annotations

import pytest

from tests.invariants.fault import RED, Fault, Run
from tests.invariants.faults_of_records import FAULTS


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.name for fault in FAULTS])
def test_a_fault_turns_its_test_red(fault: Fault, forge: Run):
    code, output = forge(fault.name, [fault.test])
    assert code == RED, output
