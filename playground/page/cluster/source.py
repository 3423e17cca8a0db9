"""The played cluster as the panel's source. Its objects are never changed in place, so lists may be handed out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from playground.cluster.cluster import Cluster
from playground.cluster.verbs import Verbs
from playground.page.cluster.view import Objects


class PlayedCluster:
    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def objects(self, resources: Sequence[str]) -> Objects:
        def read(verbs: Verbs) -> Objects:
            return {resource: verbs.list(verbs.kinds[resource]) for resource in resources}

        return self._cluster.run(read)

    def on_change(self, tell: Callable[[], None]) -> None:
        self._cluster.run(lambda verbs: verbs.store.listeners.append(lambda _: tell()))
