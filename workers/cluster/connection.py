"""Requests over the official client's connection pool: timeouts always, retries for reads only, errors as ours."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from urllib.parse import urlencode

import msgspec
from kubernetes.client.configuration import Configuration
from kubernetes.client.rest import RESTClientObject
from urllib3 import BaseHTTPResponse, HTTPHeaderDict, Timeout
from urllib3.exceptions import HTTPError

from commands.errors import Unreachable
from workers.cluster import translation
from workers.cluster.calls import Call

CONNECT_SECONDS = 3.0
TRIES = 3
PAUSES = (0.1, 0.5)
"""Seconds before the second and the third try of a read, ± half."""


class Connection:
    """Safe to use from several threads. Not to be used on both sides of a fork: TLS state would be shared."""

    def __init__(self, cluster: str, configuration: Configuration, pause: Callable[[float], None] = time.sleep) -> None:
        self._cluster = cluster
        self._configuration = configuration
        self._rest = RESTClientObject(configuration)
        self._credentials = threading.Lock()
        self._pause = pause

    @property
    def cluster(self) -> str:
        return self._cluster

    def send(self, call: Call) -> BaseHTTPResponse:
        """Send a request; the whole answer is read. A read is tried three times, a write once."""
        return self._attempt(call, self._send) if not call.writes else self._send(call)

    def open(self, call: Call) -> BaseHTTPResponse:
        """Send a request and return before the body is read. Once only: whoever follows a stream has a backoff of their own."""
        response = self._request(call, preload_content=False)
        if response.status >= 400:
            with response:
                body = self._read(call, response)
            raise translation.refused(self._cluster, call, response.status, body)
        return response

    def close(self) -> None:
        self._rest.close()

    def _attempt(self, call: Call, send: Callable[[Call], BaseHTTPResponse]) -> BaseHTTPResponse:
        for pause in PAUSES:
            try:
                return send(call)
            except Unreachable:
                self._pause(pause * random.uniform(0.5, 1.5))  # noqa: S311 - spreads retries, guards nothing
        return send(call)

    def _send(self, call: Call) -> BaseHTTPResponse:
        response = self._request(call, preload_content=True)
        if response.status >= 400:
            raise translation.refused(self._cluster, call, response.status, response.data)
        return response

    def _request(self, call: Call, *, preload_content: bool) -> BaseHTTPResponse:
        own = {"Accept": "application/json, */*", "User-Agent": "quarterdeck", **self._authorization()}
        headers = HTTPHeaderDict(own)
        if call.identity:
            headers["Impersonate-User"] = call.identity.user
            for group in call.identity.groups:
                headers.add("Impersonate-Group", group)  # one header each, as the API server wants them
        body: bytes | None = None
        if call.body is not None:
            body, headers["Content-Type"] = msgspec.json.encode(call.body), call.content_type
        query = "?" + urlencode(call.query) if call.query else ""
        try:
            return self._rest.pool_manager.request(
                call.method,
                self._configuration.host + call.path + query,
                body=body,
                headers=headers,
                timeout=Timeout(connect=CONNECT_SECONDS, read=call.seconds),
                preload_content=preload_content,
                redirect=False,
            )
        except HTTPError as error:
            raise translation.failed(self._cluster, call, error) from error

    def _read(self, call: Call, response: BaseHTTPResponse) -> bytes:
        try:
            return response.read()
        except HTTPError as error:
            raise translation.failed(self._cluster, call, error) from error

    def _authorization(self) -> dict[str, str]:
        """The client refreshes an expired token inline, without a lock of its own: an exec plugin would run many times."""
        with self._credentials:
            setting = self._configuration.auth_settings().get("BearerToken")
        return {setting["key"]: setting["value"]} if setting and setting["value"] else {}
