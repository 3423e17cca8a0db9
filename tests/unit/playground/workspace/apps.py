"""Apps under the workspace: one that answers over Socket Mode, one over HTTP, both with Slack's own libraries."""

import gc
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from slack_bolt import App, BoltRequest
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from playground.workspace import Workspace


def bolt_app(ws: Workspace) -> App:
    return App(
        client=WebClient(ws.bot_token, base_url=ws.url),
        signing_secret=ws.signing_secret,
        process_before_response=True,
    )


@contextmanager
def over_sockets(ws: Workspace, app: App) -> Iterator[SocketModeHandler]:
    handler = SocketModeHandler(app, ws.app_token)
    before = ws.sockets
    handler.connect()
    try:
        ws.wait_for_sockets(before + 1)
        yield handler
    finally:
        _close(handler.client)


@contextmanager
def raw_socket(
    ws: Workspace, answer: Callable[[SocketModeRequest], dict[str, Any] | None] = lambda request: {}
) -> Iterator[SocketModeClient]:
    """A bare Socket Mode client: acknowledges with what `answer` returns, or not at all for None."""
    client = SocketModeClient(ws.app_token, web_client=WebClient(ws.bot_token, base_url=ws.url))

    def listen(client: SocketModeClient, request: SocketModeRequest) -> None:
        payload = answer(request)
        if payload is not None:
            client.send_socket_mode_response(SocketModeResponse(request.envelope_id, payload))

    client.socket_mode_request_listeners.append(listen)
    before = ws.sockets
    client.connect()
    try:
        ws.wait_for_sockets(before + 1)
        yield client
    finally:
        _close(client)


def _close(client: Any) -> None:
    """Closes a client at once: by itself it waits up to three seconds for a frame, and one for a queued message."""
    client.auto_reconnect_enabled = False
    client.current_session_state.terminated = True
    if client.current_session.sock is not None:
        with suppress(OSError):
            client.current_session.sock.shutdown(socket.SHUT_RDWR)
    client.message_processor.event.set()
    client.message_queue.put("{}")
    client.close()
    gc.collect()


Answer = tuple[int, dict[str, str], str]


@contextmanager
def http_app(ws: Workspace, answer: Callable[[str, dict[str, str]], Answer]) -> Iterator[None]:
    """An HTTP endpoint that the workspace delivers to: body and lower-cased headers in, status, headers and body out."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            status, headers, text = answer(body, {name.lower(): value for name, value in self.headers.items()})
            try:
                self.send_response(status)
                for name, value in {"Content-Length": str(len(text.encode())), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(text.encode())
            except BrokenPipeError:
                pass

        def log_message(self, *args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    ws.use_http(f"http://127.0.0.1:{server.server_port}/slack/events")
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def over_http(ws: Workspace, app: App) -> Iterator[None]:
    def answer(body: str, headers: dict[str, str]) -> Answer:
        response = app.dispatch(BoltRequest(body=body, headers=headers))
        return response.status, {name: values[0] for name, values in response.headers.items()}, response.body

    with http_app(ws, answer):
        yield
