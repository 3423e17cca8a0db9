"""What may not grow while Quarterdeck works on and on: of each process, and of Redis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.bench.memory import rss
from tests.scenarios.stack import PREFIX, Stack

Reading = dict[str, float]
"""By what is measured: ``bot MB``, ``bot files``, ``bot threads``, ``redis MB``, ``keys that stay`` …"""

FOR_EVER = -1
"""The time to live that Redis tells of a key that has none."""

MARGIN = 0.02
"""What grows by less than this part of itself within the second half is flat: the allocator's coming and going."""

STEP = 1.5
"""What a single step by one comes to at most, by least squares: a pool's last thread, a connection more."""

SURE = 4.0
"""Standard errors that a slope has to have: open connections come and go by several, and a short run has few readings."""


def read(stack: Stack) -> Reading:
    reading: Reading = {}
    for name, child in stack.processes.items():
        folder = Path(f"/proc/{child.pid}")
        reading[f"{name} MB"] = rss(child.pid)
        reading[f"{name} files"] = len(list((folder / "fd").iterdir()))
        reading[f"{name} threads"] = len(list((folder / "task").iterdir()))
    return reading | _redis(stack)


def _redis(stack: Stack) -> Reading:
    with closing(stack.redis.client()) as client:
        pipe = client.pipeline(transaction=False)
        for key in client.scan_iter("*", count=1000):
            pipe.ttl(key)
        lives: list[int] = pipe.execute()
        memory: Any = client.info("memory")
        stay = sum(seconds == FOR_EVER for seconds in lives)
        audit = client.xlen(f"{PREFIX}audit")
    return {
        "redis MB": memory["used_memory"] / 2**20,
        "keys that stay": stay,
        "keys that go": len(lives) - stay,
        "audit": audit,
    }


def header(reading: Reading) -> str:
    return f"| minute | operations | {' | '.join(reading)} |\n|{'---:|' * (len(reading) + 2)}"


def row(minute: float, operations: int, reading: Reading) -> str:
    return f"| {minute:.1f} | {operations} | {' | '.join(f'{value:.1f}'.removesuffix('.0') for value in reading.values())} |"


KEPT = {"redis MB", "keys that go", "audit"}
"""These grow with what was asked for: a record is kept for 90 days, what a delivery became for an hour, the audit for ever."""


def growing(times: Sequence[float], readings: Sequence[Reading]) -> list[str]:
    """What grows over the second half: its slope, times how long that was, against its middle value and its coming and going."""
    half = len(readings) // 2
    found = []
    for name in readings[0].keys() - KEPT:
        values = [reading[name] for reading in readings[half:]]
        slope, error = _slope(times[half:], values)
        grown = slope * (times[-1] - times[half])
        if grown > max(STEP, MARGIN * sum(values) / len(values)) and slope > SURE * error:
            found.append(f"{name} (+{slope:.2f} a minute)")
    return sorted(found)


def _slope(times: Sequence[float], values: Sequence[float]) -> tuple[float, float]:
    """By least squares, with its standard error."""
    middle, mean = sum(times) / len(times), sum(values) / len(values)
    spread = sum((time - middle) ** 2 for time in times)
    if not spread or len(times) < 3:
        return 0.0, 0.0
    slope = sum((time - middle) * (value - mean) for time, value in zip(times, values, strict=True)) / spread
    left = sum((value - mean - slope * (time - middle)) ** 2 for time, value in zip(times, values, strict=True))
    return slope, math.sqrt(left / (len(times) - 2) / spread)
