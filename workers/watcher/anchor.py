"""The audit's head, written to the log: whoever keeps the log finds with it a chain that was written anew as a whole."""

from __future__ import annotations

import logging

from commands.chain import Head
from commands.store import Store

log = logging.getLogger(__name__)


class Anchor:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._told = Head()

    def tell(self) -> None:
        """Where it moved since it was told. Raises ``StoreUnavailable``."""
        head = self._store.audit.head()
        if head != self._told:
            log.info("the audit's head is %s; `quarterdeck audit verify --head` takes it", head)
        self._told = head
