"""Opening clusters so that whatever is wrong with a kubeconfig becomes a sentence. Nothing is sent to any cluster."""

from __future__ import annotations

import logging
import os
from functools import partial
from pathlib import Path

from commands.config import Config
from commands.errors import ConfigError, Unanswered
from workers.cluster import Cluster, ClusterConfig, Gate, open_cluster
from workers.cluster.attempt import Attempt
from workers.cluster.credentials import PATIENCE, late

log = logging.getLogger(__name__)

AT_START = 5.0
"""Seconds for which a process that starts waits for the credentials of a cluster: it has others to begin with."""


def opened(name: str, entry: ClusterConfig, gate: Gate | None = None) -> Cluster:
    """Raises ``ConfigError``, also where the file is no kubeconfig at all, and ``Unanswered`` where it gets no credentials."""
    try:
        return open_cluster(name, entry.kubeconfig, entry.context, gate)
    except (ConfigError, Unanswered):
        raise
    except OSError as error:
        raise ConfigError([f"cluster {name}: {_named(entry)} cannot be read ({error.strerror or error})"]) from error
    except Exception as error:
        # The official loader stumbles in its own ways over what is not YAML, or YAML of another shape.
        mend = "mend it until `kubectl config view` shows it"
        raise ConfigError([f"cluster {name}: {_named(entry)} is no kubeconfig; {mend}"]) from error


class Opening:
    """A cluster that is opened once, beside the work, and waited for by all who ask: a plugin that fetches credentials may hang."""

    def __init__(self, name: str, entry: ClusterConfig, gate: Gate | None = None) -> None:
        self._name = name
        self._made = Attempt(f"opens {name}", partial(opened, name, entry, gate))

    def begin(self) -> None:
        """Returns at once."""
        self._made.begin()

    def cluster(self, seconds: float = PATIENCE) -> Cluster:
        """So many after it has begun nobody waits any more. Raises ``ConfigError`` and ``Unanswered``."""
        try:
            return self._made.result(seconds)
        except TimeoutError as error:
            raise late(self._name) from error


def check(config: Config) -> None:
    """Read every kubeconfig once, side by side, so that all problems are said at start. Raises ``ConfigError``.

    One that gives no credentials in time keeps nobody from the other clusters: that is told, and tried when it is needed.
    """
    problems: list[str] = []
    openings = [Opening(name, entry) for name, entry in config.clusters.items()]
    for each in openings:
        each.begin()
    for each in openings:
        try:
            each.cluster(AT_START).close()
        except ConfigError as error:
            problems += error.problems
        except Unanswered as error:
            log.warning("%s I begin without it.", error)
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
