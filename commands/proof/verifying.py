"""Whether the audit is what was written: every entry changed, removed, inserted or moved is found and named. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import msgspec

from commands.proof.chain import Head, Link, seal
from commands.proof.signing import Key

HEAD = "head"
"""The event of an entry that says where the chain ended when it was written."""


@dataclass(frozen=True, slots=True)
class Row:
    """One entry as it is kept: its bytes, and its link (None: written before there was a chain)."""

    id: str
    entry: bytes
    link: Link | None


@dataclass(slots=True)
class Verification:
    """``findings`` are sentences, each naming an entry; ``unchecked`` are ids of keys that could not be checked with ours.

    ``unsealed``: how many bear no key's seal, so that who can write Redis can have written them. ``anchored``: a head that was kept elsewhere agrees, so that not even the whole chain was written anew.
    """

    findings: list[str] = field(default_factory=list)
    unchecked: dict[str, int] = field(default_factory=dict)
    entries: int = 0
    unchained: int = 0
    unsealed: int = 0
    first: int | None = None
    head: Head = field(default_factory=Head)
    anchored: bool = False
    held: int | None = None
    """The number up to which heads within the audit, sealed with our key, hold each entry in its place."""


def verify(
    rows: Iterable[Row], head: Head, key: Key | None, anchor: Head | None = None,
    later: Callable[[], Head] | None = None,
) -> Verification:  # fmt: skip
    """``rows`` from the oldest on; ``head`` as the store remembers it; ``anchor`` as it was exported once.

    ``later`` tells the store's head anew when the rows have been read: what was appended meanwhile ends no later than there.
    """
    return _Walk(key, anchor).over(rows, head, later or (lambda: head))


class _Walk:
    def __init__(self, key: Key | None, anchor: Head | None) -> None:
        self._key, self._anchor = key, anchor
        self._found = Verification()
        self._last: Row | None = None
        self._sealed_by_ours = False
        self._hashes: dict[int, str] = {}

    def over(self, rows: Iterable[Row], head: Head, later: Callable[[], Head]) -> Verification:
        found = self._found
        passed = not head.number
        for row in rows:
            found.entries += 1
            found.findings += self._judge(row)
            passed = passed or found.head == head
        found.findings += self._end(head, later(), passed=passed)
        return found

    def _judge(self, row: Row) -> Iterator[str]:
        link = row.link
        if link is None:
            self._found.unchained += 1
            if self._last:
                yield f"{row.id} carries no link: it was inserted, or its link was removed"
            return
        if self._last is None:
            yield from self._begin(row.id, link)
        else:
            yield from self._joint(self._last, row.id, link)
        yield from self._content(row, link)
        if self._anchor and link.number == self._anchor.number:
            yield from self._anchored(row.id, link)
        self._hashes[link.number] = link.hash
        self._last, self._found.head = row, link.head

    def _begin(self, id: str, link: Link) -> Iterator[str]:
        self._found.first = link.number
        if link.number == 1 and link.before:
            yield f"{id} is number 1 and yet says that something stood before it"
        if self._anchor and link.number == self._anchor.number + 1:
            self._found.anchored = link.before == self._anchor.hash
            if not self._found.anchored:
                yield f"{id} (number {link.number}) does not follow the head that was kept: the chain was written anew"

    def _joint(self, last: Row, id: str, link: Link) -> Iterator[str]:
        assert last.link  # noqa: S101 - only what has one is remembered
        expected = last.link.number + 1
        if link.number > expected:
            yield f"{_numbers(expected, link.number - 1)} removed before {id} (number {link.number})"
        elif link.number < expected:
            yield f"{id} (number {link.number}) stands behind number {last.link.number}: it was moved or inserted"
        elif link.before != last.link.hash:
            yield f"{last.id} (number {last.link.number}) is not what {id} was chained to: it was changed or replaced"

    def _content(self, row: Row, link: Link) -> Iterator[str]:
        if not link.key:
            self._found.unsealed += 1
            if self._sealed_by_ours:
                yield f"{row.id} (number {link.number}) bears no key's seal, though entries before it do: it was forged"
            if seal(row.entry, None) != link.seal:
                yield f"{row.id} (number {link.number}) was changed: its words are not those that were sealed"
            return
        if self._key is None or link.key != self._key.id:
            self._found.unchecked[link.key] = self._found.unchecked.get(link.key, 0) + 1
            if self._sealed_by_ours:
                yield f"{row.id} (number {link.number}) bears the seal of another key ({link.key}), though entries before it bear ours"
            return
        self._sealed_by_ours = True
        if seal(row.entry, self._key) != link.seal:
            yield f"{row.id} (number {link.number}) was changed: its words are not those that were sealed"
        elif told := _head_told(row.entry):
            yield from self._held(row.id, told)

    def _held(self, id: str, told: Head) -> Iterator[str]:
        """A head that the watcher sealed: what stands at its place now has to be what stood there then."""
        if told.number < (self._found.first or 1):
            return
        if self._hashes.get(told.number) != told.hash:
            yield f"{id} tells another head for number {told.number}: what stands up to there was removed, moved or written anew"
        self._found.held = told.number

    def _anchored(self, id: str, link: Link) -> Iterator[str]:
        assert self._anchor  # noqa: S101 - the caller asked
        self._found.anchored = link.hash == self._anchor.hash
        if not self._found.anchored:
            yield f"{id} (number {link.number}) is not the entry whose head was kept: the chain was written anew"

    def _end(self, head: Head, later: Head, *, passed: bool) -> Iterator[str]:
        last = self._found.head
        if head.number > last.number:
            yield f"{_numbers(last.number + 1, head.number)} removed from the end"
        elif not passed or last.number > later.number or (last.number == later.number and last != later):
            yield f"number {last.number}, the last, is not where the chain ended: it was changed, or added past the chain"
        if self._anchor and self._anchor.number > max(last.number, head.number):
            yield f"the chain ends with number {last.number}, but number {self._anchor.number} was there when the head was kept: its end was removed"
        elif self._anchor and not self._found.anchored and not self._found.findings:
            yield f"number {self._anchor.number}, whose head was kept, is there no longer: nothing tells whether this is that chain"


def _head_told(entry: bytes) -> Head | None:
    words = msgspec.json.decode(entry)
    return Head.parse(words["detail"]) if words.get("event") == HEAD else None


def _numbers(first: int, last: int) -> str:
    return f"number {first} was" if first == last else f"numbers {first} to {last} were"
