"""Getting a payload to the app, over whichever wire is there, and judging its answer.

With at least one socket connected a payload goes to any one of them, else to the configured request URL
(docs.slack.dev/apis/events-api/comparing-http-socket-mode). Without either, Slack tells the person `dispatch_failed`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from playground.workspace.faults import Faults
from playground.workspace.rules import limit

Json = dict[str, Any]


@dataclass
class Delivery:
    """One payload: `kind` is slash_commands, interactive or events_api; `signed_ago` seconds backdate its signing."""

    kind: str
    payload: Json
    signed_ago: float = 0.0
    sent: list[SentRequest] = field(default_factory=list)


@dataclass(frozen=True)
class SentRequest:
    """An HTTP request as it was sent: to repeat it to the byte."""

    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True)
class Outcome:
    """How it went: the app's answer (`body`), or an `error` in Slack's words. `ms` is the time to the answer."""

    body: Json | None
    error: str = ""
    ms: float = 0.0
    no_retry: bool = False
    retry_reason: str = ""


@dataclass(frozen=True)
class Retry:
    """Which redelivery this is (1 to 3) and why: docs.slack.dev/apis/events-api#retries."""

    number: int
    reason: str


class Wire(Protocol):
    """Sends a delivery and waits for its answer; the caller limits how long. Raises UnansweredError."""

    async def send(self, delivery: Delivery, retry: Retry | None) -> Outcome: ...

    def is_up(self) -> bool: ...


class UnansweredError(Exception):
    """The app did not answer properly; `reason` is the word for a person, `retry_reason` that for a retry."""

    def __init__(self, reason: str, retry_reason: str, no_retry: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_reason = retry_reason
        self.no_retry = no_retry


class Courier:
    """Delivers payloads; `ack_timeout` and the waits between event retries are in seconds."""

    def __init__(self, wires: list[Wire], faults: Faults, ack_timeout: float | None = None) -> None:
        self.wires = wires
        self.faults = faults
        self.ack_timeout = limit("ack.milliseconds") / 1000 if ack_timeout is None else ack_timeout
        self._retrying: set[asyncio.Task[None]] = set()
        self.late_acks = 0
        self.on_late: Callable[[], None] = lambda: None
        self.retry_waits: tuple[float, ...] = (0.0, 60.0, 300.0)

    async def deliver(self, delivery: Delivery, retry: Retry | None = None) -> Outcome:
        """The outcome, at the latest after `ack_timeout`; an answer that comes later is ignored."""
        started = time.perf_counter()
        try:
            outcome = await self._attempt(delivery, retry)
        except UnansweredError as failure:
            outcome = Outcome(None, failure.reason, no_retry=failure.no_retry, retry_reason=failure.retry_reason)
        return replace(outcome, ms=(time.perf_counter() - started) * 1000)

    async def repeat(self, delivery: Delivery, send_request: Callable[[SentRequest], Awaitable[Outcome]]) -> Outcome:
        """The first HTTP request of a delivery again, to the byte."""
        try:
            return await asyncio.wait_for(send_request(delivery.sent[0]), self.ack_timeout)
        except UnansweredError as failure:
            return Outcome(None, failure.reason)
        except TimeoutError:
            return Outcome(None, "operation_timeout")

    async def deliver_event(self, delivery: Delivery) -> Outcome:
        """The first attempt's outcome. Until the app acknowledges, tried again (same event_id) after `retry_waits`."""
        outcome = await self.deliver(delivery)
        if outcome.error and not outcome.no_retry:
            retrying = asyncio.create_task(self._retry_event(delivery, outcome))
            self._retrying.add(retrying)
            retrying.add_done_callback(self._retrying.discard)
        return outcome

    async def _retry_event(self, delivery: Delivery, outcome: Outcome) -> None:
        for number, wait in enumerate(self.retry_waits, start=1):
            await asyncio.sleep(wait)
            outcome = await self.deliver(delivery, Retry(number, outcome.retry_reason))
            if not outcome.error or outcome.no_retry:
                return

    async def _attempt(self, delivery: Delivery, retry: Retry | None) -> Outcome:
        wire = next((wire for wire in self.wires if wire.is_up()), None)
        if wire is None:
            raise UnansweredError("dispatch_failed", "connection_failed")
        # The app may still be at work when the person has already read operation_timeout: the request is not cut off.
        sending = asyncio.ensure_future(self._send(wire, delivery, retry))
        try:
            return await asyncio.wait_for(asyncio.shield(sending), self.ack_timeout)
        except TimeoutError:
            sending.add_done_callback(self._note_late)
            raise UnansweredError("operation_timeout", "http_timeout") from None

    async def _send(self, wire: Wire, delivery: Delivery, retry: Retry | None) -> Outcome:
        fault = self.faults.next_for("delivery")
        if fault and fault.kind == "drop_before":
            await asyncio.Event().wait()
        if fault and fault.kind == "delay":
            delivery.signed_ago += fault.seconds
            await asyncio.sleep(fault.seconds)
        return await wire.send(delivery, retry)

    def _note_late(self, sending: asyncio.Future[Outcome]) -> None:
        if not sending.cancelled() and sending.exception() is None:
            self.late_acks += 1
            self.on_late()
