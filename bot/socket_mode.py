"""Bolt over Socket Mode. Notes when each envelope reached the socket, and calls off what could not be acknowledged."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable

from slack_bolt import App, BoltRequest
from slack_bolt.adapter.socket_mode.internals import build_headers, send_response
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.meter import Meter
from bot.receipts import Receipts
from bot.rush import Rush
from bot.timeliness import RECEIVED

log = logging.getLogger(__name__)

THREADS = 8


class SocketMode:
    def __init__(
        self,
        client: SocketModeClient,
        app: App,
        now: Callable[[], float],
        unacknowledged: Callable[[str], None],
        meter: Meter,
        rush: Rush,
    ) -> None:
        """``unacknowledged`` is told the id of an operation whose ack is known to have failed."""
        self._client, self._app, self._now, self._unacknowledged = client, app, now, unacknowledged
        self._meter, self._rush = meter, rush
        self._receipts = Receipts(now)
        self._enqueue = client.enqueue_message
        client.enqueue_message = self._arrived  # type: ignore[method-assign]  # its own listeners hear after a handler may have begun
        client.socket_mode_request_listeners.append(self._heard)

    def start(self) -> None:
        """May be tried again. slack_sdk, left to ask for the address itself, logs each failure and sleeps through a limit."""
        opened = self._client.web_client.apps_connections_open(app_token=self._client.app_token)
        self._client.wss_uri = opened["url"]
        self._client.connect()

    def stop(self) -> None:
        self._client.close()

    def connected(self) -> bool:
        return self._client.is_connected()

    def told(self) -> str:
        return "its socket is open" if self.connected() else "no socket to Slack is open"

    def _arrived(self, message: str) -> None:
        """The socket's callback: noted first, then queued for a handler."""
        if message.startswith("{") and (envelope := json.loads(message).get("envelope_id")):
            self._receipts.note(envelope)
        self._enqueue(message)

    def _heard(self, client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        with self._rush.one():
            self._handle(client, request)

    def _handle(self, client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        started = self._now()
        received = self._receipts.take(request.envelope_id)
        headers = {**(build_headers(request) or {}), RECEIVED: str(received)}
        bolt_request = BoltRequest(mode="socket_mode", body=request.payload, headers=headers)
        response = self._app.dispatch(bolt_request)
        try:
            send_response(client, request, response, started)
            self._meter.acked(self._now() - received)
        except Exception as error:  # noqa: BLE001 - whatever went wrong, Slack was not told
            operation = bolt_request.context.get("operation")
            log.warning("an ack could not be sent: %r", error, extra={"operation": operation})
            if operation:
                self._unacknowledged(operation)
