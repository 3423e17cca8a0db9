"""A bell that any process rings through Redis and all hear: a hint that saves a poll, never the only way to learn of something."""

from __future__ import annotations

from redis.exceptions import RedisError

from commands.errors import StoreUnavailable
from commands.store.connection import Wire


class Bell:
    """Not for several threads at once: each waiter has its own."""

    def __init__(self, wire: Wire) -> None:
        self._channel = wire.key("bell")
        self._pubsub = wire.client.pubsub(ignore_subscribe_messages=True)

    def wait(self, seconds: float) -> str | None:
        """What was rung ("operation", "outbox", "wanted", "membership"), or None after ``seconds``. Raises ``StoreUnavailable``."""
        try:
            if not self._pubsub.subscribed:
                self._pubsub.subscribe(self._channel)
                return "subscribed"
            message = self._pubsub.get_message(timeout=seconds)
        except RedisError as error:
            self._pubsub.reset()
            raise StoreUnavailable from error
        return str(message["data"]) if message else None

    def close(self) -> None:
        self._pubsub.close()
