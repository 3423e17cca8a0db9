"""A protobuf object as JSON: names by ``numbers.txt`` (from the published .proto files), types by ``api_types``.

Go sends every field that is no pointer, empty ones too; they are left out here as its JSON would (``omitempty``).
``numbers.txt`` has a structure a line; ``*`` marks pointers, whose zero counts, and ``+`` what JSON puts into its parent.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from playground.cluster import api_types
from playground.cluster.api_types import ANY, Field
from playground.cluster.status import not_simulated
from playground.cluster.wire.protobuf.reading import Malformed, Raw, double, fields, signed, varint

Json = dict[str, Any]
CONTENT_TYPE = "application/vnd.kubernetes.protobuf"
MAGIC = b"k8s\x00"
OPTIONS = Field("meta.v1.DeleteOptions")
"""They come in the group and version of what is to be deleted."""
_EMPTY: tuple[Any, ...] = (None, "", 0, False, 0.0, [], {})


class Undecodable(ValueError):
    """The bytes are no object in protobuf."""


def decode(body: bytes) -> Json:
    """The object with its apiVersion and kind. Raises Undecodable, and StatusError 501 for what is not played."""
    if not body.startswith(MAGIC):
        raise Undecodable("provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]")
    try:
        envelope = dict(fields(body[len(MAGIC) :]))
        names = dict(fields(_bytes(envelope.get(1, b""))))
        version, kind = (_bytes(names.get(number, b"")).decode() for number in (1, 2))
        group, _, short = version.rpartition("/")
        type = OPTIONS if kind == "DeleteOptions" else api_types.of_version(group, short, kind)
        if type is ANY:
            raise not_simulated(f"{kind} in {version}")
        return {"apiVersion": version, "kind": kind, **_structure(_bytes(envelope.get(2, b"")), type.type, type)}
    except (Malformed, UnicodeDecodeError) as error:
        raise Undecodable(str(error)) from None


def _structure(message: bytes, name: str, type: Field) -> Json:
    """``name`` is the structure whose numbers count; ``type`` has its fields' types, also those of what is put into it."""
    read: Json = {}
    numbers = _tables().get(name, {})
    for number, raw in fields(message):
        target = numbers.get(number)
        if target is None:
            if raw:
                raise not_simulated(f"protobuf field {number} of {name}")
            continue
        if target.startswith("+"):
            read |= _structure(_bytes(raw), target[1:], type)
            continue
        key = target.rstrip("*")
        value = _field(raw, type.child(key) or Field("string"), read.get(key))
        if (
            target.endswith("*")
            or value not in _EMPTY
            or (isinstance(value, dict) and value == {} and _is_object(type, key))
        ):
            read[key] = value
    return read


def _is_object(type: Field, key: str) -> bool:
    """Whether an empty value is ``{}`` in Go's JSON too: structures always are there."""
    child = type.child(key)
    return child is not None and child.structure is not None and key not in {"metadata", "status"}


def _field(raw: Raw, type: Field, before: Any) -> Any:
    """Lists come item by item, maps entry by entry: ``before`` is what came of them so far."""
    if type.is_list:
        packed = isinstance(raw, bytes) and type.element.type.startswith("int")
        items = _unpacked(_bytes(raw)) if packed else [_value(raw, type.element)]
        return [*(before or []), *items]
    if type.is_map:
        entry = dict(fields(_bytes(raw)))
        value = _map_value(entry.get(2, b""), type.element)
        return {**(before or {}), _bytes(entry.get(1, b"")).decode(): value}
    return _value(raw, type)


def _map_value(raw: Raw, type: Field) -> Any:
    """A list as a map's value has a message of its own."""
    if type.is_list:
        return [_value(item, type.element) for _, item in fields(_bytes(raw))]
    return _value(raw, type)


def _value(raw: Raw, type: Field) -> Any:
    if type.structure is not None:
        return _structure(_bytes(raw), type.type, type)
    return _LEAVES.get(type.type, _text)(raw)


def _text(raw: Raw) -> str:
    return _bytes(raw).decode()


def _integer(raw: Raw) -> int:
    return signed(raw) if isinstance(raw, int) else 0


def _only_part(raw: Raw) -> bytes:
    """Of a message that wraps one value."""
    return _bytes(dict(fields(_bytes(raw))).get(1, b""))


def _time(raw: Raw) -> str | None:
    parts = dict(fields(_bytes(raw)))
    if not parts:
        return None
    seconds, nanos = (_integer(parts.get(number, 0)) for number in (1, 2))
    whole = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{whole}.{nanos // 1000:06d}Z" if nanos else f"{whole}Z"


def _int_or_string(raw: Raw) -> int | str:
    parts = dict(fields(_bytes(raw)))
    return _text(parts.get(3, b"")) if parts.get(1, 0) else _integer(parts.get(2, 0))


def _unpacked(data: bytes) -> list[int]:
    values, at = [], 0
    while at < len(data):
        value, at = varint(data, at)
        values.append(signed(value))
    return values


def _bytes(raw: Raw) -> bytes:
    if isinstance(raw, int):
        raise Malformed("a number where a message was expected")
    return raw


_LEAVES: dict[str, Callable[[Raw], Any]] = {
    "bool": bool,
    "int32": _integer,
    "int64": _integer,
    "double": lambda raw: double(_bytes(raw)),
    "bytes": lambda raw: base64.b64encode(_bytes(raw)).decode(),
    "time": _time,
    "quantity": lambda raw: _only_part(raw).decode(),
    "int-or-string": _int_or_string,
    "any": lambda raw: json.loads(_only_part(raw) or b"null"),
}
"""By type; everything else is text."""


@cache
def _tables() -> dict[str, dict[int, str]]:
    lines = (Path(__file__).parent / "numbers.txt").read_text().splitlines()
    return {name: _table(rest) for name, *rest in map(str.split, lines)}


def _table(words: list[str]) -> dict[int, str]:
    pairs = (word.split("=", 1) for word in words)
    return {int(number): target for number, target in pairs}
