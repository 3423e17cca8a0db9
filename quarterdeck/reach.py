"""Whether the clusters answer, asked again and again beside the work, for ``/readyz`` alone."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

from commands.config import Config
from commands.errors import ClusterError, ConfigError, Unreachable
from quarterdeck import kubeconfigs
from quarterdeck.health import Ready

log = logging.getLogger(__name__)

EVERY, SOON = 5.0, 1.0
"""Seconds between two questions to a cluster that answers, and to one that does not."""

LATELY = 20.0
"""Seconds for which an answer counts: one that is late once makes nobody unready."""

ANSWERS = "answers"


class Reach:
    """One cluster, asked from a thread of its own over a connection of its own: none waits for another, nor does a job."""

    def __init__(self, name: str, opening: kubeconfigs.Opening) -> None:
        self._name, self._opening = name, opening
        self._answered = float("-inf")
        self._trouble = "has not answered yet"
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"reach {name}", daemon=True)
        self._thread.start()

    @property
    def state(self) -> str:
        """``answers``, or why not. From any thread."""
        return ANSWERS if time.monotonic() - self._answered <= LATELY else self._trouble

    def stop(self) -> None:
        """Returns at once; a question that waits for its answer keeps no process alive."""
        self._stopping.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._stopping.wait(EVERY if self._answers() else SOON)
        with suppress(ClusterError, ConfigError):
            self._opening.cluster().close()

    def _answers(self) -> bool:
        try:
            self._opening.cluster().version()
        except (Unreachable, ConfigError) as error:
            self._trouble = str(error)
            return False
        except ClusterError as error:  # a no is an answer
            log.debug("%s says no: %s", self._name, error)
        self._answered = time.monotonic()
        return True


@contextmanager
def reaching(config: Config, ready: Ready, *, wanted: bool) -> Iterator[Ready]:
    """``ready`` and, besides, whether any cluster has answered lately: one that does not takes nobody from the others.

    Asks only where somebody wants to know.
    """
    openings = {name: kubeconfigs.Opening(name, entry) for name, entry in config.clusters.items() if wanted}
    reaches = {name: Reach(name, opening) for name, opening in openings.items()}
    try:
        yield lambda: _with_clusters(ready, reaches)
    finally:
        for reach in reaches.values():
            reach.stop()


def _with_clusters(ready: Ready, reaches: Mapping[str, Reach]) -> tuple[bool, dict[str, object]]:
    is_ready, details = ready()
    clusters = {name: reach.state for name, reach in reaches.items()}
    answers = not clusters or ANSWERS in clusters.values()
    return is_ready and answers, {**details, "clusters": clusters}
