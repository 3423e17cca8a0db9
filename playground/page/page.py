"""The page's server: one thread with an event loop, and a socket for each tab. Loopback only, this origin only."""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from collections.abc import Sequence
from importlib.resources import files
from typing import Any, Self
from urllib.parse import urlsplit

from aiohttp import WSMsgType, web

from playground.page import doings, reading
from playground.page.painting import Painter
from playground.page.parts import Extras, Part
from playground.page.tab import Tab
from playground.workspace import NotPossible, User, Workspace

Json = dict[str, Any]
_GATHER_SECONDS = 0.03
"""Changes within this time are shown together: faster than a person sees."""
_STATIC = {"page.css": "text/css"} | dict.fromkeys(
    ("times.js", "messages.js", "cells.js", "page.js"), "text/javascript"
)
_POLICY = "default-src 'self'; img-src 'self' data: https:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'"
_DOINGS = {"say": doings.say, "click": doings.click, "submit": doings.submit, "dismiss": doings.dismiss}


class Page:
    """Use as a context manager; ``url`` is where a browser goes. Raises ``OSError`` where the port is taken."""

    def __init__(self, workspace: Workspace, parts: Sequence[Part] = (), *, port: int = 0, home: str = "") -> None:
        """``home`` is the id of the channel to begin in; else the first one."""
        self.url = ""
        self._workspace = workspace
        self._extras = Extras(parts)
        self._painter = Painter(workspace, self._extras)
        self._home = home
        self._port = port
        self._read: dict[str, dict[str, str]] = {}
        self._wakers: set[asyncio.Event] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="page", daemon=True)
        app = web.Application()
        app.add_routes([web.get("/", self._document), web.get("/live", self._live), web.get("/static/{name}", _static)])
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)

    def start(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()
        self._workspace.state.listeners.append(self._changed)
        self._extras.on_change(self._changed)
        return self

    def stop(self) -> None:
        self._workspace.state.listeners.remove(self._changed)
        asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    async def _listen(self) -> None:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/"

    def _changed(self) -> None:
        with contextlib.suppress(RuntimeError):  # whoever tells may do so a moment longer than the page is there
            self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        for waker in self._wakers:
            waker.set()

    async def _document(self, request: web.Request) -> web.Response:
        if request.host != urlsplit(self.url).netloc:  # such as localhost: the socket would refuse it
            raise web.HTTPFound(urlsplit(self.url)._replace(query=request.query_string).geturl())
        person = self._person(request.query.get("as", ""))
        html = self._painter.page(person.id)
        return web.Response(text=html, content_type="text/html", headers={"Content-Security-Policy": _POLICY})

    async def _live(self, request: web.Request) -> web.WebSocketResponse:
        if not self._is_ours(request):
            raise web.HTTPForbidden(text="this page talks to itself only")
        socket = web.WebSocketResponse(heartbeat=20)
        await socket.prepare(request)
        tab = self._enter(Tab(self._person(request.query.get("as", "")).id, ""), request.query.get("channel", ""))
        waker = asyncio.Event()
        self._wakers.add(waker)
        painting = asyncio.create_task(self._paint(socket, tab, waker))
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await self._do(tab, _doing(message.data))
                    waker.set()
        finally:
            self._wakers.discard(waker)
            painting.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await painting
        return socket

    async def _paint(self, socket: web.WebSocketResponse, tab: Tab, waker: asyncio.Event) -> None:
        while not socket.closed:
            waker.clear()
            person, channel = self._workspace.state.users[tab.person], self._workspace.state.channels[tab.channel]
            self._mark_read(tab)
            picture = self._painter.picture(tab, person, channel, self._read.get(tab.person, {}))
            if changes := tab.changes(picture):
                await socket.send_json({"person": tab.person, "channel": tab.channel, "thread": tab.thread, **changes})
            await waker.wait()
            await asyncio.sleep(_GATHER_SECONDS)

    async def _do(self, tab: Tab, doing: Json) -> None:
        tab.notice = ""
        try:
            tab.notice = await self._done(tab, doing) or ""
        except NotPossible as error:
            tab.notice = str(error)

    async def _done(self, tab: Tab, doing: Json) -> str | None:
        name = str(doing.get("do"))
        match name:
            case "be":
                self._enter(tab, tab.channel, self._person(str(doing.get("person"))).id)
            case "go":
                self._enter(tab, str(doing.get("channel")))
            case "thread":
                tab.thread = self._known(tab.channel, str(doing.get("ts") or ""))
            case "submit" | "dismiss" | "say" | "click":
                await self._acted(name, tab, doing)
            case _:
                return await asyncio.to_thread(self._extras.do, name, tab, doing)
        return None

    async def _acted(self, name: str, tab: Tab, doing: Json) -> None:
        person, channel = self._workspace.state.users[tab.person], self._workspace.state.channels[tab.channel]
        found = await asyncio.to_thread(_DOINGS[name], self._workspace, person, channel, doing)
        tab.errors = found or {}

    def _enter(self, tab: Tab, channel: str, person: str = "") -> Tab:
        """Go to a channel, or be somebody else there; where that person is not, to their first one."""
        tab.person = person or tab.person
        reader = self._workspace.state.users[tab.person]
        mine = [room.id for room in reading.rooms(self._workspace, reader, {})]
        tab.channel = next(candidate for candidate in (channel, self._home, *mine) if candidate in mine)
        tab.thread, tab.errors = "", {}
        tab.entered = self._read.get(tab.person, {}).get(tab.channel, "")
        return tab

    def _known(self, channel: str, ts: str) -> str:
        return ts if self._workspace.state.message(channel, ts) else ""

    def _mark_read(self, tab: Tab) -> None:
        messages = self._workspace.state.channels[tab.channel].messages
        if messages:
            self._read.setdefault(tab.person, {})[tab.channel] = messages[-1].ts

    def _person(self, name: str) -> User:
        """By id or name; the first person if there is no such one."""
        everyone = reading.people(self._workspace)
        return next((user for user in everyone if name in {user.id, user.name}), everyone[0])

    def _is_ours(self, request: web.Request) -> bool:
        """Other pages in the same browser may not play somebody here: the socket's origin must be this server."""
        return urlsplit(request.headers.get("Origin", "")).netloc == request.host == urlsplit(self.url).netloc


def _doing(data: str) -> Json:
    """What a tab asks for; nothing at all if it is not what the page's script sends."""
    try:
        doing = json.loads(data)
    except ValueError:
        return {}
    return doing if isinstance(doing, dict) else {}


async def _static(request: web.Request) -> web.Response:
    name = request.match_info["name"]
    if name not in _STATIC:
        raise web.HTTPNotFound
    text = files("playground.page").joinpath("static", name).read_text()
    return web.Response(text=text, content_type=_STATIC[name])
