"""The HTTPS server: aiohttp's requests become calls, answers become responses. It can stop and start again in place."""

from __future__ import annotations

import json
import ssl
from typing import Any

from aiohttp import web

from playground.cluster.access.tokens import Tokens
from playground.cluster.status import StatusError
from playground.cluster.wire import request_info
from playground.cluster.wire.api import Api
from playground.cluster.wire.call import JSON, Answer, Call, Stream, refusal

Json = dict[str, Any]
LARGEST_BODY = 3 * 1024 * 1024
"""As the API server takes them; an object is limited to half of it by etcd."""


class HttpServer:
    """``port`` 0 is chosen at the first ``listen`` and kept."""

    def __init__(self, api: Api, tokens: Tokens, tls: ssl.SSLContext, port: int) -> None:
        self.port = port
        self._api = api
        self._tokens = tokens
        self._tls = tls
        self._runner: web.AppRunner | None = None

    async def listen(self) -> None:
        app = web.Application(client_max_size=LARGEST_BODY)
        app.router.add_route("*", "/{path:.*}", self._serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2, keepalive_timeout=300)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, ssl_context=self._tls, reuse_address=True)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def close(self) -> None:
        """Refuse new connections and break the open ones."""
        runner, self._runner = self._runner, None
        if runner is None:
            return
        self._api.resources.watches.close_all()
        await runner.cleanup()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        answer = await self._answer(request)
        if isinstance(answer, Stream):
            return await _stream(request, answer)
        return _response(answer)

    async def _answer(self, request: web.Request) -> Answer | Stream:
        try:
            user = self._tokens.identity(request.headers.get("Authorization", ""))
        except StatusError as error:
            return refusal(error)
        query = dict(request.query)
        call = Call(
            method=request.method,
            asked=request_info.parse(request.method, request.path, query),
            user=user,
            query=query,
            accept=request.headers.get("Accept", ""),
            agent=request.headers.get("User-Agent", ""),
            # Without a type it is JSON: Python's client sends none, nor does kubectl scale with a precondition.
            content_type=request.headers.get("Content-Type", JSON).split(";")[0].strip(),
            body=await request.read(),
        )
        return self._api.answer(call)


async def _stream(request: web.Request, stream: Stream) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": stream.content_type, "Cache-Control": "no-cache, private"})
    response.enable_chunked_encoding()
    await response.prepare(request)
    try:
        await stream.run(response.write)
    except ConnectionError:
        return response
    await response.write_eof()
    return response


def _response(answer: Answer) -> web.Response:
    body = answer.content
    if answer.document is not None:
        body = json.dumps(answer.document, separators=(",", ":")).encode() + b"\n"
    headers = {"Content-Type": answer.content_type, "Cache-Control": "no-cache, private"}
    response = web.Response(status=answer.code, body=body, headers=headers)
    for warning in answer.warnings:
        response.headers.add("Warning", f"299 - {json.dumps(warning)}")
    return response
