"""The key that proves who wrote something: who can write Redis, but has no key, can neither vote nor word an audit entry.

Every process of an installation has the same one, in ``QUARTERDECK_SIGNING_KEY``. Each purpose has MACs of its own, so
that what was signed for one cannot be shown for another.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from functools import cached_property
from typing import Self

from commands.errors import ConfigError

VARIABLE = "QUARTERDECK_SIGNING_KEY"
SHORTEST = 32
"""Characters: 16 random bytes in hexadecimal, which nobody guesses."""

MAKE_ONE = "make one with `openssl rand -hex 32` and give the same to bot, worker and watcher"


@dataclass(frozen=True)
class Key:
    secret: bytes = field(repr=False)

    @classmethod
    def read(cls, text: str | None) -> Self | None:
        """None where none is set. Raises ``ConfigError`` where it is too short to protect anything; it is never shown.

        Blanks around it, such as the end of a file's line, are not part of it.
        """
        text = (text or "").strip()
        if not text:
            return None
        if len(text) < SHORTEST:
            raise ConfigError([f"{VARIABLE} has fewer than {SHORTEST} characters; {MAKE_ONE}"])
        return cls(text.encode())

    @cached_property
    def id(self) -> str:
        """Eight characters that tell keys apart and give nothing of them away."""
        return self.mac("key id", b"")[:8]

    def mac(self, purpose: str, data: bytes) -> str:
        """HMAC-SHA-256 in hexadecimal (RFC 2104)."""
        return hmac.new(self.secret, purpose.encode() + b"\0" + data, hashlib.sha256).hexdigest()

    def made(self, mac: str, purpose: str, data: bytes) -> bool:
        """Whether this key made it. Takes the same time whatever is wrong."""
        return hmac.compare_digest(self.mac(purpose, data).encode(), mac.encode())
