"""Misbehaviour on request: what a test tells the workspace to do wrong, and how often.

Kinds: `429` (with `retry_after` seconds), `500` (Slack's own, in JSON), `502` (a gateway's page: what it let through is
not known, here nothing), `drop_before` (the connection closes, nothing was done), `drop_after` (it was done, the
connection closes without an answer), `delay` (`seconds` before anything is done), and `error` (a Slack error of the
test's choice, `code=`). Methods are the Web API's, and `response_url` and `delivery`, where
`delay` holds a request to the app back after it was signed and `drop_before` loses it.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

KINDS = ("429", "500", "502", "drop_before", "drop_after", "delay", "error")


@dataclass
class Fault:
    method: str
    kind: str
    times: int
    retry_after: int = 1
    seconds: float = 0.0
    code: str = "internal_error"


class Faults:
    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def add(
        self,
        method: str,
        kind: str | int,
        times: int = 1,
        *,
        retry_after: int = 1,
        seconds: float = 0.0,
        code: str = "internal_error",
    ) -> Fault:
        """The next `times` calls of `method` go wrong this way. Several faults of one method strike in turn."""
        if str(kind) not in KINDS:
            raise ValueError(f"no such fault: {kind}; there are {', '.join(KINDS)}")
        fault = Fault(method, str(kind), times, retry_after, seconds, code)
        with self._lock:
            self._faults.append(fault)
        return fault

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()

    def next_for(self, method: str) -> Fault | None:
        """The fault that strikes this call, used up by asking."""
        with self._lock:
            for fault in self._faults:
                if fault.method in (method, "*") and fault.times > 0:
                    fault.times -= 1
                    return fault
        return None
