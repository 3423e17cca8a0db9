"""How few and how many replicas an autoscaler sets. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from commands.wording import counted

MIN: Final = "/spec/minReplicas"
MAX: Final = "/spec/maxReplicas"
TARGET: Final = "/spec/scaleTargetRef"


@dataclass(frozen=True, slots=True)
class Bounds:
    """Of a HorizontalPodAutoscaler, both included."""

    min: int
    max: int

    def __str__(self) -> str:
        return f"{self.min}-{self.max}"

    @property
    def said(self) -> str:
        """``2 to 9 replicas``, ``exactly 1 replica``."""
        most = counted(self.max, "replica")
        return f"exactly {most}" if self.min == self.max else f"{self.min} to {most}"

    def nearest(self, replicas: int) -> int:
        """What its controller makes of so many at its next look, whatever its metrics say."""
        return min(max(replicas, self.min), self.max)

    def hold(self, replicas: int) -> bool:
        return self.min <= replicas <= self.max


def bounds_of(scaler: Mapping[str, Any]) -> Bounds:
    """Left out, ``minReplicas`` means 1 (the API server's default)."""
    spec = scaler["spec"]
    least = spec.get("minReplicas")
    return Bounds(1 if least is None else int(least), int(spec["maxReplicas"]))
