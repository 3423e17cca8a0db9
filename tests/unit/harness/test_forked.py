"""A program that the fork server starts is as one that an interpreter of its own would run."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness.forked import ran
from tests.harness.processes import Child, alive, wait_until

PROGRAM = "tests.unit.harness.program"
STARTER = f"""
import sys
from pathlib import Path
from tests.harness.processes import Child
child = Child([{PROGRAM!r}, "wait"], Path(sys.argv[1]), forked=True)
child.wait_for_line("words", 20)
print(child.pid, flush=True)
sys.stdin.read()
"""


def test_it_has_nothing_but_what_it_was_given() -> None:
    done = ran(PROGRAM, "a word", "3", env={"ONE": "1"})
    told = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (3, "")
    assert told == {
        "words": ["a word", "3"], "env": {"ONE": "1"}, "ours": [], "session": True, "read": "", "open": [0, 1, 2],
    }  # fmt: skip


def test_two_at_once_hold_nothing_of_each_other(tmp_path: Path) -> None:
    first = Child([PROGRAM, "wait"], tmp_path / "first", {}, forked=True)
    first.wait_for_line("words", 20)
    assert json.loads(ran(PROGRAM, "0", env={}).stdout)["open"] == [0, 1, 2]
    assert first.running
    assert first.terminate() == -signal.SIGTERM
    assert not alive(first.pid)


def test_one_that_takes_too_long_is_ended() -> None:
    with pytest.raises(subprocess.TimeoutExpired) as caught:
        ran(PROGRAM, "wait", env={}, timeout=0.2)
    wait_until(lambda: not alive(int(caught.value.cmd)), 5)


def test_it_ends_with_the_process_that_asked_for_it(tmp_path: Path) -> None:
    command = [sys.executable, "-c", STARTER, str(tmp_path / "log")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as starter:
        assert starter.stdout
        pid = int(starter.stdout.readline())
        assert alive(pid)
        starter.kill()
    wait_until(lambda: not alive(pid), 5)
