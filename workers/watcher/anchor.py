"""The audit's head, written into the audit and to the log.

In the audit, sealed with the signing key, it holds what stands before it in its place; in a log that is kept elsewhere it
finds a chain that was written anew as a whole.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from commands.proof.chain import Head
from commands.store import Store

log = logging.getLogger(__name__)


class Anchor:
    def __init__(self, store: Store, now: Callable[[], float]) -> None:
        self._store, self._now = store, now
        self._told = Head()

    def tell(self) -> None:
        """Where it moved since it was told. Raises ``StoreUnavailable``."""
        head = self._store.audit.head()
        if head == self._told:
            return
        self._store.audit.note_head(head, self._now())
        self._told = self._store.audit.head()
        log.info("the audit's head is %s; `quarterdeck audit verify --head` takes it", self._told)
