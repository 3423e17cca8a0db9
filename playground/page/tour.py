"""The tour as a part of the page: one step at a time, each tab its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from playground.page.painting import environment
from playground.page.tab import Tab

Json = dict[str, Any]


class TourPart:
    name = "tour"

    def __init__(self, steps: Sequence[Any], people: Mapping[str, str], acts: Mapping[str, Callable[[], str]]) -> None:
        """``steps`` have the fields that ``tour.html`` shows. ``people`` maps names to user ids; ``acts`` what a step's button does: a sentence comes back."""
        self._steps = steps
        self._people = people
        self._acts = acts
        self._template = environment().get_template("tour.html")

    def html(self, tab: Tab) -> str:
        step = self._steps[tab.step - 1] if tab.step else None
        person = self._people.get(step.person, "") if step else ""
        return self._template.render(step=step, number=tab.step, total=len(self._steps), person=person, me=tab.person)

    def do(self, tab: Tab, doing: Json) -> str:
        """``{"step": N}`` goes there; ``{"act": true}`` does what the step's button says."""
        if doing.get("act") and tab.step:
            act = self._acts.get(self._steps[tab.step - 1].act)
            return act() if act else ""
        wanted = doing.get("step")
        tab.step = wanted if isinstance(wanted, int) and 0 <= wanted <= len(self._steps) else 0
        return ""

    def on_change(self, tell: Callable[[], None]) -> None:
        """A tab's own doing repaints it; nothing else moves the tour."""
