"""Socket Mode: the app's WebSocket connections (docs.slack.dev/apis/events-api/using-socket-mode).

Up to ten connections, each from a ticket of apps.connections.open that works once. `hello` greets, envelopes carry
payloads to any one connection, `disconnect` announces an end: `warning` (soon), `refresh_requested` (now, come back),
`link_disabled` (Socket Mode was switched off), `too_many_websockets`.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import secrets
from contextlib import suppress
from typing import Any

from aiohttp import WSMsgType, web

from playground.workspace.delivery import Delivery, Outcome, Retry, UnansweredError
from playground.workspace.rules import limit
from playground.workspace.state import State

Json = dict[str, Any]


class SocketMode:
    def __init__(self, state: State, ping_seconds: float = 10.0) -> None:
        self.greeted = 0
        self.muted = False
        self._state = state
        self._ping_seconds = ping_seconds
        self._open: dict[web.WebSocketResponse, web.Request] = {}
        self._warned: set[web.WebSocketResponse] = set()
        self._leaving: set[web.WebSocketResponse] = set()
        self._waiting: dict[str, asyncio.Future[Json]] = {}
        self._turn = itertools.count()

    @property
    def count(self) -> int:
        """Connections that take payloads."""
        return len(self._open) - len(self._leaving)

    def is_up(self) -> bool:
        return self.count > 0

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """GET /link/: one connection, from hello to its end."""
        ticket = request.query.get("ticket", "")
        with self._state.lock:
            if ticket not in self._state.tickets:
                return web.Response(status=401, text="invalid ticket")
            self._state.tickets.remove(ticket)
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        if len(self._open) >= limit("socket.connections"):
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets", "debug_info": _debug()})
            await socket.close()
            return socket
        self._open[socket] = request
        pinging = asyncio.create_task(self._ping(socket))
        try:
            await socket.send_json({"type": "hello", "num_connections": len(self._open), "debug_info": _debug(),
                                    "connection_info": {"app_id": self._state.app.app_id}})  # fmt: skip
            self.greeted += 1
            self._state.changed()
            await self._listen(socket)
        finally:
            pinging.cancel()
            del self._open[socket]
            self._leaving.discard(socket)
            self._warned.discard(socket)
            self._state.changed()
        return socket

    async def _listen(self, socket: web.WebSocketResponse) -> None:
        with suppress(ConnectionError):
            async for message in socket:
                if self.muted:
                    continue
                if message.type == WSMsgType.PING:
                    await socket.pong(message.data)
                elif message.type == WSMsgType.TEXT:
                    self._receive(message.data)

    async def send(self, delivery: Delivery, retry: Retry | None) -> Outcome:
        envelope_id = str(secrets.token_hex(16))
        envelope: Json = {"envelope_id": envelope_id, "type": delivery.kind, "payload": delivery.payload,
                          "accepts_response_payload": delivery.kind != "events_api"}  # fmt: skip
        if delivery.kind == "events_api":
            envelope |= {"retry_attempt": retry.number if retry else 0, "retry_reason": retry.reason if retry else ""}
        staying = [socket for socket in self._open if socket not in self._leaving]
        ready = [socket for socket in staying if socket not in self._warned] or staying
        if not ready:
            raise UnansweredError("dispatch_failed", "connection_failed")
        answer = self._waiting[envelope_id] = asyncio.get_running_loop().create_future()
        try:
            if not self.muted:
                await ready[next(self._turn) % len(ready)].send_json(envelope)
            return Outcome(await answer)
        except ConnectionError:
            raise UnansweredError("dispatch_failed", "connection_failed") from None
        finally:
            self._waiting.pop(envelope_id, None)

    async def disconnect(self, reason: str, grace: float = 0.2) -> None:
        """Announces the end to every connection. After a `warning` they still take payloads if no newer one is there;
        otherwise they take none and are closed `grace` seconds later."""
        sockets = list(self._open)
        (self._warned if reason == "warning" else self._leaving).update(sockets)
        if reason == "link_disabled":
            self._state.app.socket_mode = False
        for socket in sockets:
            await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": _debug()})
        if reason != "warning":
            await asyncio.sleep(grace)
            await asyncio.gather(*(socket.close() for socket in sockets), return_exceptions=True)

    def abort(self) -> None:
        """Cuts every connection without a closing handshake, as a network does."""
        for request in list(self._open.values()):
            if request.transport is not None:
                request.transport.abort()

    async def close(self) -> None:
        await asyncio.gather(*(socket.close() for socket in list(self._open)))

    async def _ping(self, socket: web.WebSocketResponse) -> None:
        """Slack's pings carry a text; slack_sdk's client stumbles over an empty one, as aiohttp's heartbeat sends."""
        while not socket.closed:
            await asyncio.sleep(self._ping_seconds)
            if not self.muted:
                await socket.ping(b"Ping from applink-playground")

    def _receive(self, raw: str) -> None:
        """An acknowledgement: `{"envelope_id": ..., "payload": ...}`. Anything else is ignored, as Slack does."""
        try:
            said = json.loads(raw)
        except ValueError:
            return
        if not isinstance(said, dict) or "envelope_id" not in said:
            return
        waiting = self._waiting.get(said["envelope_id"])
        if waiting is None or waiting.done():
            return
        payload = said.get("payload")
        waiting.set_result(payload if isinstance(payload, dict) else {"text": payload} if payload else {})


def _debug() -> Json:
    return {"host": "applink-playground", "build_number": 1, "approximate_connection_time": 18060}
