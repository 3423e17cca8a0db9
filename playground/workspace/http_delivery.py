"""Deliveries as signed HTTP requests to the app's request URL.

Signature: docs.slack.dev/authentication/verifying-requests-from-slack (`v0=` and the HMAC-SHA256 of `v0:{ts}:{body}`).
Bodies: commands are a form, interactions a form with one field `payload`, events are JSON.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import Any
from urllib.parse import urlencode

import aiohttp

from playground.workspace.delivery import Delivery, Outcome, Retry, SentRequest, UnansweredError
from playground.workspace.state import State

Json = dict[str, Any]


class HttpWire:
    def __init__(self, state: State) -> None:
        self.request_url = ""
        self._state = state
        self._session: aiohttp.ClientSession | None = None

    def is_up(self) -> bool:
        return bool(self.request_url)

    async def send(self, delivery: Delivery, retry: Retry | None) -> Outcome:
        request = sign(self._state.app.signing_secret, delivery, retry)
        delivery.sent.append(request)
        return await self.send_request(request)

    async def send_request(self, request: SentRequest) -> Outcome:
        """Posts the bytes as they are; a repetition carries the first one's signature."""
        if self._session is None:
            self._session = aiohttp.ClientSession(trust_env=False)
        try:
            async with self._session.post(self.request_url, data=request.body, headers=request.headers) as response:
                raw = await response.text()
                no_retry = response.headers.get("X-Slack-No-Retry") == "1"
                if not 200 <= response.status < 300:
                    raise UnansweredError("dispatch_failed", "http_error", no_retry)
                return Outcome(_answer(raw, response.content_type), no_retry=no_retry)
        except aiohttp.ClientError:
            raise UnansweredError("dispatch_failed", "connection_failed") from None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


def sign(secret: str, delivery: Delivery, retry: Retry | None = None) -> SentRequest:
    """The request with a signature made `delivery.signed_ago` seconds ago, by real time: the app checks it so."""
    body, content_type = _encode(delivery)
    timestamp = str(int(time.time() - delivery.signed_ago))
    digest = hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": content_type,
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": f"v0={digest}",
    }
    if retry:
        headers |= {"X-Slack-Retry-Num": str(retry.number), "X-Slack-Retry-Reason": retry.reason}
    return SentRequest(body, headers)


def _encode(delivery: Delivery) -> tuple[bytes, str]:
    if delivery.kind == "events_api":
        return json.dumps(delivery.payload).encode(), "application/json"
    form = delivery.payload if delivery.kind == "slash_commands" else {"payload": json.dumps(delivery.payload)}
    return urlencode({k: "" if v is None else v for k, v in form.items()}).encode(), "application/x-www-form-urlencoded"


def _answer(raw: str, content_type: str) -> Json:
    """What the app answered: JSON, or text that becomes an ephemeral message, or nothing."""
    if not raw.strip():
        return {}
    if content_type == "application/json":
        try:
            parsed = json.loads(raw)
        except ValueError:
            raise UnansweredError("dispatch_failed", "http_error") from None
        return parsed if isinstance(parsed, dict) else {}
    return {"text": raw}
