"""Told to end in whatever moment: also while the thread that hears of it holds the lock of what it waits for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.unit.quarterdeck.run import BARE

HOLDS_ITS_LOCK = """
import os, signal
from quarterdeck.running import stopping
stop = stopping(60)
with stop._cond:  # as wait() does for a moment, each time it begins
    os.kill(os.getpid(), signal.SIGTERM)
assert stop.wait(60)
print("ends")
"""


def test_a_signal_in_the_moment_in_which_it_begins_to_wait_is_heard() -> None:
    """Python runs the handler at the next instruction of that same thread, with the lock held."""
    ran = subprocess.run(
        [sys.executable, "-c", HOLDS_ITS_LOCK],
        check=False,
        env={**BARE, "PYTHONPATH": str(Path.cwd())},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (ran.returncode, ran.stdout) == (0, "ends\n"), ran.stderr
