"""Values as Go prints them, since some of the API server's messages show them so."""

from __future__ import annotations

from typing import Any


def printed(value: Any) -> str:
    """As ``fmt.Sprintf("%v")`` prints decoded JSON: ``map[a:1 b:[x y]]``."""
    match value:
        case None:
            return "<nil>"
        case bool():
            return str(value).lower()
        case dict():
            return f"map[{' '.join(f'{key}:{printed(value[key])}' for key in sorted(value))}]"
        case list():
            return f"[{' '.join(map(printed, value))}]"
        case _:
            return str(value)


def json_type(value: Any) -> str:
    """What a JSON decoder calls a value's type in its errors."""
    match value:
        case None:
            return "null"
        case bool():
            return "bool"
        case str():
            return "string"
        case list():
            return "array"
        case dict():
            return "object"
        case _:
            return "number"
