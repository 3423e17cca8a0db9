"""An entry of the audit as a person reads it: who did what where, when, and what came of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Entry:
    """``workload``: its name without the kind, None where it was not known yet. ``actor``: a Slack id, or ``quarterdeck``."""

    at: float
    event: str
    actor: str
    environment: str | None
    workload: str | None
    operation: str | None
    text: str
    detail: str

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Entry:
        """From what ``Transition.entry`` and its like have written; of a newer version's it takes what it knows."""
        target = kept.get("target")
        return cls(
            at=float(kept.get("at") or 0),
            event=str(kept.get("event") or ""),
            actor=str(kept.get("actor") or ""),
            environment=kept.get("environment"),
            workload=str(target).rpartition("/")[2] if target else None,
            operation=kept.get("operation"),
            text=str(kept.get("text") or kept.get("verb") or ""),
            detail=str(kept.get("detail") or ""),
        )

    def of(self, later: Entry | None) -> Entry:
        """What this leaves open, as a later entry of the same operation has it: what was asked is planned afterwards."""
        if later is None:
            return self
        return replace(
            self, environment=self.environment or later.environment, workload=self.workload or later.workload
        )
