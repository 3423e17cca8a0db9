"""Numbers of pods that are given as a number or as a percentage of the wanted ones."""

from __future__ import annotations

import math
from typing import Any

Json = dict[str, Any]


def resolved(value: int | str, total: int, *, up: bool) -> int:
    """``25%`` of ``total``, rounded up or down."""
    if isinstance(value, int):
        return value
    share = int(value.rstrip("%")) * total
    return math.ceil(share / 100) if up else share // 100


def surge_and_unavailable(deployment: Json) -> tuple[int, int]:
    """How many pods more, and how many available ones fewer than wanted a rolling update may have. One of them is at least 1."""
    spec = deployment["spec"]
    if spec["strategy"]["type"] != "RollingUpdate":
        return 0, 0
    rolling, replicas = spec["strategy"]["rollingUpdate"], spec["replicas"]
    surge = resolved(rolling["maxSurge"], replicas, up=True)
    unavailable = resolved(rolling["maxUnavailable"], replicas, up=False)
    if surge == 0 and unavailable == 0:
        unavailable = 1
    return surge, min(unavailable, replicas)
