"""The panel as a part of the page: told of changes by each cluster's store, painted from one consistent look at it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from playground.page.cluster.view import READ, Objects, shown
from playground.page.painting import environment
from playground.page.tab import Tab

Json = dict[str, Any]


class Source(Protocol):
    """A cluster, as far as the panel needs it."""

    def objects(self, resources: Sequence[str]) -> Objects:
        """Lists of objects by resource, all of the same moment; callable from any thread."""

    def on_change(self, tell: Callable[[], None]) -> None:
        """Call ``tell`` after each change, from any thread."""


@dataclass(frozen=True, slots=True)
class Panel:
    """``namespaces`` are those to show, in this order; ``kubeconfig`` is the path for whoever wants to look with kubectl."""

    name: str
    source: Source
    namespaces: tuple[str, ...]
    kubeconfig: str = ""


class ClusterPart:
    name = "cluster"

    def __init__(self, panels: Sequence[Panel]) -> None:
        self._panels = panels
        self._template = environment().get_template("cluster.html")
        self._stale = True
        self._html = ""

    def html(self, tab: Tab) -> str:
        del tab  # everyone sees the same clusters
        if self._stale:
            self._stale = False
            views = [(panel, shown(panel.source.objects(READ), panel.namespaces)) for panel in self._panels]
            self._html = self._template.render(views=views)
        return self._html

    def do(self, tab: Tab, doing: Json) -> str:
        del tab, doing
        return ""

    def on_change(self, tell: Callable[[], None]) -> None:
        def changed() -> None:
            self._stale = True
            tell()

        for panel in self._panels:
            panel.source.on_change(changed)
