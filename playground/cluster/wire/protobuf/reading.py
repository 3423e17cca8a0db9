"""Protobuf's wire format: a message as its fields' numbers and raw values."""

from __future__ import annotations

import struct
from collections.abc import Iterator

Raw = int | bytes
"""A varint as an unsigned number, everything else as its bytes."""
_FIXED = {1: 8, 5: 4}


class Malformed(ValueError):
    """The bytes are no protobuf message."""


def fields(message: bytes) -> Iterator[tuple[int, Raw]]:
    """Each field in the order in which it came. Raises Malformed."""
    at = 0
    while at < len(message):
        tag, at = varint(message, at)
        number, wire_type = tag >> 3, tag & 7
        if wire_type == 0:
            value, at = varint(message, at)
            yield number, value
            continue
        if wire_type == 2:
            length, at = varint(message, at)
        elif wire_type in _FIXED:
            length = _FIXED[wire_type]
        else:
            raise Malformed(f"wire type {wire_type}")
        if at + length > len(message):
            raise Malformed("unexpected EOF")
        yield number, message[at : at + length]
        at += length


def varint(data: bytes, at: int) -> tuple[int, int]:
    """The number, and where what follows it begins."""
    value = shift = 0
    while True:
        if at >= len(data) or shift > 63:
            raise Malformed("unexpected EOF")
        value |= (data[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if not data[at - 1] & 0x80:
            return value, at


def signed(value: int) -> int:
    """An int32 or int64: negative ones are sent as 64 bits in two's complement."""
    return value - (1 << 64) if value >> 63 else value


def double(value: bytes) -> float:
    found: tuple[float] = struct.unpack("<d", value)
    return found[0]
