"""Forks Python programs of ours from one process that has imported, once, what is not ours.

A start costs a quarter of what a fresh interpreter's does, most of which is the import of others' packages. What is ours is
imported after the fork, as it is anywhere; environment, standard streams and session are each program's own. What a fork
cannot show (which packages are loaded, the command line) is for tests that start an interpreter, as `up` and `demo` do.
"""

from __future__ import annotations

import gc
import json
import os
import runpy
import select
import signal
import socket
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from typing import NoReturn

from tests.harness.lifeline import die_with

FOREIGN = (
    "aiohttp.web", "slack_bolt.adapter.socket_mode", "rq", "redis", "pydantic", "msgspec", "yaml",
    "click", "prometheus_client", "kubernetes.client", "urllib3",
)  # fmt: skip
LARGEST = 1 << 17
"""Bytes of a request: ``{"module": …, "words": […], "env": {…}}``."""
DESCRIPTORS = 3
"""That come with each: standard output, standard error, and a pipe that is told the process id and, when there is one, the
exit code (minus the signal that ended it), four bytes each."""


@dataclass
class Server:
    """Answers on ``asks`` until the other side closes it."""

    asks: socket.socket
    running: dict[int, int] = field(default_factory=dict)
    """The pipe of each fork, by its process id."""

    def __post_init__(self) -> None:
        self._woken, self._bell = socket.socketpair()
        self._bell.setblocking(False)
        signal.set_wakeup_fd(self._bell.fileno())
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def serve(self) -> None:
        while True:
            ready, _, _ = select.select([self.asks, self._woken], [], [])
            if self._woken in ready:
                self._woken.recv(4096)
                self._tell_ends()
            if self.asks in ready:
                request, descriptors, _, _ = socket.recv_fds(self.asks, LARGEST, DESCRIPTORS)
                if not request:
                    return
                self._fork(json.loads(request), *descriptors)

    def _fork(self, request: dict[str, object], output: int, errors: int, told: int) -> None:
        server = os.getpid()
        pid = os.fork()
        if pid == 0:
            self._become_one(server, output, errors, told)
            run(**request)  # type: ignore[arg-type]
        for descriptor in (output, errors):
            os.close(descriptor)
        self.running[pid] = told
        with suppress(BrokenPipeError):
            os.write(told, pid.to_bytes(4))

    def _become_one(self, server: int, output: int, errors: int, told: int) -> None:
        """Leave behind whatever is the server's."""
        os.setsid()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        die_with(server)
        for mine in (self.asks, self._woken, self._bell):
            mine.close()
        os.dup2(output, 1)
        os.dup2(errors, 2)
        for descriptor in {output, errors, told, *self.running.values()}:
            os.close(descriptor)

    def _tell_ends(self) -> None:
        while self.running:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            told = self.running.pop(pid)
            with suppress(BrokenPipeError):  # nobody wants to know any more
                os.write(told, os.waitstatus_to_exitcode(status).to_bytes(4, signed=True))
            os.close(told)


def run(module: str, words: list[str], env: dict[str, str]) -> NoReturn:
    """As ``python -m module words``."""
    os.environ.clear()
    os.environ.update(env)
    time.tzset()  # this, and the next two, are what an interpreter would have read before
    tempfile.tempdir = None
    sys.path[1:1] = filter(None, env.get("PYTHONPATH", "").split(os.pathsep))
    sys.argv = [module, *words]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
    sys.exit()


def main(descriptor: int) -> None:
    for module in FOREIGN:
        import_module(module)
    gc.freeze()  # else each fork's first collection copies all of it
    Server(socket.socket(fileno=descriptor)).serve()


if __name__ == "__main__":
    main(int(sys.argv[1]))
