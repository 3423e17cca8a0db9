"""The cluster beside the channel: workloads with their pods by revision, nodes with what runs on them, live."""

from playground.page.cluster.part import ClusterPart

__all__ = ["ClusterPart"]
