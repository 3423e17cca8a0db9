"""The HTTPS server: aiohttp's requests become calls, answers become responses. It can stop and start again in place."""

from __future__ import annotations

import asyncio
import contextlib
import json
import ssl
from dataclasses import replace
from typing import Any

from aiohttp import web

from playground.cluster.access.access import Access
from playground.cluster.access.identity import ANONYMOUS
from playground.cluster.status import StatusError
from playground.cluster.wire import request_info
from playground.cluster.wire.api import Api
from playground.cluster.wire.audit import Audit
from playground.cluster.wire.call import JSON, Answer, Call, Stream, refusal
from playground.cluster.wire.outages import Outages

Json = dict[str, Any]
LARGEST_BODY = 3 * 1024 * 1024
"""As the API server takes them; an object is limited to half of it by etcd."""


class HttpServer:
    """``port`` 0 is chosen at the first ``listen`` and kept."""

    def __init__(self, api: Api, access: Access, tls: ssl.SSLContext, port: int) -> None:
        self.port = port
        self.outages = Outages()
        self.audit = Audit()
        self._api = api
        self._access = access
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
        # Clients take their time to say goodbye over TLS: they are not waited for.
        for connection in runner.server.connections if runner.server else []:
            if connection.transport is not None:
                connection.transport.abort()
        await runner.cleanup()
        await asyncio.sleep(0)

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        line = f"{request.method} {request.path_qs}"
        answer: Answer | Stream
        try:
            call = _call(request, await request.read())
            await self.outages.before(line)
            answer = self._answer(call, request)
        except web.HTTPRequestEntityTooLarge:
            answer = refusal(
                StatusError(413, "RequestEntityTooLarge", f"Request entity too large: limit is {LARGEST_BODY}")
            )
        except StatusError as error:
            answer = refusal(error)
        except Exception as error:  # noqa: BLE001
            # A bug here must neither end the connection in silence nor be overlooked: see LoopThread.
            asyncio.get_running_loop().call_exception_handler({"message": line, "exception": error})
            answer = refusal(StatusError(500, "InternalError", f"Internal error occurred: {error!r}"))
        if self.outages.loses(line) and request.transport:
            request.transport.abort()
        if isinstance(answer, Stream):
            return await _stream(request, answer)
        return _response(answer)

    def _answer(self, call: Call, request: web.Request) -> Answer | Stream:
        """Raises StatusError if it cannot be told who asks."""
        who = self._access.tokens.identity(request.headers.get("Authorization", ""))
        headers = {name.lower(): request.headers.getall(name) for name in request.headers}
        try:
            call = replace(call, user=self._access.impersonated(who, headers, call.asked))
            answer = self._api.answer(call)
        except StatusError as error:
            call, answer = replace(call, user=who), refusal(error)
        self.audit.record(call, who, request.path_qs, answer)
        return answer


def _call(request: web.Request, body: bytes) -> Call:
    query = dict(request.query)
    return Call(
        method=request.method,
        asked=request_info.parse(request.method, request.path, query),
        user=ANONYMOUS,
        query=query,
        accept=request.headers.get("Accept", ""),
        agent=request.headers.get("User-Agent", ""),
        command=request.headers.get("Kubectl-Command", ""),
        # Without a type it is JSON: Python's client sends none, nor does kubectl scale with a precondition.
        content_type=request.headers.get("Content-Type", JSON).split(";")[0].strip(),
        body=body,
    )


async def _stream(request: web.Request, stream: Stream) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": stream.content_type, "Cache-Control": "no-cache, private"})
    response.enable_chunked_encoding()
    await response.prepare(request)
    with contextlib.suppress(ConnectionError):  # whoever watched went away
        await stream.run(response.write)
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
