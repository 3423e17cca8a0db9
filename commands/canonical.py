"""The one JSON form of our values: sorted keys, no spaces, UTF-8. Records and the audit use it; digests and signatures are made of ``said``."""

from __future__ import annotations

import hashlib
import os
import threading
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

_decoders: dict[type, msgspec.json.Decoder[Any]] = {}
_making = threading.Lock()
# A worker forks while its other threads run: a job must not begin with a lock that is held by nobody, or a half-made decoder.
os.register_at_fork(before=_making.acquire, after_in_parent=_making.release, after_in_child=_making.release)
_encoder = msgspec.json.Encoder(order="sorted")


def dump(value: Any) -> bytes:
    """Any of our frozen values, or plain JSON, as canonical bytes."""
    return _encoder.encode(value)


def load(data: bytes | str, type_: type[T]) -> T:
    """The inverse. Raises ``msgspec.ValidationError`` where the data is not of that type."""
    decoder: msgspec.json.Decoder[T] = _decoders.get(type_) or _made(type_)
    return decoder.decode(data)


def _made(type_: type[T]) -> msgspec.json.Decoder[T]:
    """By one thread at a time: where two meet a type for the first time at once, msgspec ends the process (SIGSEGV)."""
    with _making:
        decoder: msgspec.json.Decoder[T] = _decoders.setdefault(type_, msgspec.json.Decoder(type_))
        return decoder


def said(value: Any) -> bytes:
    """What digests and signatures are made of: the canonical form without the fields that are at their defaults.

    So a field that a later version adds, and leaves at its default, does not void what was approved and signed before.
    """
    return dump(_said(value))


def digest_of(value: Any) -> str:
    """SHA-256 (hex) of what is said."""
    return hashlib.sha256(said(value)).hexdigest()


def _said(value: Any) -> Any:
    match value:
        case list() | tuple():
            return [_said(item) for item in value]
        case dict():
            return {key: _said(item) for key, item in value.items()}
        case _ if is_dataclass(value):
            held = ((field, getattr(value, field.name)) for field in fields(value))
            return {field.name: _said(item) for field, item in held if item != _default(field)}
        case _:
            return value


def _default(field: Field[Any]) -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()
