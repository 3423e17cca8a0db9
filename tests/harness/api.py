"""A small raw-JSON client of the Kubernetes API: the harness's own, so that no bug of the product can hide in it."""

import json
import time
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import urllib3

Json = dict[str, Any]
"""A Kubernetes object or another JSON document."""

_CONNECT_SECONDS = 5.0
_READ_SECONDS = 30.0
JSON_PATCH = "application/json-patch+json"
MERGE_PATCH = "application/merge-patch+json"
APPLY_PATCH = "application/apply-patch+yaml"


class ApiError(Exception):
    """The API server refused a request. `code` is the HTTP status, `status` the answered Status object."""

    def __init__(self, method: str, path: str, code: int, status: Json) -> None:
        """Keep what was asked and what was answered."""
        super().__init__(f"{method} {path}: {code} {status.get('message', status)}")
        self.code = code
        self.status = status


class Api:
    """Requests by path, JSON in and out, errors as ApiError, no retries."""

    def __init__(self, server: str, token: str, certificate: Path) -> None:
        """`server` is the base URL; `certificate` the PEM file to trust."""
        self._server = server
        self._headers = {"Authorization": f"Bearer {token}", "User-Agent": "harness"}
        self._pool = urllib3.PoolManager(ca_certs=str(certificate), retries=False, maxsize=8)

    def request(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        content_type: str = "application/json",
        query: Mapping[str, str] | None = None,
    ) -> Json:
        """Send one request; returns the answered JSON document."""
        return _document(self.raw(method, path, body, content_type=content_type, query=query))

    def raw(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        content_type: str = "application/json",
        query: Mapping[str, str] | None = None,
    ) -> bytes:
        """Send one request; returns the answered bytes, for logs and health checks."""
        response = self._pool.request(
            method,
            self._url(path, query),
            body=None if body is None else json.dumps(body),
            headers={**self._headers, "Content-Type": content_type},
            timeout=urllib3.Timeout(connect=_CONNECT_SECONDS, read=_READ_SECONDS),
        )
        _raise_for(method, path, response.status, response.data)
        return response.data

    def watch(self, path: str, *, query: Mapping[str, str], timeout: float) -> Iterator[Json]:
        """Yield watch events until `timeout` seconds have passed (TimeoutError) or the server ends the stream."""
        deadline = time.monotonic() + timeout
        response = self._pool.request(
            "GET",
            self._url(path, {**query, "watch": "true"}),
            headers=self._headers,
            timeout=urllib3.Timeout(connect=_CONNECT_SECONDS, read=timeout),
            preload_content=False,
        )
        try:
            if response.status != HTTPStatus.OK:
                _raise_for("GET", path, response.status, response.read())
            for line in _lines(response, deadline):
                yield _document(line)
        finally:
            response.close()  # the rest of the stream is of no interest: do not reuse the connection

    def close(self) -> None:
        """Close the connections."""
        self._pool.clear()

    def _url(self, path: str, query: Mapping[str, str] | None) -> str:
        if not query:
            return self._server + path
        separator = "&" if "?" in path else "?"
        return self._server + path + separator + urlencode(query)


def _lines(response: urllib3.BaseHTTPResponse, deadline: float) -> Iterator[bytes]:
    pending = b""
    try:
        for chunk in response.stream(65_536):
            *complete, pending = (pending + chunk).split(b"\n")
            yield from complete
            if time.monotonic() > deadline:
                raise TimeoutError
    except urllib3.exceptions.ReadTimeoutError:
        raise TimeoutError from None


def _raise_for(method: str, path: str, code: int, data: bytes) -> None:
    if code < HTTPStatus.BAD_REQUEST:
        return
    try:
        status = _document(data)
    except ValueError:
        status = {"message": data.decode(errors="replace")}
    raise ApiError(method, path, code, status)


def _document(data: bytes) -> Json:
    document: Json = json.loads(data)
    return document
