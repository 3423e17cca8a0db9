"""JSON patch (RFC 6902), with the liberties that the API server's library takes.

It replaces members that do not exist, copies missing ones as null, counts negative indices from the end, and ignores a
path's first part if it does not start with a slash. Whatever fails is one and the same 422 without a reason.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Sequence
from typing import Any

from playground.cluster.status import StatusError

Json = dict[str, Any]
MEMBERS = ("op", "path", "from", "value")
_INDEX = re.compile(r"[+-]?[0-9]+")


class PatchFailed(Exception):
    """An operation could not be carried out, or a ``test`` did not hold."""


def json_patch(document: Json, operations: Sequence[Json]) -> Any:
    """The patched document; the given one stays as it is. Raises StatusError 422."""
    document = copy.deepcopy(document)
    try:
        for operation in operations:
            document = _applied(document, operation)
    except PatchFailed:
        raise StatusError(
            422, "Invalid", "the server rejected our request due to an error in our request", {}
        ) from None
    return document


def _applied(document: Any, operation: Json) -> Any:
    path, value = operation.get("path"), copy.deepcopy(operation.get("value"))
    if not isinstance(path, str):
        raise PatchFailed
    match operation.get("op"):
        case "replace" if not path and isinstance(value, (dict, list)):
            return value
        case "test" if not path:
            _require(_same(document, value))
        case "test":
            _require(_same(_get(*_found(document, path)), value))
        case "add":
            _add(*_found(document, path), value)
        case "replace":
            container, key = _found(document, path)
            _get(container, key)
            _set(container, key, value)
        case "remove":
            _remove(*_found(document, path))
        case "move":
            source, key = _found(document, _source(operation))
            moved = _get(source, key)
            _remove(source, key)
            _add(*_found(document, path), moved)
        case "copy":
            copied = copy.deepcopy(_get(*_found(document, _source(operation))))
            _add(*_found(document, path), copied)
        case _:
            raise PatchFailed
    return document


def _source(operation: Json) -> str:
    source = operation.get("from")
    if not isinstance(source, str):
        raise PatchFailed
    return source


def _found(document: Any, path: str) -> tuple[Any, str]:
    """The object or list that a path leads to, and the last part of it."""
    parts = [part.replace("~1", "/").replace("~0", "~") for part in path.split("/")]
    _require(len(parts) > 1)
    for part in parts[1:-1]:
        document = _get(document, part)
    _require(isinstance(document, (dict, list)))
    return document, parts[-1]


def _get(container: Any, key: str) -> Any:
    """The value under a key; None if an object does not have it."""
    if isinstance(container, dict):
        return container.get(key)
    _require(isinstance(container, list))
    return container[_index(key, len(container))]


def _set(container: Any, key: str, value: Any) -> None:
    if isinstance(container, list):
        container[_index(key, len(container))] = value
    else:
        container[key] = value


def _add(container: Any, key: str, value: Any) -> None:
    if isinstance(container, dict):
        container[key] = value
    elif key == "-":
        container.append(value)
    else:
        container.insert(_index(key, len(container) + 1), value)


def _remove(container: Any, key: str) -> None:
    if isinstance(container, list):
        del container[_index(key, len(container))]
    else:
        _require(key in container)
        del container[key]


def _index(key: str, size: int) -> int:
    _require(bool(_INDEX.fullmatch(key)))
    index = int(key)
    _require(-size <= index < size)
    return index % size


def _same(held: Any, wanted: Any) -> bool:
    """As JSON: 1 is neither true nor 1.0."""
    written: Callable[[Any], str] = lambda value: json.dumps(value, sort_keys=True)  # noqa: E731
    return written(held) == written(wanted)


def _require(holds: bool) -> None:
    if not holds:
        raise PatchFailed
