"""Signed slash commands over HTTP, one at a time or many at once, as Slack would send them."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import itertools
import math
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlencode

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Target:
    port: int
    secret: str
    form: dict[str, str]


def send(target: Target) -> float:
    """Milliseconds from the connection to the whole answer. Raises where the answer is not 200."""
    number = next(_numbers)
    body = urlencode({**target.form, "trigger_id": f"{number}.{time.time_ns()}"})
    at = str(int(time.time()))
    signature = hmac.new(target.secret.encode(), f"v0:{at}:{body}".encode(), hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": at,
        "X-Slack-Signature": f"v0={signature}",
    }
    began = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", target.port, timeout=30)
    connection.request("POST", "/slack/events", body, headers)
    answer = connection.getresponse()
    answer.read()
    took = (time.perf_counter() - began) * 1000
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"port {target.port} answered {answer.status}")
    return took


def alone(target: Target, count: int) -> list[float]:
    return [send(target) for _ in range(count)]


def at_once(target: Target, count: int, together: int = 50) -> list[float]:
    with ThreadPoolExecutor(together) as pool:
        return list(pool.map(lambda _: send(target), range(count)))


def quantile(values: list[float], q: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.ceil(q * len(ordered)) - 1)]
