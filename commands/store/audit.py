"""The audit: an append-only Redis stream, one entry per transition (written by it) and per refused attempt. Never trimmed.

Each is chained to the one before (``commands.proof.chain``), by a link that stands beside its words.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from commands import canonical
from commands.invocation import Invocation
from commands.proof.chain import Head, Link, sealed
from commands.proof.signing import Key
from commands.proof.verifying import HEAD, Row
from commands.store.connection import Wire


class Audit:
    def __init__(self, wire: Wire, key: Key | None) -> None:
        self._wire, self._key = wire, key

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

        ``digest``: of the plan that they had before their eyes; ``environment``: the operation's, while its record is kept.
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

    def note_head(self, head: Head, at: float) -> None:
        """Write the head into the audit itself: with a signing key, nobody without it can chain anew what stands before."""
        self._append({"event": HEAD, "actor": "quarterdeck", "detail": str(head), "at": at})

    def _append(self, entry: dict[str, Any]) -> None:
        words = canonical.dump(entry)
        self._wire.run("append", words, *sealed(words, self._key))

    def export(self, since: float = 0.0) -> Iterator[dict[str, Any]]:
        """Every entry from then on (Unix seconds, by Redis's clock), oldest first, with its stream ``id`` and its link."""
        for row in self.rows(since):
            link = row.link
            chained = {"n": link.number, "prev": link.before, "seal": link.seal, "key": link.key} if link else {}
            yield {"id": row.id, **json.loads(row.entry), **chained}

    def rows(self, since: float = 0.0) -> Iterator[Row]:
        """The same as they are kept, to be verified; read in pages."""
        start = str(int(since * 1000))
        while batch := self._wire.client.xrange(self._wire.key("audit"), min=start, count=500):
            for id, fields in batch:
                yield Row(id, fields.get("entry", "").encode(), _link(fields))
            start = f"({batch[-1][0]}"

    def latest(self) -> Iterator[dict[str, Any]]:
        """Every entry, the newest first, as it was written; read in pages, as far as they are asked for.

        One that somebody has made unreadable is left out: ``quarterdeck audit verify`` names it.
        """
        end = "+"
        while batch := self._wire.client.xrevrange(self._wire.key("audit"), max=end, count=200):
            for _, fields in batch:
                with suppress(ValueError):
                    yield json.loads(fields.get("entry", ""))
            end = f"({batch[-1][0]}"

    def head(self) -> Head:
        """What to keep elsewhere: against it even a chain that was written anew is found."""
        number, hash = self._wire.client.hmget(self._wire.key("audit-head"), "n", "hash")
        return Head(int(number or 0), hash or "")


def _link(fields: dict[str, str]) -> Link | None:
    """None where there is none, or none that can be read: both are told as such."""
    try:
        return Link(int(fields["n"]), fields["prev"], fields["seal"], fields["key"])
    except (KeyError, ValueError):
        return None
