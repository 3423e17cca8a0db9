"""Opening clusters so that whatever is wrong with a kubeconfig becomes a sentence. Nothing is sent to any cluster."""

from __future__ import annotations

import os
from pathlib import Path

from commands.config import Config
from commands.errors import ConfigError
from workers.cluster import Cluster, ClusterConfig, Gate, open_cluster


def opened(name: str, entry: ClusterConfig, gate: Gate | None = None) -> Cluster:
    """Raises ``ConfigError``, also where the file is no kubeconfig at all."""
    try:
        return open_cluster(name, entry.kubeconfig, entry.context, gate)
    except ConfigError:
        raise
    except OSError as error:
        raise ConfigError([f"cluster {name}: {_named(entry)} cannot be read ({error.strerror or error})"]) from error
    except Exception as error:
        # The official loader stumbles in its own ways over what is not YAML, or YAML of another shape.
        mend = "mend it until `kubectl config view` shows it"
        raise ConfigError([f"cluster {name}: {_named(entry)} is no kubeconfig; {mend}"]) from error


def check(config: Config) -> None:
    """Read every kubeconfig once, so that all problems are said at start. Raises ``ConfigError``."""
    problems: list[str] = []
    for name, entry in config.clusters.items():
        try:
            opened(name, entry).close()
        except ConfigError as error:
            problems += error.problems
    if problems:
        raise ConfigError(problems)


def absent(entry: ClusterConfig) -> str | None:
    """The path at which this machine would have its kubeconfig and has none; None in a pod with an account of its own."""
    if entry.kubeconfig is None and entry.context is None and "KUBERNETES_SERVICE_HOST" in os.environ:
        return None
    paths = _named(entry)
    exist = [path for path in paths.split(os.pathsep) if path and Path(path).expanduser().exists()]
    return None if exist else paths


def _named(entry: ClusterConfig) -> str:
    return str(entry.kubeconfig or os.environ.get("KUBECONFIG") or "~/.kube/config")
