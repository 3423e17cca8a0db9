"""The HTTP side: `/api/{method}`, response_urls, uploads and the Socket Mode link, on one aiohttp application."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from aiohttp import web

from playground.workspace.api import Api, Reply
from playground.workspace.errors import SlackError
from playground.workspace.faults import Fault, Faults
from playground.workspace.responses import respond_by_url
from playground.workspace.socket_mode import SocketMode
from playground.workspace.state import State

Json = dict[str, Any]
UPLOAD_BYTES = 64 * 1024 * 1024


class Web:
    def __init__(self, state: State, api: Api, sockets: SocketMode, faults: Faults) -> None:
        self._state = state
        self._api = api
        self._faults = faults
        self.app = web.Application(client_max_size=UPLOAD_BYTES)
        self.app.add_routes([
            web.route("*", "/api/{method}", self._call),
            web.post("/commands/{team}/{key}", self._respond),
            web.post("/actions/{team}/{key}", self._respond),
            web.post("/upload/{file}/{key}", self._upload),
            web.get("/link/", sockets.connect),
        ])  # fmt: skip

    async def _call(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        try:
            raw = await _arguments(request)
        except SlackError as error:
            return _json(Reply(200, error.body()))
        token = _token(request, raw)
        fault = self._faults.next_for(name)
        if fault and (early := await self._misbehave(request, name, raw, fault)):
            return early
        reply = self._api.handle(name, token, raw, fault.kind if fault else "")
        if fault and fault.kind == "drop_after":
            return _drop(request)
        return _json(reply)

    async def _misbehave(self, request: web.Request, name: str, raw: Json, fault: Fault) -> web.StreamResponse | None:
        """The answer when the fault strikes before the method runs; None when the method is to run."""
        if fault.kind == "delay":
            await asyncio.sleep(fault.seconds)
        if fault.kind in ("delay", "drop_after"):
            return None
        reply = {
            "429": Reply(429, {"ok": False, "error": "ratelimited"}, {"retry-after": str(fault.retry_after)}),
            "500": Reply(500, {"ok": False, "error": "internal_error"}),
            "502": Reply(502, {"ok": False, "error": "bad gateway"}),
            "error": Reply(200, {"ok": False, "error": fault.code}),
            "drop_before": Reply(0, {"ok": False, "error": "connection dropped"}),
        }[fault.kind]
        self._api.log(name, raw, reply, fault.kind)
        match fault.kind:
            case "drop_before":
                return _drop(request)
            case "502":
                return web.Response(status=502, text="<html>502 Bad Gateway</html>", content_type="text/html")
            case _:
                return _json(reply)

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        """POST to a response_url. Slack answers `ok` as text, and errors as JSON with status 404 or 400."""
        key = request.match_info["key"]
        try:
            answer = json.loads(await request.text())
        except ValueError:
            return _json(Reply(400, {"ok": False, "error": "invalid_payload"}))
        fault = self._faults.next_for("response_url")
        if fault and (early := await self._misbehave(request, "response_url", answer, fault)):
            return early
        try:
            with self._state.lock:
                respond_by_url(self._state, key, answer)
            reply = Reply(200, {"ok": True})
        except SlackError as error:
            gone = error.code in ("used_url", "expired_url", "invalid_url")
            reply = Reply(404 if gone else 400, error.body())
        self._api.log("response_url", answer, reply, fault.kind if fault else "")
        if fault and fault.kind == "drop_after":
            return _drop(request)
        return _json(reply) if reply.status != 200 else web.Response(text="ok")

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        """The bytes of an announced file, raw or as a form's one file (docs.slack.dev/messaging/working-with-files)."""
        held = self._state.files.get(request.match_info["file"])
        if held is None or held["key"] != request.match_info["key"]:
            return web.Response(status=404, text="not found")
        if request.content_type.startswith("multipart/"):
            part = next(iter((await request.post()).values()))
            content = part.file.read() if isinstance(part, web.FileField) else str(part).encode()
        else:
            content = await request.read()
        if len(content) != held["length"]:
            return web.Response(status=400, text=f"expected {held['length']} bytes, got {len(content)}")
        with self._state.lock:
            held["content"] = content
        return web.Response(text=f"OK - {len(content)}")


async def _arguments(request: web.Request) -> Json:
    """Query, form or JSON body (docs.slack.dev/apis/web-api#basics); JSON takes its token in the header only."""
    raw: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.text() or "{}")
        except ValueError:
            raise SlackError("invalid_json") from None
        if not isinstance(body, dict):
            raise SlackError("json_not_object")
        return raw | body
    if request.can_read_body:
        if request.content_type not in ("application/x-www-form-urlencoded", "multipart/form-data"):
            raise SlackError("invalid_post_type")
        raw |= {k: v for k, v in (await request.post()).items() if isinstance(v, str)}
    return raw


def _token(request: web.Request, raw: Json) -> str | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    given = raw.pop("token", None)
    if scheme == "Bearer" and token:
        return token
    return str(given) if given and request.content_type != "application/json" else None


def _json(reply: Reply) -> web.Response:
    return web.json_response(reply.body, status=reply.status, headers=reply.headers)


def _drop(request: web.Request) -> web.Response:
    """Closes the connection without a word. The response is never sent."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
