"""Other ends of the wires that misbehave: one that never answers, and a Redis of long ago."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Self

KUBECONFIG = """\
apiVersion: v1
kind: Config
clusters: [{{name: main, cluster: {{server: "http://127.0.0.1:{port}"}}}}]
users: [{{name: main, user: {{token: none}}}}]
contexts: [{{name: main, context: {{cluster: main, user: main}}}}]
current-context: main
"""


class SilentCluster:
    """Takes connections and says nothing, for ever. Stands where a ``Stack`` wants a cluster."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._listening.settimeout(45)
        self._held: list[socket.socket] = []
        self._numbers = count(1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for each in (*self._held, self._listening):
            each.close()

    def kubeconfig(self, folder: Path) -> Path:
        path = folder / "silent.kubeconfig"
        path.write_text(KUBECONFIG.format(port=self._listening.getsockname()[1]))
        return path

    def namespace(self) -> str:
        return f"silent-{next(self._numbers)}"

    def wait_for_a_request(self) -> None:
        """One of a job's, not a look whether the cluster is there."""
        while b"/version" in self._request():
            pass

    def _request(self) -> bytes:
        """The first line of the next request."""
        connection, _ = self._listening.accept()
        self._held.append(connection)
        connection.settimeout(45)
        line = connection.recv(4096).partition(b"\r\n")[0]
        assert line.startswith(b"GET ")
        return line


class _Redis5(socketserver.StreamRequestHandler):
    """It does not know HELLO, with which a client of today begins, so that nothing else is ever asked of it."""

    def handle(self) -> None:
        while line := self.rfile.readline():
            words = [self._word() for _ in range(int(line[1:]))]
            self.wfile.write(b"-ERR unknown command `%s`, with args beginning with: \r\n" % words[0])

    def _word(self) -> bytes:
        length = int(self.rfile.readline()[1:])
        return self.rfile.read(length + 2)[:-2]


@contextmanager
def redis_of_long_ago() -> Iterator[str]:
    """Its URL."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Redis5) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"redis://127.0.0.1:{server.server_address[1]}/0"
        server.shutdown()
        thread.join()
