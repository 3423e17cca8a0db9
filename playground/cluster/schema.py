"""Objects as their published types have them: fields nobody knows are dropped (or refused), wrong types are refused.

The API server decodes bodies as JSON and patched objects in its own way; both say what they cannot read in their own words.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from playground.cluster import api_types, quantity
from playground.cluster.api_types import Field
from playground.cluster.golang import json_type
from playground.cluster.kind import Kind
from playground.cluster.request import Asking
from playground.cluster.status import StatusError, bad_request

Json = dict[str, Any]
Mismatch = Callable[[Any, Field, "Place"], str]
"""What is said of a value that the field cannot hold."""
_EMBEDDED = {("core.v1.Probe", name): "ProbeHandler" for name in ("exec", "grpc", "httpGet", "tcpSocket")}
"""Go structures inside others that JSON does not show, but its decoder's errors do."""
INT32, INT64 = range(-(2**31), 2**31), range(-(2**63), 2**63)


class Unreadable(Exception):
    """A value is not of its field's type."""


class Place:
    """Where in the object decoding is: ``path`` as people write it, and the Go structure with the names that lead there."""

    def __init__(self, path: str = "", structure: str = "", names: tuple[str, ...] = ()) -> None:
        self.path = path
        self.structure = structure
        self.names = names

    def field(self, name: str, structure: str) -> Place:
        inner = _EMBEDDED.get((structure, name))
        names = (*self.names, inner, name) if inner else (*self.names, name)
        return Place(f"{self.path}.{name}".lstrip("."), structure.rpartition(".")[2], names)

    def item(self, index: int | str) -> Place:
        path = f"{self.path}[{index}]" if isinstance(index, int) else f"{self.path}.{index}".lstrip(".")
        return Place(path, self.structure, self.names)


def typed(kind: Kind, obj: Json, asking: Asking) -> Json:
    """The body of a create or update as its type reads it; warns of, or with Strict refuses, fields it does not know.

    Raises StatusError 400.
    """
    version = str(obj.get("apiVersion") or kind.api_version).rpartition("/")[2]
    name = obj.get("kind") or kind.kind

    def refusal(why: str) -> StatusError:
        return bad_request(f'{name} in version "{version}" cannot be handled as a {kind.kind}: {why}')

    _check_kind(kind, obj, refusal)
    return checked(kind, obj, asking, refusal)


def checked(
    kind: Kind, obj: Any, asking: Asking, refusal: Callable[[str], StatusError], said_by: Mismatch | None = None,
    also_unknown: Sequence[str] = (),
) -> Json:  # fmt: skip
    """``refusal`` makes the error of a sentence; ``said_by`` words wrong types (as the JSON decoder does, unless given)."""
    try:
        read, unknown = decoded(api_types.of(kind), obj, said_by or json_mismatch)
    except Unreadable as error:
        raise refusal(str(error)) from None
    unknown = [*also_unknown, *unknown]
    if unknown and asking.field_validation == "Strict":
        raise refusal(f"strict decoding error: {', '.join(unknown)}")
    if asking.field_validation == "Warn":
        asking.warnings.extend(unknown)
    result: Json = read
    return result


def decoded(type: Field, value: Any, said_by: Mismatch) -> tuple[Any, list[str]]:
    """The value without what its type does not know, and a sentence per such field. Raises Unreadable."""
    unknown: list[str] = []
    return _Decoder(said_by, unknown).read(value, type, Place()), unknown


