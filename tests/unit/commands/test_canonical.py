"""Reading our values back, whoever else does so at the same time."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from commands import canonical
from tests.harness.forked import ran
from tests.unit.quarterdeck.run import BARE


def test_threads_that_read_a_kind_of_record_for_the_first_time_at_once_all_can():
    """As a bot's publishers do when it starts while much waits; left to itself msgspec ends the process then."""
    done = ran("tests.unit.commands.first_met", env=BARE | {"PYTHONPATH": str(Path.cwd())})
    assert (done.returncode, done.stderr) == (0, "")


def test_a_fork_waits_for_whoever_makes_a_decoder():
    """A worker forks while its other threads read records: no job begins with a decoder half made."""
    making, forking = threading.Event(), threading.Event()
    os.register_at_fork(before=forking.set)

    def make() -> None:
        with canonical._making:
            making.set()
            forking.wait()

    maker = threading.Thread(target=make)
    maker.start()
    making.wait()
    child = os.fork()
    if child == 0:
        os._exit(canonical._making.locked())
    maker.join()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
