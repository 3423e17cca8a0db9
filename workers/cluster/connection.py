"""Requests over the official client's connection pool: timeouts always, retries for reads only, errors as ours."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol
from urllib.parse import urlencode

import msgspec
from kubernetes.client.configuration import Configuration
from kubernetes.client.rest import RESTClientObject
from urllib3 import BaseHTTPResponse, HTTPHeaderDict, Timeout
from urllib3.exceptions import HTTPError

from commands.errors import ClusterError, OutcomeUnknown, Unanswered, Unreachable
from workers.cluster import translation
from workers.cluster.calls import Call
from workers.cluster.credentials import Credentials

CONNECT_SECONDS = 3.0
TRIES = 3
PAUSES = (0.1, 0.5)
"""Seconds before the second and the third try of a read, ± half."""


class Gate(Protocol):
    """Asked before each call, and told how it went: ``workers.gate``."""

    def tries(self) -> bool:
        """Whether this call is to find out if the cluster answers again. Raises ``Silent``."""
        ...

    def answered(self) -> None: ...
    def missed(self, error: Unanswered) -> None: ...


class Connection:
    """Safe to use from several threads. Not to be used on both sides of a fork: TLS state would be shared."""

    def __init__(self, cluster: str, configuration: Configuration, pause: Callable[[float], None] = time.sleep,
        gate: Gate | None = None,
    ) -> None:  # fmt: skip
        """``gate``: before each call but watches; None where the caller waits for this cluster alone."""
        self._cluster = cluster
        self._configuration = configuration
        self._rest = RESTClientObject(configuration)
        self._credentials = Credentials(cluster, configuration)
        self._pause, self._gate = pause, gate

    @property
    def cluster(self) -> str:
        return self._cluster

    def send(self, call: Call) -> BaseHTTPResponse:
        """Send a request; the whole answer is read. A read is tried three times, a write once."""
        if self._gate is None:
            return self._tried(call)
        tries = self._gate.tries()
        try:
            response = self._send(replace(call, seconds=call.seconds / 3)) if tries else self._tried(call)
        except Unanswered as error:
            self._gate.missed(error)
            raise
        except OutcomeUnknown:  # a write may wait for a webhook that hangs
            raise
        except ClusterError:  # a no is an answer
            self._gate.answered()
            raise
        self._gate.answered()
        return response

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

    def _tried(self, call: Call) -> BaseHTTPResponse:
        for pause in () if call.writes else PAUSES:
            try:
                return self._send(call)
            except Unreachable as error:
                if isinstance(error, Unanswered) and error.waited:  # that was patience enough
                    raise
                self._pause(pause * random.uniform(0.5, 1.5))  # noqa: S311 - spreads retries, guards nothing
        return self._send(call)

    def _send(self, call: Call) -> BaseHTTPResponse:
        response = self._request(call, preload_content=True)
        if response.status >= 400:
            raise translation.refused(self._cluster, call, response.status, response.data)
        return response

    def _request(self, call: Call, *, preload_content: bool) -> BaseHTTPResponse:
        own = {"Accept": "application/json, */*", "User-Agent": "quarterdeck", **self._credentials.header()}
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
