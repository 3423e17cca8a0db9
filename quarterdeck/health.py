"""``/healthz``, ``/readyz`` and ``/metrics`` of every long-running process. Healthy depends on nothing outside it."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import click
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from commands.errors import StoreUnavailable
from commands.store import Store

log = logging.getLogger(__name__)

Ready = Callable[[], tuple[bool, dict[str, object]]]


def address(value: str) -> tuple[str, int]:
    """``HOST:PORT``. Raises ``click.BadParameter``."""
    host, _, port = value.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65535:
        raise click.BadParameter(f"{value!r} is not HOST:PORT, such as 127.0.0.1:8080")
    return host.strip("[]"), int(port)


def checked(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """A click callback: a wrong address is wrong usage, said before anything starts."""
    del context, parameter
    if value is not None:
        address(value)
    return value


@contextmanager
def served(where: str | None, ready: Ready, metrics: CollectorRegistry) -> Iterator[None]:
    """While the process runs; nowhere if it was not asked for. Raises ``OSError`` where the port is taken."""
    server = HealthServer(address(where), ready, metrics) if where else None
    try:
        yield
    finally:
        if server:
            server.stop()


def redis_answers(store: Store) -> bool:
    try:
        store.ping()
    except StoreUnavailable:
        return False
    return True


class HealthServer:
    """Raises ``OSError`` where the port is taken."""

    def __init__(self, where: tuple[str, int], ready: Ready, metrics: CollectorRegistry) -> None:
        try:
            self._server = _Server(where, ready, metrics)
        except OSError as error:
            raise OSError(
                f"cannot listen on {where[0]}:{where[1]} for --health: {error.strerror or error}; choose another port"
            ) from error
        Thread(target=self._server.serve_forever, args=(0.2,), name="health", daemon=True).start()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, where: tuple[str, int], ready: Ready, metrics: CollectorRegistry) -> None:
        self.ready, self.metrics = ready, metrics
        super().__init__(where, _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        try:
            self._answer(*self._found())
        except ConnectionError:
            log.debug("a probe went away before it was answered")
        except Exception:  # the prober is told, and the next probe asks again
            log.exception("%s could not be answered", self.path)
            self._answer(500, b"a fault of mine; the log says more\n", "text/plain")

    def _found(self) -> tuple[int, bytes, str]:
        match self.path:
            case "/healthz":
                return 200, b"ok\n", "text/plain"
            case "/readyz":
                is_ready, details = self.server.ready()
                return 200 if is_ready else 503, json.dumps(details, indent=1).encode() + b"\n", "application/json"
            case "/metrics":
                return 200, generate_latest(self.server.metrics), CONTENT_TYPE_LATEST
            case _:
                return 404, b"not found: /healthz, /readyz and /metrics are here\n", "text/plain"

    def _answer(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Probes are no news."""
