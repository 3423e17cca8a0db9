"""The gate before a cluster: a job asks it by what all workers know of the cluster's silence (``commands.breaker``)."""

from __future__ import annotations

from collections.abc import Callable

from commands.breaker import Silence, missed
from commands.errors import Silent, Unanswered
from commands.store import Store
from commands.times import clock

TRYING = 15.0
"""Seconds for which nobody else tries whether the cluster answers again: longer than such a call takes."""

SOON = 3.0
"""Seconds after which whoever finds another trying comes again."""


class Gate:
    """For one job, which lives for seconds: what is known is read at its first call. All raise ``StoreUnavailable``."""

    def __init__(self, cluster: str, store: Store, now: Callable[[], float]) -> None:
        self._cluster, self._store, self._now = cluster, store, now
        self._read = False
        self._silence: Silence | None = None

    def tries(self) -> bool:
        """Whether this call finds out if the cluster answers again. Raises ``Silent`` where it is not to be asked."""
        silence = self._known()
        if silence is None or not silence.opens or silence.is_stale(self._now()):
            return False
        if silence.holds(self._now()) or not self._is_mine_to_try():
            raise self._silent(silence)
        return True

    def answered(self) -> None:
        if self._silence is not None:
            self._store.silences.end(self._cluster)
            self._silence = None

    def missed(self, error: Unanswered) -> None:
        self._silence = missed(self._store.silences.of(self._cluster), error.why, self._now(), waited=error.waited)
        self._store.silences.put(self._cluster, self._silence)

    def _known(self) -> Silence | None:
        if not self._read:
            self._silence, self._read = self._store.silences.of(self._cluster), True
        return self._silence

    def _is_mine_to_try(self) -> bool:
        """One at a time, of all workers."""
        return self._store.leases.take(f"trying-{self._cluster}", TRYING) is not None

    def _silent(self, silence: Silence) -> Silent:
        told = f"The cluster {self._cluster} has not answered since {clock(silence.since)}: {silence.why}."
        return Silent(told, max(silence.again, self._now() + SOON))
