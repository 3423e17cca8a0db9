"""Reading records that a newer version of Quarterdeck may have written: those are refused politely, never half understood."""

from __future__ import annotations

import json
from typing import Any, Protocol, TypeVar

import msgspec

from commands import canonical
from commands.errors import NewerRecord, StoreError


class Versioned(Protocol):
    """A record as it lies in Redis."""

    @property
    def schema(self) -> int: ...


R = TypeVar("R", bound=Versioned)


def decode(record: str, type_: type[R], newest: int) -> R:
    """``newest`` is the latest schema that this version reads; it may write an earlier one. Raises ``NewerRecord`` for what a newer version wrote."""
    try:
        found = canonical.load(record, type_)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        schema = _schema(record)
        if schema > newest:
            raise _newer(schema, newest) from error
        raise StoreError(f"A record in Redis cannot be read ({error}). Nothing was changed.") from error
    if found.schema > newest:  # it happens to fit, but writing it again would drop what is new in it
        raise _newer(found.schema, newest)
    return found


def decode_json(record: str, newest: int) -> dict[str, Any]:
    """A record that stays plain JSON; one from before it had a schema is of the first. Raises ``NewerRecord``."""
    found = canonical.load(record, dict)
    if (schema := found.get("schema", 1)) > newest:
        raise _newer(schema, newest)
    return found


def decode_known(record: str | None, type_: type[R], newest: int) -> R | None:
    """None where there is no record, and for one of a newer version: where that hinders nothing else from being read."""
    try:
        return decode(record, type_, newest) if record else None
    except NewerRecord:
        return None


def _newer(schema: int, newest: int) -> NewerRecord:
    return NewerRecord(
        f"This record was written by a newer version of Quarterdeck (schema {schema}, this one reads {newest}). "
        "Nothing was changed; finish the upgrade and try again."
    )


def _schema(record: str) -> int:
    try:
        read: Any = json.loads(record)
        return int(read["schema"])
    except (ValueError, KeyError, TypeError):
        return 0
