"""The Kubernetes API: the one package that imports the kubernetes client.

The official client gives configuration, credentials, TLS and the connection pool. Objects are raw JSON dicts, for its
typed models lose unknown fields and may raise after a write that succeeded (measured on 37.0). Every error leaves here
as a ``commands.errors.ClusterError``, chained to what caused it.
"""

from workers.cluster.client import FIELD_MANAGER, LOG_BYTES, Answer, Cluster, Listing, Object
from workers.cluster.configuration import ClusterConfig
from workers.cluster.connection import Gate
from workers.cluster.opening import open_cluster, preload
from workers.cluster.resources import RESOURCES
from workers.cluster.watching import Event, Watch

__all__ = [
    "FIELD_MANAGER",
    "LOG_BYTES",
    "RESOURCES",
    "Answer",
    "Cluster",
    "ClusterConfig",
    "Event",
    "Gate",
    "Listing",
    "Object",
    "Watch",
    "open_cluster",
    "preload",
]
