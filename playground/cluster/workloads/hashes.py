"""Short names for templates: the same template always gets the same one."""

from __future__ import annotations

import json
from typing import Any

Json = dict[str, Any]
_LETTERS = "bcdfghjklmnpqrstvwxz2456789"
_PRIME, _BASIS = 0x01000193, 0x811C9DC5


def short_hash(value: Any, collisions: int | None = None) -> str:
    """FNV-1a over 32 bits, its decimal digits written in letters that spell no words. ``collisions`` makes another name."""
    text = json.dumps(value, sort_keys=True) + ("" if collisions is None else str(collisions))
    result = _BASIS
    for byte in text.encode():
        result = (result ^ byte) * _PRIME & 0xFFFFFFFF
    return "".join(_LETTERS[ord(digit) % len(_LETTERS)] for digit in str(result))
