"""``/healthz``, ``/readyz`` and ``/metrics`` of every long-running process. Healthy depends on nothing outside it."""

from __future__ import annotations

import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import click
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

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


class HealthServer:
    """Raises ``OSError`` where the port is taken."""

    def __init__(self, where: tuple[str, int], ready: Ready, metrics: CollectorRegistry) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                match self.path:
                    case "/healthz":
                        self._answer(200, b"ok\n", "text/plain")
                    case "/readyz":
                        is_ready, details = ready()
                        body = json.dumps(details, indent=1).encode() + b"\n"
                        self._answer(200 if is_ready else 503, body, "application/json")
                    case "/metrics":
                        self._answer(200, generate_latest(metrics), CONTENT_TYPE_LATEST)
                    case _:
                        self._answer(404, b"not found: /healthz, /readyz and /metrics are here\n", "text/plain")

            def _answer(self, status: int, body: bytes, kind: str) -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Probes are no news."""

        try:
            self._server = ThreadingHTTPServer(where, Handler)
        except OSError as error:
            raise OSError(
                f"cannot listen on {where[0]}:{where[1]} for --health: {error.strerror or error}; choose another port"
            ) from error
        self._server.daemon_threads = True
        Thread(target=self._server.serve_forever, args=(0.2,), name="health", daemon=True).start()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
