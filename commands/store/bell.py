"""Bells that any process rings through Redis: hints that save a poll, never the only way to learn of something.

``operation``: a record moved · ``outbox``: Slack has to be told · ``votes``: a vote is to be counted · ``wanted``: somebody
is to be read from Slack · ``membership``: it was.
"""

from __future__ import annotations

from collections.abc import Iterable

from redis.exceptions import RedisError

from commands.store.connection import Wire, translated


class Bell:
    """Not for several threads at once: each waiter has its own."""

    def __init__(self, wire: Wire, names: Iterable[str]) -> None:
        self._channels = [wire.key("bell", name) for name in names]
        self._pubsub = wire.client.pubsub(ignore_subscribe_messages=True)

    def wait(self, seconds: float) -> str | None:
        """What was rung, or None after ``seconds``. Raises ``StoreUnavailable``."""
        try:
            if not self._pubsub.subscribed:
                self._pubsub.subscribe(*self._channels)
                return "subscribed"
            message = self._pubsub.get_message(timeout=seconds)
        except RedisError as error:
            self._pubsub.reset()
            raise translated(error) from error
        return str(message["channel"]).rsplit(":", maxsplit=1)[-1] if message else None

    def close(self) -> None:
        self._pubsub.close()
