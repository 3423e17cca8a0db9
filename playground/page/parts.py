"""What stands on the page beside the channel: parts that others bring, each a region with a life of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from playground.page.tab import Tab

Json = dict[str, Any]


class Part(Protocol):
    """``name`` is the region's element id and the word with which its doings begin (``cluster``, ``tour``, ``breaks``)."""

    name: str

    def html(self, tab: Tab) -> str:
        """The region's element, its id being ``name``."""

    def do(self, tab: Tab, doing: Json) -> str:
        """What a person asked of this part; returns a sentence for them, or "". May take a while: runs in a thread."""

    def on_change(self, tell: Callable[[], None]) -> None:
        """Call ``tell`` whenever ``html`` may have changed, from any thread."""


class Extras:
    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = {part.name: part for part in parts}

    def regions(self, tab: Tab) -> dict[str, str]:
        return {name: part.html(tab) for name, part in self._parts.items()}

    def do(self, name: str, tab: Tab, doing: Json) -> str | None:
        """None where there is no such part."""
        part = self._parts.get(name)
        return part.do(tab, doing) if part else None

    def on_change(self, tell: Callable[[], None]) -> None:
        for part in self._parts.values():
            part.on_change(tell)
