"""Starting a Python program of ours by the fork server (`forkserver.py`): this process's side of it."""

from __future__ import annotations

import atexit
import functools
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import weakref
from collections.abc import Mapping
from contextlib import suppress
from typing import IO

from tests.harness import guarded

_turn = threading.Lock()


class Forked:
    """As much of ``subprocess.Popen`` as tests use, of ``python -m module words`` with standard input empty."""

    def __init__(
        self, module: str, words: list[str], env: Mapping[str, str], output: IO[bytes], errors: IO[bytes]
    ) -> None:
        request = json.dumps({"module": module, "words": words, "env": dict(env)}).encode()
        self._told, telling = os.pipe()
        weakref.finalize(self, os.close, self._told)
        try:
            with _turn:
                socket.send_fds(_server(), [request], [output.fileno(), errors.fileno(), telling])
        finally:
            os.close(telling)
        self._reading = threading.Lock()
        self._code: int | None = None
        self.pid = int.from_bytes(os.read(self._told, 4))

    def poll(self) -> int | None:
        """The exit code once it has ended; minus the signal that ended it."""
        return self._ended_within(0)

    def wait(self, timeout: float | None = None) -> int:
        """Seconds; raises ``subprocess.TimeoutExpired``."""
        code = self._ended_within(timeout)
        if code is None:
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
        return code

    def send_signal(self, number: signal.Signals) -> None:
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def _ended_within(self, seconds: float | None) -> int | None:
        poll = select.poll()
        poll.register(self._told, select.POLLIN)
        if self._code is None and poll.poll(None if seconds is None else max(0, seconds) * 1000):
            with self._reading:
                if self._code is None:
                    told = os.read(self._told, 4)
                    self._code = int.from_bytes(told, signed=True) if told else -signal.SIGKILL  # with its server
        return self._code


def ran(module: str, *words: str, env: Mapping[str, str], timeout: float = 60) -> subprocess.CompletedProcess[str]:
    """Run it to its end (seconds; raises ``subprocess.TimeoutExpired``), as ``subprocess.run`` with all output captured."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        process = Forked(module, list(words), env, output, errors)
        try:
            code = process.wait(timeout)
        finally:
            process.send_signal(signal.SIGKILL)
        told = []
        for file in (output, errors):
            file.seek(0)
            told.append(file.read().decode())
        return subprocess.CompletedProcess([module, *words], code, *told)


@functools.cache
def _server() -> socket.socket:
    """Where requests go. One a test process, from the first request to the process's end."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    command = [sys.executable, "-m", "tests.harness.forkserver", str(theirs.fileno())]
    with theirs:
        server = guarded.start(command, pass_fds=[theirs.fileno()])

    def end() -> None:
        ours.close()
        server.wait()

    atexit.register(end)
    return ours
