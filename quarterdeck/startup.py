"""Starting up: every problem is said at once, not one a run."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event
from typing import TypeVar

from commands.errors import ConfigError, StoreUnavailable
from commands.store import Store
from quarterdeck.checks.redis import version

log = logging.getLogger(__name__)

A = TypeVar("A")
B = TypeVar("B")


def both(first: Callable[[], A], second: Callable[[], B]) -> tuple[A, B]:
    """Both results, or a ``ConfigError`` with the problems of both."""
    problems: list[str] = []
    found: list[object] = []
    for read in (first, second):
        try:
            found.append(read())
        except ConfigError as error:
            problems += error.problems
    if problems:
        raise ConfigError(problems)
    return found[0], found[1]  # type: ignore[return-value]  # there were no problems, so both are there


def wait_for_redis(store: Store, stop: Event, seconds: float = 30) -> bool:
    """Whether to go on: False where ``stop`` was set first.

    Raises ``StoreUnavailable`` after so many ``seconds``, and ``ConfigError`` where Redis is too old.
    """
    waited = 0.0
    while not stop.is_set() and not _answers(store, waited >= seconds):
        waited += 1
        stop.wait(1)
    return not stop.is_set()


def _answers(store: Store, is_last: bool) -> bool:
    try:
        found = version(store.info())
    except StoreUnavailable as error:
        if is_last:
            raise StoreUnavailable(f"Redis does not answer ({error.__cause__}); is REDIS_URL right?") from error
        log.warning("waiting for Redis: %r", error.__cause__)
        return False
    if found.level == "fail":
        raise ConfigError([f"{found.what}: {found.mend}"])
    return True
