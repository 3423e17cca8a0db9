"""Who else wrote a part of an object last (``commands.authors``). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from commands.authors import last_write


def author_of(live: Mapping[str, Any], *path: str, besides: str) -> str | None:
    """The manager, other than ``besides``, that wrote at or below ``path`` (``spec``, ``template``) last; None: it is not told."""
    written = last_write(live, *path, besides=besides)
    return written.manager if written else None
