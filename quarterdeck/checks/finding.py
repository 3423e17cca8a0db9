"""A finding: one line, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warn", "fail", "skip"]


@dataclass(frozen=True, slots=True)
class Finding:
    """``mend`` is empty where all is well."""

    level: Level
    what: str
    mend: str = ""

    def __str__(self) -> str:
        return f"{self.level:<4}  {self.what}" + (f": {self.mend}" if self.mend else "")
