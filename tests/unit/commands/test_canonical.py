"""Reading our values back, whoever else does so at the same time."""

from __future__ import annotations

from pathlib import Path

from tests.harness.forked import ran
from tests.unit.quarterdeck.run import BARE


def test_threads_that_read_a_kind_of_record_for_the_first_time_at_once_all_can():
    """As a bot's publishers do when it starts while much waits; left to itself msgspec ends the process then."""
    done = ran("tests.unit.commands.first_met", env=BARE | {"PYTHONPATH": str(Path.cwd())})
    assert (done.returncode, done.stderr) == (0, "")
