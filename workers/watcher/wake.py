"""What wakes the loop: marks that other threads leave, each once however often it was left, taken all together.

A burst of a hundred events about one rollout is one mark, and so one evaluation.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """A workload changed, whoever follows it by name."""

    cluster: str
    namespace: str
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Owned:
    """Something changed that the object of this uid controls: a ReplicaSet of a Deployment, a pod of a ReplicaSet."""

    cluster: str
    namespace: str
    uid: str


@dataclass(frozen=True, slots=True)
class Namespace:
    """A feed came into sync or lost it: whoever is decided from it."""

    cluster: str
    namespace: str


@dataclass(frozen=True, slots=True)
class Named:
    """One operation: something that was read for it is there."""

    id: str


@dataclass(frozen=True, slots=True)
class Records:
    """Records in Redis moved; which, the bell does not say."""


Mark = Target | Owned | Namespace | Named | Records


class Wake:
    """Marks may be left from any thread; one thread waits."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._marks: set[Mark] = set()
        self._roused = False

    def leave(self, *marks: Mark) -> None:
        with self._changed:
            self._marks.update(marks)
            self._changed.notify()

    def rouse(self) -> None:
        """Wake the loop though nothing changed: it is to stop."""
        with self._changed:
            self._roused = True
            self._changed.notify()

    def wait(self, seconds: float) -> set[Mark]:
        """All marks left since the last call; waits for the first one for at most so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._marks or self._roused, max(0.0, seconds))
            taken, self._marks, self._roused = self._marks, set(), False
            return taken
