"""“Break something” as a part of the page: faults done for real, and a short record of what happened."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from playground.page.painting import environment
from playground.page.tab import Tab

Json = dict[str, Any]
Tell = Callable[[str], None]
KEPT = 6


@dataclass(frozen=True, slots=True)
class Break:
    """``about`` says beforehand what should come of it. ``do`` does it and returns a sentence on what it did.

    It is handed where to tell of what mends itself later.
    """

    name: str
    label: str
    about: str
    do: Callable[[Tell], str]


class BreaksPart:
    name = "breaks"

    def __init__(self, breaks: Sequence[Break], now: Callable[[], float]) -> None:
        self._breaks = {one.name: one for one in breaks}
        self._now = now
        self._happened: deque[tuple[float, str]] = deque(maxlen=KEPT)
        self._lock = threading.Lock()
        self._tell: list[Callable[[], None]] = []
        self._template = environment().get_template("breaks.html")

    def html(self, tab: Tab) -> str:
        del tab  # what was broken is broken for all
        with self._lock:
            happened = list(reversed(self._happened))
        return self._template.render(breaks=self._breaks.values(), happened=happened)

    def do(self, tab: Tab, doing: Json) -> str:
        del tab
        chosen = self._breaks.get(str(doing.get("name")))
        if chosen:
            self.tell(chosen.do(self.tell))
        return ""

    def tell(self, sentence: str) -> None:
        """Add to the record, from any thread."""
        with self._lock:
            self._happened.append((self._now(), sentence))
        for tell in self._tell:
            tell()

    def on_change(self, tell: Callable[[], None]) -> None:
        self._tell.append(tell)
