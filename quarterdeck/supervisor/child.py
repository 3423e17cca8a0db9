"""One running process of the supervisor's, and the thread that reads what it says."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from quarterdeck.supervisor.program import Program

_LIFELINE = str(Path(__file__).with_name("lifeline.py"))
Hear = Callable[[str, str], None]
"""Called with the program's name and a line it wrote, from the thread that reads it."""


class Child:
    """Must be started by a thread that lives as long as the process should: the kernel watches that thread."""

    def __init__(self, program: Program, hear: Hear) -> None:
        self.program = program
        self.last_line = ""
        self._hear = hear
        self._started = time.monotonic()
        command = [sys.executable, "-I", "-S", _LIFELINE, str(os.getpid()), *program.arguments]
        self._process = subprocess.Popen(  # noqa: S603 - our own programs
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env=dict(program.environment), start_new_session=True,
        )  # fmt: skip
        self._reader = threading.Thread(target=self._read, name=f"reads {program.name}", daemon=True)
        self._reader.start()
        self._tell(program.stdin)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def code(self) -> int | None:
        """Its exit code once it has ended; minus the signal that ended it."""
        return self._process.poll()

    @property
    def ran_for(self) -> float:
        """Seconds since its start."""
        return time.monotonic() - self._started

    def send(self, number: signal.Signals) -> None:
        """To the process, if it has not ended yet."""
        self._process.send_signal(number)

    def end(self, seconds: float) -> None:
        """Wait for its end, and force it after so many seconds."""
        try:
            self._process.wait(max(0.0, seconds))
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self.heard_out()

    def heard_out(self) -> None:
        """Wait until its last words have been passed on; a grandchild that keeps the pipe open is not waited for."""
        self._reader.join(1)

    def _tell(self, words: bytes) -> None:
        assert self._process.stdin  # noqa: S101 - asked for above
        try:
            with self._process.stdin as stdin:
                stdin.write(words)
        except BrokenPipeError:
            pass  # it ended at once; how is told by whoever watches its end

    def _read(self) -> None:
        assert self._process.stdout  # noqa: S101 - asked for above
        with self._process.stdout as lines:
            for line in lines:
                self.last_line = line.decode(errors="replace").rstrip("\n")
                self._hear(self.program.name, self.last_line)
