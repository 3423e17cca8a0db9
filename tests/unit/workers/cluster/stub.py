"""The other end of a connection that misbehaves: answers by a script, and counts what reached it."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import yaml

from workers.cluster import Cluster, open_cluster

Handler = BaseHTTPRequestHandler
Script = Callable[[Handler], None]


def answer(code: int, body: Any, **headers: str) -> Script:
    """A whole answer in JSON."""

    def send(handler: Handler) -> None:
        data = json.dumps(body).encode()
        handler.send_response(code)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(data)), **headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(data)

    return send


def hang_up(handler: Handler) -> None:
    """The request was read, and nothing is answered."""
    handler.close_connection = True


def half(handler: Handler) -> None:
    """An answer that ends in the middle."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"metadata": {')
    handler.close_connection = True


class Stub:
    """``scripts`` are used in turn, the last one again and again."""

    def __init__(self, *scripts: Script) -> None:
        self.requests: list[str] = []
        self.headers: list[dict[str, str]] = []
        stub, lock = self, threading.Lock()

        class Scripted(Handler):
            protocol_version = "HTTP/1.1"

            def handle_any(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                with lock:
                    index = min(len(stub.requests), len(scripts) - 1)
                    stub.requests.append(f"{self.command} {self.path}")
                    stub.headers.append(dict(self.headers.items()))
                scripts[index](self)

            do_GET = do_POST = do_PATCH = handle_any  # noqa: N815 - http.server's names

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Scripted)
        self.server.daemon_threads = True
        self._thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def close(self) -> None:
        self.server.shutdown()
        self._thread.join()
        self.server.server_close()


@contextmanager
def stubbed(folder: Path, *scripts: Script, **cluster: str) -> Iterator[tuple[Stub, Cluster]]:
    """A stub and a cluster opened on it."""
    stub = Stub(*scripts)
    opened = open_cluster("main", write_kubeconfig(folder, stub.url, **cluster))
    try:
        yield stub, opened
    finally:
        opened.close()
        stub.close()


def write_kubeconfig(folder: Path, server: str, **cluster: str) -> Path:
    path = folder / "kubeconfig"
    path.write_text(
        yaml.safe_dump(
            {
                "current-context": "test",
                "contexts": [{"name": "test", "context": {"cluster": "test", "user": "test"}}],
                "clusters": [{"name": "test", "cluster": {"server": server, **cluster}}],
                "users": [{"name": "test", "user": {"token": "t0ken"}}],
            }
        )
    )
    return path
