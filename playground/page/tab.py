"""One browser tab: who it is, where it looks, and what it was shown last, so that only changes are sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Picture:
    """All of the page for one tab: ``regions`` by element id, ``lists`` of keyed items (element id, then html by item id)."""

    regions: Mapping[str, str]
    lists: Mapping[str, Mapping[str, str]]


@dataclass
class Tab:
    """``person`` and ``channel`` are ids; ``thread`` the parent's ts, or "". ``entered`` is the ts read before coming."""

    person: str
    channel: str
    thread: str = ""
    entered: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    """Of the modal submitted last, by block id."""
    notice: str = ""
    """A sentence of the page itself: what could not be done."""
    step: int = 0
    """Of the tour; 0 before it begins."""
    shown: Picture = field(default_factory=lambda: Picture({}, {}))

    def changes(self, picture: Picture) -> Json | None:
        """What to send so that the browser shows ``picture``; None if it does already."""
        regions = {key: html for key, html in picture.regions.items() if self.shown.regions.get(key) != html}
        lists: Json = {}
        for key, items in picture.lists.items():
            known = key in self.shown.lists
            before = self.shown.lists.get(key, {})
            if not known or items != before or list(items) != list(before):
                lists[key] = {"order": list(items), "html": {i: h for i, h in items.items() if before.get(i) != h}}
        self.shown = picture
        return {"regions": regions, "lists": lists} if regions or lists else None
