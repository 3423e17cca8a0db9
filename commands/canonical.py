"""The one JSON form of our values: sorted keys, no spaces, UTF-8. Records, digests and the audit use it."""

from __future__ import annotations

import hashlib
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

_encoder = msgspec.json.Encoder(order="sorted")


def dump(value: Any) -> bytes:
    """Any of our frozen values, or plain JSON, as canonical bytes."""
    return _encoder.encode(value)


def load(data: bytes | str, type_: type[T]) -> T:
    """The inverse. Raises ``msgspec.ValidationError`` where the data is not of that type."""
    return msgspec.json.decode(data, type=type_)


def digest_of(value: Any) -> str:
    """SHA-256 (hex) of the canonical form."""
    return hashlib.sha256(dump(value)).hexdigest()