class _Decoder:
    def __init__(self, said_by: Mismatch, unknown: list[str]) -> None:
        self._said_by = said_by
        self._unknown = unknown

    def read(self, value: Any, field: Field, place: Place) -> Any:
        if field.structure is not None:
            return self._structure(value, field, place)
        if field.is_list:
            return self._list(value, field, place)
        if field.is_map:
            self._require(isinstance(value, dict), value, field, place)
            return {key: self._item(item, field.element, place.item(key)) for key, item in self._members(value, place)}
        return self._leaf(value, field, place)

    def _structure(self, value: Any, field: Field, place: Place) -> Json:
        self._require(isinstance(value, dict), value, field, place)
        read: Json = {}
        for key, item in self._members(value, place):
            inside = place.field(key, field.type)
            known = field.child(key)
            if known is None:
                self._unknown.append(f'unknown field "{inside.path}"')
            elif item is not None:
                held = self.read(item, known, inside)
                if held not in ([], {}) or known.always or not (known.is_list or known.is_map):
                    read[key] = held
        return read

    def _members(self, value: Json, place: Place) -> Iterator[tuple[str, Any]]:
        """Objects that were read from JSON may know which of their keys came more than once."""
        doubled = getattr(value, "doubled", ())
        for key, item in value.items():
            yield key, item
            if key in doubled:
                self._unknown.append(f'duplicate field "{place.item(key).path}"')

    def _list(self, value: Any, field: Field, place: Place) -> list[Any]:
        self._require(isinstance(value, list), value, field, place)
        return [self._item(item, field.element, place.item(index)) for index, item in enumerate(value)]

    def _item(self, value: Any, field: Field, place: Place) -> Any:
        """Null in a list or map is the type's zero value."""
        return _zero(field) if value is None else self.read(value, field, place)

    def _leaf(self, value: Any, field: Field, place: Place) -> Any:
        match field.type:
            case "string" | "bytes" | "time":
                self._require(isinstance(value, str), value, field, place)
                self._check_text(value, field.type)
            case "bool":
                self._require(isinstance(value, bool), value, field, place)
            case "int32" | "int64":
                return self._integer(value, field, place)
            case "double":
                self._require(_is_number(value), value, field, place)
            case "int-or-string":
                return value if isinstance(value, str) else self._integer(value, field, place)
            case "quantity":
                _check_quantity(value)
        return value

    def _integer(self, value: Any, field: Field, place: Place) -> int:
        if self._said_by is converter_mismatch and isinstance(value, float) and value.is_integer():
            value = int(value)
        limits = INT64 if field.type == "int64" else INT32
        self._require(isinstance(value, int) and not isinstance(value, bool) and value in limits, value, field, place)
        return int(value)

    def _check_text(self, value: str, type: str) -> None:
        if type == "bytes":
            try:
                base64.b64decode(value, validate=True)
            except binascii.Error:
                known = (index for index, char in enumerate(value) if not (char.isalnum() or char in "+/="))
                how = "error decoding from json: " if self._said_by is converter_mismatch else ""
                raise Unreadable(f"{how}illegal base64 data at input byte {next(known, len(value))}") from None
        elif type == "time" and value:
            try:
                datetime.fromisoformat(value)
            except ValueError:
                layout = '"2006-01-02T15:04:05Z07:00": cannot parse'
                raise Unreadable(f'parsing time "{value}" as {layout} "{value}" as "2006"') from None

    def _require(self, holds: bool, value: Any, field: Field, place: Place) -> None:
        if not holds:
            raise Unreadable(self._said_by(value, field, place))


def json_mismatch(value: Any, field: Field, place: Place) -> str:
    """As the JSON decoder says it. It shows a number only where the field wants another one."""
    given = f"number {value}" if _is_number(value) and field.type.startswith("int") else json_type(value)
    where = f"struct field {place.structure}.{'.'.join(place.names)}" if place.names else "value"
    return f"json: cannot unmarshal {given} into Go {where} of type {_go_type(field)}"


def converter_mismatch(value: Any, field: Field, place: Place) -> str:  # noqa: ARG001
    """As the converter says it that reads objects after a strategic merge patch. It leaves some types to their own JSON."""
    if field.type in {"int-or-string", "time"}:
        return json_mismatch(value, field, Place())
    given = "slice" if isinstance(value, list) else "map" if isinstance(value, dict) else json_type(value)
    held = {"number": "float64" if isinstance(value, float) else "int64"}.get(given, given)
    if field.structure is not None:
        return f"cannot restore struct from: {held}"
    if field.is_list or field.is_map:
        return f"cannot restore {'slice' if field.is_list else 'map'} from {held}"
    wanted = _go_type(field)
    convertible = held == "int64" or (held == "float64" and wanted.startswith("int"))
    return f"cannot convert {held} to {wanted}" if convertible and wanted != "bool" else f"unrecognized type: {wanted}"


def _check_kind(kind: Kind, obj: Json, refusal: Callable[[str], StatusError]) -> None:
    version, name = obj.get("apiVersion") or kind.api_version, obj.get("kind") or kind.kind
    if version == kind.api_version and name == kind.kind:
        return
    group = version.rpartition("/")[0]
    if name == kind.kind and group == kind.group:
        raise bad_request(
            f"the API version in the data ({version}) does not match the expected API version ({kind.api_version})"
        )
    if api_types.of_version(group, version.rpartition("/")[2], name) is not api_types.ANY:
        there = f"({kind.version}.{name}) to ({kind.group.partition('.')[0] or 'core'}.{kind.kind})"
        raise refusal(f"converting {there}: unknown conversion")
    raise refusal(f'no kind "{name}" is registered for version "{version}" in scheme "pkg/runtime/scheme.go:111"')


def _check_quantity(value: Any) -> None:
    try:
        quantity.parse(value if isinstance(value, str) or _is_number(value) else "-")
    except ValueError as error:
        raise Unreadable(str(error)) from None


def _zero(field: Field) -> Any:
    if field.is_list:
        return []
    if field.is_map or field.structure is not None:
        return {}
    return {"string": "", "bytes": "", "bool": False, "quantity": "0", "any": None}.get(field.type, 0)


def _go_type(field: Field) -> str:
    """``[]v1.Container`` of ``[]core.v1.Container``."""
    if field.is_list:
        return "[]" + _go_type(field.element)
    if field.is_map:
        return "map[string]" + _go_type(field.element)
    if field.structure is not None:
        return ".".join(field.type.split(".")[-2:])
    return {"bytes": "[]uint8", "time": "string", "double": "float64", "int-or-string": "int32",
            "quantity": "resource.Quantity"}.get(field.type, field.type)  # fmt: skip


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
