"""Bolt over HTTP: a WSGI application for waitress. ``POST /slack/events`` takes commands, interactivity and events."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from waitress.server import create_server

from bot.meter import Meter
from bot.rush import Rush

THREADS = 4
PATH = "/slack/events"


class HttpServer:
    """Raises ``OSError`` where the port is taken."""

    def __init__(self, app: App, host: str, port: int, meter: Meter, rush: Rush) -> None:
        handler = SlackRequestHandler(app, path=PATH)

        def wsgi(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            began = time.monotonic()
            with rush.one():
                answer = handler(environ, start_response)
            meter.acked(time.monotonic() - began)
            return answer

        self._server = create_server(wsgi, host=host, port=port, threads=THREADS, ident=None)
        self.port = port

    def run(self) -> None:
        """Serve until ``stop``."""
        self._server.run()

    def stop(self) -> None:
        self._server.close()
        self._server.task_dispatcher.shutdown()
