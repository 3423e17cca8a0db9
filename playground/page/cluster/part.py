"""The panel as a part of the page: told of changes by the cluster's store, painted from one consistent look at it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from playground.page.cluster.view import READ, Objects, shown
from playground.page.painting import environment
from playground.page.tab import Tab

Json = dict[str, Any]


class Source(Protocol):
    """The cluster, as far as the panel needs it."""

    def objects(self, resources: Sequence[str]) -> Objects:
        """Lists of objects by resource, all of the same moment; callable from any thread."""

    def on_change(self, tell: Callable[[], None]) -> None:
        """Call ``tell`` after each change, from any thread."""


class ClusterPart:
    name = "cluster"

    def __init__(self, source: Source, namespaces: Sequence[str], kubeconfig: str = "") -> None:
        """``kubeconfig``: the path shown to whoever wants to look with kubectl."""
        self._source = source
        self._namespaces = list(namespaces)
        self._kubeconfig = kubeconfig
        self._template = environment().get_template("cluster.html")
        self._stale = True
        self._html = ""

    def html(self, tab: Tab) -> str:
        del tab  # everyone sees the same cluster
        if self._stale:
            self._stale = False
            view = shown(self._source.objects(READ), self._namespaces)
            self._html = self._template.render(view=view, kubeconfig=self._kubeconfig)
        return self._html

    def do(self, tab: Tab, doing: Json) -> str:
        del tab, doing
        return ""

    def on_change(self, tell: Callable[[], None]) -> None:
        def changed() -> None:
            self._stale = True
            tell()

        self._source.on_change(changed)
