"""What a controller is, and what turns them: a queue of things to look at, fed by every change and by timers."""

from __future__ import annotations

import importlib
import logging
import pkgutil
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from playground.cluster.status import StatusError
from playground.cluster.store import Change
from playground.cluster.verbs import Verbs

Json = dict[str, Any]
Key = tuple[str, str]
"""Namespace and name."""
log = logging.getLogger(__name__)
RETRY_SECONDS = 1.0


class Controller(Protocol):
    """Level-triggered: looks at what is, moves it one step towards what is asked, and can do so again harmlessly."""

    name: str

    @property
    def watches(self) -> Mapping[str, Callable[[Change], Iterable[Key]]]:
        """By ``resource`` (``deployments.apps``): which of my keys a change of such an object concerns."""

    def reconcile(self, verbs: Verbs, key: Key) -> float | None:
        """Raises StatusError to be called again soon. Returns the cluster seconds after which to look again anyway."""


def own(change: Change) -> Iterable[Key]:
    """The changed object itself."""
    meta = change.object["metadata"]
    return [(meta.get("namespace", ""), meta["name"])]


def owner(kind: str) -> Callable[[Change], Iterable[Key]]:
    """The object of that kind that controls the changed one."""

    def keys(change: Change) -> Iterable[Key]:
        meta = change.object["metadata"]
        refs = meta.get("ownerReferences", [])
        return [
            (meta.get("namespace", ""), ref["name"]) for ref in refs if ref["kind"] == kind and ref.get("controller")
        ]

    return keys


class Engine:
    """Runs controllers until nothing is left to do. One reconcile is one step, so requests get their turn between two."""

    def __init__(self, verbs: Verbs, controllers: Iterable[Controller]) -> None:
        self._verbs = verbs
        self._controllers = list(controllers)
        self._queue: deque[tuple[Controller, Key]] = deque()
        self._queued: set[tuple[str, Key]] = set()
        self._alarms: dict[tuple[str, Key], object] = {}
        """The one timer that counts of each key: what its last reconcile said replaces what earlier ones said."""
        self.on_work: Callable[[], None] = lambda: None
        """Called when the queue gets something to do: the event loop schedules ``run_some`` then."""
        verbs.store.listeners.append(self._changed)

    def add(self, controller: Controller, key: Key) -> None:
        if (controller.name, key) not in self._queued:
            self._queued.add((controller.name, key))
            self._queue.append((controller, key))
            self.on_work()

    def run_one(self) -> bool:
        """Reconcile the next key, or run timers that are due. False if there is nothing to do now."""
        self._verbs.clock.run_due()
        if not self._queue:
            return False
        controller, key = self._queue.popleft()
        self._queued.discard((controller.name, key))
        try:
            again = controller.reconcile(self._verbs, key)
        except StatusError as error:
            log.debug("%s %s: %s", controller.name, key, error)
            again = RETRY_SECONDS
        self._set_alarm(controller, key, again)
        return True

    def settle(self) -> None:
        """Run until nothing is due now."""
        while self.run_one():
            pass

    def step(self, seconds: float) -> None:
        """Let that much cluster time pass, stopping at every timer on the way: for tests, with a clock of speed 0."""
        clock = self._verbs.clock
        end = clock.now() + seconds
        self.settle()
        while (due := clock.next_due()) is not None and clock.now() + due <= end:
            clock.advance(due)
            self.settle()
        clock.advance(max(0.0, end - clock.now()))
        self.settle()

    def _set_alarm(self, controller: Controller, key: Key, seconds: float | None) -> None:
        whose = (controller.name, key)
        self._alarms.pop(whose, None)
        if seconds is None:
            return
        alarm = self._alarms[whose] = object()

        def ring() -> None:
            if self._alarms.get(whose) is alarm:
                self.add(controller, key)

        self._verbs.clock.after(seconds, ring)

    def _changed(self, change: Change) -> None:
        for controller in self._controllers:
            keys = controller.watches.get(change.kind.resource)
            for key in keys(change) if keys else ():
                self.add(controller, key)


def discover() -> list[Controller]:
    """New controllers from the files of ``controllers`` and from ``kubelet``: ``CONTROLLER``, or several in ``CONTROLLERS``.

    What is declared is a class (or another callable without arguments), so that two clusters in one process share nothing;
    an instance serves where there is no state.
    """
    found: list[Controller] = []
    for package_name in ("controllers", "kubelet"):
        package = importlib.import_module(f"playground.cluster.{package_name}")
        names = [f"{package.__name__}.{info.name}" for info in pkgutil.iter_modules(package.__path__)]
        for module in (package, *map(importlib.import_module, names)):
            declared = (
                *getattr(module, "CONTROLLERS", ()),
                *([module.CONTROLLER] if hasattr(module, "CONTROLLER") else []),
            )
            found += [made() if callable(made) else made for made in declared]
    return found
