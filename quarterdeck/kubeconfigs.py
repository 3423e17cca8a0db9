"""Opening clusters so that whatever is wrong with a kubeconfig becomes a sentence. Nothing is sent to any cluster."""

from __future__ import annotations

import logging
import os
import threading
import time
from concurrent.futures import Future
from functools import partial
from pathlib import Path

from commands.config import Config
from commands.errors import ConfigError, Unanswered
from workers.cluster import Cluster, ClusterConfig, Gate, open_cluster

log = logging.getLogger(__name__)

PATIENCE = 10.0
"""Seconds for which the credentials of a cluster are waited for: as long as for an answer of its own."""

AT_START = 5.0
"""The same when a process starts, which has other clusters to begin with."""


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


class Opening:
    """A cluster that is opened once, beside the work, and waited for by all who ask: a plugin that fetches credentials may hang."""

    def __init__(self, name: str, entry: ClusterConfig, gate: Gate | None = None) -> None:
        self._name, self._open = name, partial(opened, name, entry, gate)
        self._lock = threading.Lock()
        self._begun = 0.0
        self._made: Future[Cluster] | None = None

    def begin(self) -> Future[Cluster]:
        """Anew where it failed before; one that hangs is not begun a second time. Returns at once."""
        with self._lock:
            if self._made is None or (self._made.done() and self._made.exception()):
                self._begun, self._made = time.monotonic(), Future()
                threading.Thread(target=self._run, args=(self._made,), name=f"opens {self._name}", daemon=True).start()
            return self._made

    def cluster(self, seconds: float = PATIENCE) -> Cluster:
        """So many after it has begun nobody waits any more. Raises ``ConfigError`` and ``Unanswered``."""
        made = self.begin()
        try:
            return made.result(max(0.0, self._begun + seconds - time.monotonic()))
        except TimeoutError as error:
            why = "the program that fetches its credentials does not end"
            raise Unanswered(f"The cluster {self._name} cannot be reached: {why}.", why, waited=True) from error

    def _run(self, made: Future[Cluster]) -> None:
        try:
            made.set_result(self._open())
        except Exception as error:  # noqa: BLE001 - whatever it is, whoever asked gets it
            made.set_exception(error)


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
