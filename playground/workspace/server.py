"""The workspace's server: one thread with an event loop, a port of its own on 127.0.0.1, and all that listens there."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

from aiohttp import web

from playground.workspace import payloads
from playground.workspace.api import Api
from playground.workspace.delivery import Courier, Delivery, Outcome
from playground.workspace.errors import NotPossible
from playground.workspace.faults import Faults
from playground.workspace.http_delivery import HttpWire
from playground.workspace.ratelimit import RateLimits
from playground.workspace.socket_mode import SocketMode
from playground.workspace.state import State, unheard
from playground.workspace.web import Web

Json = dict[str, Any]
T = TypeVar("T")


class Server:
    def __init__(self, state: State, limits: RateLimits) -> None:
        self.state = state
        self.faults = Faults()
        self.published: dict[tuple[str, str], tuple[Delivery, Future[Outcome]]] = {}
        self.sockets = SocketMode(state)
        self.http = HttpWire(state)
        self.courier = Courier([self.sockets, self.http], self.faults)
        self.courier.on_late = state.changed
        self.api = Api(state, limits)
        self._web = Web(state, self.api, self.sockets, self.faults)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._runner = web.AppRunner(self._web.app, access_log=None, shutdown_timeout=0.2)

    def start(self, port: int) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="workspace", daemon=True)
        self._thread.start()
        self.run(self._listen(port)).result()
        self.state.emit = self.publish

    def stop(self) -> None:
        if self._loop is None or self._thread is None:
            return
        self.run(self._close()).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._loop = self._thread = None

    def run(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Starts work on the server's loop, from any thread."""
        if self._loop is None:
            work.close()
            raise NotPossible("the workspace is not running: nothing reaches the app")
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def call(self, work: Coroutine[Any, Any, T]) -> T:
        return self.run(work).result()

    def publish(self, name: str, inner: Json) -> None:
        """Sends an event to the app if it subscribed to it, with retries, and does not wait."""
        if name in self.state.app.events:
            delivery = Delivery("events_api", payloads.event(self.state, inner))
            self.published[inner["type"], inner["event_ts"]] = delivery, self.run(self.courier.deliver_event(delivery))

    async def _listen(self, port: int) -> None:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self.state.base_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def _close(self) -> None:
        self.state.emit = unheard
        await self.sockets.close()
        await self.http.close()
        await self._runner.cleanup()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
