"""Child processes and ports."""

import sys
import threading
from pathlib import Path

import pytest

from tests.harness.ports import free_ports
from tests.harness.processes import Child, ProcessFailed, alive


def python(code: str, folder: Path) -> Child:
    return Child([sys.executable, "-u", "-c", code], folder / "log")


def test_a_line_of_the_log_says_it_is_ready(tmp_path: Path) -> None:
    child = python("print('ready'); import signal; signal.pause()", tmp_path)
    child.wait_for_line("ready", timeout=30)
    assert child.running
    assert child.terminate() == -15
    assert not alive(child.pid)


def test_an_early_end_shows_the_log(tmp_path: Path) -> None:
    child = python("raise SystemExit('no configuration')", tmp_path)
    with pytest.raises(ProcessFailed, match="no configuration"):
        child.wait_for_line("ready", timeout=30)


def test_a_program_that_ignores_sigterm_is_killed(tmp_path: Path) -> None:
    code = "import signal; signal.signal(15, signal.SIG_IGN); print('deaf'); signal.pause()"
    child = python(code, tmp_path)
    child.wait_for_line("deaf", timeout=30)
    assert child.terminate(timeout=0.1) == -9


def test_an_unexpected_exit_code_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ProcessFailed, match="ended with 3, expected 0"):
        python("raise SystemExit(3)", tmp_path).assert_exit(0)


def test_a_child_outlives_the_thread_that_started_it(tmp_path: Path) -> None:
    started: list[Child] = []
    thread = threading.Thread(
        target=lambda: started.append(python("print('up'); import signal; signal.pause()", tmp_path))
    )
    thread.start()
    thread.join()
    [child] = started
    child.wait_for_line("up", timeout=30)
    assert child.running
    child.kill()


def test_free_ports_are_different() -> None:
    assert len(set(free_ports(20))) == 20
