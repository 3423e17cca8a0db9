"""Each named fault, applied in memory, turns its tests red; without it they are green."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.invariants.fault import RED, Fault
from tests.invariants.faults import FAULTS, INVARIANTS

ROOT = Path(__file__).parents[2]

Run = Callable[[str | None, list[str]], tuple[int, str]]


@pytest.fixture(scope="session")
def run(redis_server: object) -> Iterator[Run]:
    """Tests in a process of their own, under a fault or none: the exit code, and what was printed."""
    forge = subprocess.Popen(
        [sys.executable, "-m", "tests.invariants.forge"],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert forge.stdin
    assert forge.stdout
    ask, answer = forge.stdin, forge.stdout

    def run(fault: str | None, tests: list[str]) -> tuple[int, str]:
        print(json.dumps([fault, tests]), file=ask, flush=True)
        code, output = json.loads(answer.readline())
        return code, output

    with forge:
        yield run
        ask.close()


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_fault_turns_its_test_red(fault: Fault, run: Run):
    code, output = run(fault.name, [fault.test])
    assert code == RED, output


def test_without_a_fault_they_are_green(run: Run):
    code, output = run(None, sorted({fault.test for fault in FAULTS.values()}))
    assert code == 0, output


@pytest.mark.parametrize("invariant", INVARIANTS)
def test_every_invariant_has_its_faults(invariant: int):
    assert [fault for fault in FAULTS.values() if fault.invariant == invariant]


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_fault_is_one_line_that_is_there(fault: Fault):
    assert "\n" not in fault.new
    assert fault.applied_to((ROOT / fault.file).read_text()) != (ROOT / fault.file).read_text()
