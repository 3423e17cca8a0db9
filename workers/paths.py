"""Where a value is inside an object: by name where the API merges lists by a key, and as a JSON pointer (RFC 6901).

A path is a tuple of keys; an item of a list of named things is ``[app]``, of another list ``[0]``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from commands.draft import hash_of

Path = tuple[str, ...]

ABSENT: Final = object()
"""Not there: unlike ``None`` it never equals a value."""

_KEYS = ("name", "mountPath", "containerPort", "devicePath", "ip", "topologyKey")
"""The merge keys of the pod template's lists (``x-kubernetes-list-map-keys`` in the API's schema)."""

_SHORT = ("spec", "template", "spec")


def leaves(value: Any, base: Path = ()) -> dict[Path, Any]:
    """Every value by its path. Lists of plain values are one value; what is empty is not there."""
    if isinstance(value, Mapping):
        return {path: leaf for key, item in value.items() for path, leaf in leaves(item, (*base, key)).items()}
    if isinstance(value, list) and any(isinstance(item, Mapping | list) for item in value):
        return {path: leaf for index in range(len(value)) for path, leaf in _item(value, index, base).items()}
    return {} if value is ABSENT or value is None or value == [] else {base: value}


def _item(items: list[Any], index: int, base: Path) -> dict[Path, Any]:
    """The key that is in the path already is left out, unless the item is nothing else."""
    key = _key_of(items)
    base = (*base, f"[{items[index][key] if key else index}]")
    found = leaves(items[index], base)
    return {path: leaf for path, leaf in found.items() if len(found) == 1 or key is None or path != (*base, key)}


def at(obj: Any, where: str) -> Any:
    """The value at a JSON pointer, or ``ABSENT``."""
    for token in tokens(where):
        if isinstance(obj, Mapping):
            obj = obj.get(token, ABSENT)
        elif isinstance(obj, list) and token.isdecimal() and int(token) < len(obj):
            obj = obj[int(token)]
        else:
            return ABSENT
    return obj


def hash_at(obj: Any, where: str) -> str | None:
    """The hash of the value at a JSON pointer; None where there is none."""
    value = at(obj, where)
    return None if value is ABSENT else hash_of(value)


def named_path(obj: Any, where: str) -> Path:
    """The path that ``leaves`` would give to what is at this JSON pointer."""
    path: Path = ()
    for token in tokens(where):
        below = at(obj, pointer(token))
        key = _key_of(obj) if isinstance(obj, list) else None
        if not isinstance(obj, list):
            path += (token,)
        else:
            path += (f"[{below[key]}]" if key and below is not ABSENT else f"[{token}]",)
        obj = below
    return path


def pointer(*keys: str) -> str:
    """A JSON pointer to these keys."""
    return "".join("/" + key.replace("~", "~0").replace("/", "~1") for key in keys)


def tokens(where: str) -> list[str]:
    """Its keys. The empty pointer is the whole object."""
    return [token.replace("~1", "/").replace("~0", "~") for token in where.split("/")[1:]]


def shown(path: Path) -> str:
    """For reading: ``containers[app].image``, ``template.metadata.annotations[example.com/x]``, ``spec.replicas``."""
    if path[:3] == _SHORT and len(path) > 3:
        path = path[3:]
    elif path[:2] == _SHORT[:2]:
        path = path[1:]
    text = ""
    for key in path:
        if is_unnamed(key):
            text += key
        elif "." in key or "/" in key:
            text += f"[{key}]"
        else:
            text += f".{key}" if text else key
    return text


def is_unnamed(key: str) -> bool:
    """Whether it stands for an item of a list."""
    return key.startswith("[")


def _key_of(items: list[Any]) -> str | None:
    """The key that names every item, and no two alike."""
    if not all(isinstance(item, Mapping) for item in items):
        return None
    return next((key for key in _KEYS if len({str(item.get(key, "")) for item in items} - {""}) == len(items)), None)
