"""The clusters beside the channel: workloads with their pods by revision, nodes with what runs on them, live."""

from playground.page.cluster.part import ClusterPart, Panel
from playground.page.cluster.source import PlayedCluster

__all__ = ["ClusterPart", "Panel", "PlayedCluster"]
