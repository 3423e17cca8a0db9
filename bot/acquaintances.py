"""Who is who, remembered for a moment: the ack needs a first opinion, and the worker decides again by fresher facts."""

from __future__ import annotations

import time
from collections import OrderedDict

from commands.membership import Membership
from commands.store import Store

SECONDS = 2.0
MOST = 500


class Acquaintances:
    """Thread-safe enough: an entry that two threads read at once is the same. Raises ``StoreUnavailable``."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: OrderedDict[str, tuple[float, Membership]] = OrderedDict()

    def membership(self, person: str) -> Membership:
        """What the store knew of the person at most two seconds ago; strangers are looked up each time."""
        at, found = self._known.get(person, (0.0, None))
        if found is not None and time.monotonic() - at < SECONDS:
            return found
        found = self._store.people.membership([person])
        if person in found.people:
            self._known[person] = (time.monotonic(), found)
            while len(self._known) > MOST:
                self._known.popitem(last=False)
        return found
