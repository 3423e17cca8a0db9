"""Reloading the rules: at SIGHUP, or where the configuration's file says something else than before.

A file that is looked at again and again is found also where a mount swaps a symbolic link, as a ConfigMap's does. It is
taken when two looks in a row have found the same, for somebody may still be writing it; at SIGHUP at once. A broken one
changes nothing. What clusters there are, and what slash commands are called, stays as it was when the process began.
"""

from __future__ import annotations

import hashlib
import logging
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

from commands.config import Config, Rules
from commands.errors import ConfigError
from quarterdeck.health import Ready
from quarterdeck.metrics import ConfigMeter

log = logging.getLogger(__name__)

LOOK = 1.0
"""Seconds between two looks at the file, and at whether a signal came."""

KEPT = ("clusters", "slack")
"""Sections that are read once: connections, and the slash commands that Slack was told of, are made from them."""


class Reloading:
    """Called by one thread, but for ``details`` and ``ask``. ``read`` raises ``ConfigError``."""

    def __init__(self, path: Path, rules: Rules, read: Callable[[], Config], meter: ConfigMeter) -> None:
        self._path, self._rules, self._read, self._meter = path, rules, read, meter
        self._begun = rules.now
        self._since = time.time()
        self._problems: tuple[str, ...] = ()
        self._restart: tuple[str, ...] = ()
        self._asked = False
        self._judged = self._found = _told_apart(path)
        self._take(loudly=False)  # it may have changed since it was read

    def ask(self) -> None:
        """From a signal's handler: no lock is taken, for a forked job may have inherited one that is held."""
        self._asked = True

    def look(self) -> None:
        before, self._found = self._found, _told_apart(self._path)
        if self._asked or (self._found == before != self._judged):
            loudly, self._asked = self._asked, False
            self._judged = self._found
            self._take(loudly=loudly)

    def details(self) -> dict[str, object]:
        """For ``/readyz``. Since when rules are in force (Unix seconds), why not the file's, and what waits for a restart."""
        return {"since": self._since, "problems": list(self._problems), "restart_for": list(self._restart)}

    def _take(self, *, loudly: bool) -> None:
        try:
            fresh, self._restart = _fitted(self._read(), self._begun)
        except ConfigError as error:
            self._problems = tuple(error.problems)
            self._meter.refused()
            log.error("the rules stay as they were, for the file cannot be used: %s", "; ".join(error.problems))
            return
        self._problems = ()
        self._meter.taken()
        changed = [name for name in Config.model_fields if getattr(fresh, name) != getattr(self._rules.now, name)]
        if changed or loudly:
            log.info("the rules of %s are in force; changed: %s", self._path, ", ".join(changed) or "nothing")
        if changed:
            self._since = time.time()
        if fresh != self._rules.now:  # also where only the lines differ on which it stands, which refusals name
            self._rules.now = fresh
        if self._restart:
            log.warning("%s: what changed there needs a restart", ", ".join(self._restart))


def _fitted(fresh: Config, begun: Config) -> tuple[Config, tuple[str, ...]]:
    """The new rules over what cannot change, and what that keeps from being in force. Raises ``ConfigError``."""
    waits = tuple(name for name in KEPT if getattr(fresh, name) != getattr(begun, name))
    nowhere = [
        f"environments.{name}: the cluster {settings.cluster} is new; it needs a restart"
        for name, settings in fresh.environments.items()
        if settings.cluster not in begun.clusters
    ]
    if nowhere:
        raise ConfigError(nowhere)
    return fresh.model_copy(update={name: getattr(begun, name) for name in waits}), waits


def _told_apart(path: Path) -> bytes | None:
    try:
        return hashlib.sha256(path.read_bytes()).digest()
    except OSError:
        return None


@contextmanager
def reloading(
    path: Path, rules: Rules, read: Callable[[], Config], meter: ConfigMeter, ready: Ready
) -> Iterator[Ready]:
    """While the process runs, from a thread of its own; ``ready`` and, besides, what there is to say of the rules."""
    stop = Event()
    reload = Reloading(path, rules, read, meter)

    def run() -> None:
        while not stop.wait(LOOK):
            reload.look()

    signal.signal(signal.SIGHUP, lambda *_: reload.ask())
    Thread(target=run, name="reloads the rules", daemon=True).start()
    try:
        yield lambda: _telling(ready, reload)
    finally:
        stop.set()


def _telling(ready: Ready, reload: Reloading) -> tuple[bool, dict[str, object]]:
    is_ready, details = ready()
    return is_ready, {**details, "config": reload.details()}
