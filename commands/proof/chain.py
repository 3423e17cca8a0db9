"""The audit's chain: each entry carries the SHA-256 of the one before, so that none can change without the next telling.

``seal`` covers an entry's own words: an HMAC where there is a signing key, else a plain SHA-256. ``hash`` covers the seal,
whose key made it and the hash before, and is what the next one carries: ``commands/store/scripts/chain.lua`` computes it
within the write, so that nobody has to wait for whoever appends at the same time. No seal covers the place: that one was
taken out and the rest chained anew is told by a head that was kept elsewhere, and by nothing else. Quarterdeck never trims;
where somebody has, the first that is left still says what stood before it.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import Self

from commands.proof.signing import Key

PURPOSE = "audit"


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain: the number of its last entry (from 1; 0 before any), and that entry's hash."""

    number: int = 0
    hash: str = ""

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """``120:9f86d0…``. Raises ``ValueError``."""
        number, _, hash = text.strip().partition(":")
        if not number.isdecimal() or len(hash) != 64 or not set(hash) <= set("0123456789abcdef"):
            raise ValueError(text)
        return cls(int(number), hash)


@dataclass(frozen=True, slots=True)
class Link:
    """Where an entry stands. ``key``: the id of the key that sealed it, empty where there was none."""

    number: int
    before: str
    seal: str
    key: str

    @property
    def hash(self) -> str:
        return hashlib.sha256((self.before + self.seal + self.key).encode()).hexdigest()

    @property
    def head(self) -> Head:
        return Head(self.number, self.hash)


def sealed(entry: bytes, key: Key | None) -> tuple[str, str]:
    """The seal of an entry, and the id of the key that made it (empty where there is none)."""
    return seal(entry, key), key.id if key else ""


def seal(entry: bytes, key: Key | None) -> str:
    """In 43 characters of base64, so that the hash before it and it are two blocks of SHA-256 together, not three."""
    made = bytes.fromhex(key.mac(PURPOSE, entry)) if key else hashlib.sha256(entry).digest()
    return base64.urlsafe_b64encode(made).decode().rstrip("=")
