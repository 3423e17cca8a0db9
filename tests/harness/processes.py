"""Child processes of the test run: started guarded, watched through their log, ended in time."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.harness import guarded
from tests.harness.forked import Forked


class ProcessFailed(Exception):
    """A child ended early, did not become ready in time, or ended with another code than expected."""


class Child:
    """A running program with a log file. Dies with this process; Ctrl-C in the terminal does not reach it."""

    def __init__(
        self, command: Sequence[str], log: Path, env: Mapping[str, str] | None = None, *, forked: bool = False
    ) -> None:
        """Start `command`, appending its output to `log`. `forked`: it is a Python module's name and its words."""
        self.name = Path(command[0]).name
        self.log = log
        self._process: subprocess.Popen[bytes] | Forked
        with log.open("ab") as output:
            if forked:
                self._process = Forked(
                    command[0], list(command[1:]), os.environ if env is None else env, output, output
                )
            else:
                self._process = guarded.start(command, stdout=output, stderr=output, env=env)

    @property
    def pid(self) -> int:
        """The process id, also after the process has ended."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether the process has not ended yet."""
        return self._process.poll() is None

    def wait_until(self, ready: Callable[[], bool], timeout: float) -> None:
        """Poll `ready` (seconds in `timeout`); raises ProcessFailed with the log's end if the process ends first."""
        try:
            wait_until(lambda: not self.running or ready(), timeout)
        except TimeoutError:
            raise ProcessFailed(f"{self.name} was not ready after {timeout} s\n{self.log_tail()}") from None
        if not self.running:
            raise ProcessFailed(f"{self.name} ended with {self._process.poll()} before it was ready\n{self.log_tail()}")

    def wait_for_line(self, text: str, timeout: float) -> None:
        """Wait until a line of the log contains `text`."""
        self.wait_until(lambda: text in self.log.read_text(errors="replace"), timeout)

    def terminate(self, timeout: float = 5.0) -> int:
        """SIGTERM, then SIGKILL after `timeout` seconds. Returns the exit code; does nothing if it has ended."""
        self.send(signal.SIGTERM)
        try:
            return self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            return self.kill()

    def kill(self) -> int:
        """SIGKILL, and wait for the end. Returns the exit code."""
        self.send(signal.SIGKILL)
        return self._process.wait()

    def send(self, signum: signal.Signals) -> None:
        """Send a signal; to a process that has ended, do nothing."""
        self._process.send_signal(signum)

    def assert_exit(self, code: int, timeout: float = 45.0) -> None:
        """Wait for the end; raises ProcessFailed unless the exit code is `code`."""
        try:
            actual = self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise ProcessFailed(f"{self.name} still runs after {timeout} s\n{self.log_tail()}") from None
        if actual != code:
            raise ProcessFailed(f"{self.name} ended with {actual}, expected {code}\n{self.log_tail()}")

    def log_tail(self, lines: int = 20) -> str:
        """The last lines of the log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def wait_until(condition: Callable[[], bool], timeout: float, interval: float = 0.02) -> None:
    """Poll a condition nobody can watch (seconds); raises TimeoutError."""
    deadline = time.monotonic() + timeout
    pause = threading.Event()
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"condition not met after {timeout} s")
        pause.wait(interval)


def alive(pid: int) -> bool:
    """Whether a process runs under this id; a zombie counts as ended."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in {"Z", "X"}
