"""Signed slash commands over HTTP, one at a time or many at once, as Slack would send them.

One thread sends them all: threads of this process would wait for one another, and that would count as the other side's time.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Target:
    port: int
    secret: str
    form: dict[str, str]

    def commands(self, count: int) -> list[bytes]:
        """Whole requests, signed beforehand: what a client computes is nobody's waiting."""
        return [self._command() for _ in range(count)]

    def _command(self) -> bytes:
        number = next(_numbers)
        body = urlencode({**self.form, "trigger_id": f"{number}.{time.time_ns()}"})
        at = str(int(time.time()))
        signature = hmac.new(self.secret.encode(), f"v0:{at}:{body}".encode(), hashlib.sha256).hexdigest()
        headers = {
            "Host": f"127.0.0.1:{self.port}", "Connection": "close", "Content-Length": str(len(body)),
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={signature}",
        }  # fmt: skip
        lines = ["POST /slack/events HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", body]
        return "\r\n".join(lines).encode()


def alone(target: Target, count: int) -> list[float]:
    return at_once(target, count, together=1)


def at_once(target: Target, count: int, together: int = 50) -> list[float]:
    """Milliseconds of each, from before its connection to its whole answer. Raises where an answer is not 200."""
    return asyncio.run(_all(target.port, iter(target.commands(count)), together))


async def _all(port: int, commands: Iterator[bytes], together: int) -> list[float]:
    async def one_after_another() -> list[float]:
        return [await _sent(port, command) for command in commands]

    return [*itertools.chain.from_iterable(await asyncio.gather(*(one_after_another() for _ in range(together))))]


async def _sent(port: int, command: bytes) -> float:
    began = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(command)
    answer = await reader.read()
    took = (time.perf_counter() - began) * 1000
    writer.close()
    if not answer.startswith(b"HTTP/1.1 200 "):
        raise RuntimeError(f"port {port} answered {answer[:200]!r}")
    return took


def quantile(values: list[float], q: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.ceil(q * len(ordered)) - 1)]
