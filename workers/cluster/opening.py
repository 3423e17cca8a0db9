"""Opening a cluster, and getting a process ready to fork jobs that do."""

from __future__ import annotations

import gc
import ssl
from pathlib import Path

from workers.cluster import configuration
from workers.cluster.client import Cluster
from workers.cluster.connection import Connection, Gate


def open_cluster(
    name: str, kubeconfig: str | Path | None = None, context: str | None = None, gate: Gate | None = None
) -> Cluster:
    """The cluster by its name in the configuration. Nothing is sent yet. Raises ``ConfigError`` and ``Unanswered``."""
    return Cluster(Connection(name, configuration.load(name, kubeconfig, context), gate=gate))


def preload() -> None:
    """Do what a forked job would otherwise do again each time. This module's imports are most of it (facts/rq.md)."""
    ssl.create_default_context()
    gc.collect()
    gc.freeze()  # a collection in a fork would copy every page of what is loaded: 38 ms, now 4
