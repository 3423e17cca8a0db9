"""What workers know of clusters that do not answer: ``silent`` is a hash, cluster → ``Silence``. It ends with an answer, or a day later."""

from __future__ import annotations

from collections.abc import Mapping

from commands import canonical
from commands.breaker import Silence
from commands.store.connection import Wire
from commands.store.schema import decode_known

KEPT = 86400
SCHEMA = 1


class Silences:
    """All raise ``StoreUnavailable``."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def of(self, cluster: str) -> Silence | None:
        return decode_known(self._wire.client.hget(self._key, cluster), Silence, SCHEMA)

    def put(self, cluster: str, silence: Silence) -> None:
        self._wire.client.hset(self._key, cluster, canonical.dump(silence))
        self._wire.client.expire(self._key, KEPT)

    def end(self, cluster: str) -> None:
        self._wire.client.hdel(self._key, cluster)

    def open(self, now: float) -> Mapping[str, Silence]:
        """By cluster: those that are not asked, but for a try now and then."""
        found = {name: self.of(name) for name in sorted(self._wire.client.hkeys(self._key))}
        return {name: each for name, each in found.items() if each and each.opens and not each.is_stale(now)}

    @property
    def _key(self) -> str:
        return self._wire.key("silent")
