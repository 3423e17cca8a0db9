"""The audit: an append-only Redis stream, one entry per transition (written by it) and per refused attempt. Never trimmed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from commands import canonical
from commands.invocation import Invocation
from commands.store.connection import Wire


class Audit:
    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def refuse(
        self,
        invocation: Invocation,
        sentence: str,
        at: float,
        *,
        operation: str | None = None,
        target: str | None = None,
    ) -> None:
        """Someone was told no. ``target`` is what a change was aimed at, as said: no object was looked up for it."""
        self._append(
            {
                "event": "refused",
                "verb": invocation.verb,
                "text": invocation.text,
                "environment": invocation.environment,
                "target": target,
                "actor": invocation.person.id,
                "channel": invocation.place.channel,
                "operation": operation,
                "detail": sentence,
                "at": at,
            }
        )

    def refuse_click(
        self,
        action: str,
        operation: str | None,
        person: str,
        channel: str | None,
        sentence: str,
        at: float,
        *,
        digest: str | None = None,
        environment: str | None = None,
    ) -> None:
        """Someone pressed what they may not, or what no longer counts. A form is in no ``channel``.

        ``digest``: of the plan that they had before their eyes; ``environment``: the one it is for.
        """
        self._append(
            {
                "event": "click refused",
                "verb": action,
                "operation": operation,
                "environment": environment,
                "digest": digest,
                "actor": person,
                "channel": channel,
                "detail": sentence,
                "at": at,
            }
        )

    def note(self, operation: str, detail: str, at: float) -> None:
        """Something befell an operation's message."""
        self._append({"event": "noted", "operation": operation, "actor": "quarterdeck", "detail": detail, "at": at})

    def _append(self, entry: dict[str, Any]) -> None:
        self._wire.client.xadd(self._wire.key("audit"), {"entry": canonical.dump(entry).decode()})

    def export(self) -> Iterator[dict[str, Any]]:
        """Every entry, oldest first, each with its stream ``id``."""
        start = "-"
        while batch := self._wire.client.xrange(self._wire.key("audit"), min=start, count=500):
            for id, fields in batch:
                yield {"id": id, **json.loads(fields["entry"])}
            start = f"({batch[-1][0]}"
