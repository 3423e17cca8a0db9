"""Starting up: every problem is said at once, not one a run."""

from __future__ import annotations

import logging
from collections.abc import Callable
from itertools import chain, repeat
from threading import Event
from typing import TypeVar

from commands.errors import ConfigError, StoreRefused, StoreUnavailable
from commands.store import Store
from quarterdeck.checks import redis

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


class Unreached(ConfigError):
    """The other end does not answer. Nothing is wrong with what was configured, as far as that can be told."""


PAUSES = (0.5, 1.0, 2.0, 5.0, 10.0)
"""Seconds between tries; the last one again and again."""


def patiently(attempt: Callable[[], A], stop: Event) -> A | None:
    """What the attempt gives, once the other end answers; None where ``stop`` was set first. Its absence is said once."""
    pauses = chain(PAUSES, repeat(PAUSES[-1]))
    waiting = False
    while not stop.is_set():
        try:
            return attempt()
        except Unreached as error:
            if not waiting:
                log.warning("%s; trying again until it does", error)
            waiting = True
            stop.wait(next(pauses))
    return None


def wait_for_redis(store: Store, stop: Event, seconds: float = 30) -> bool:
    """Whether to go on: False where ``stop`` was set first.

    Raises ``StoreUnavailable`` after so many ``seconds``, and ``ConfigError`` where waiting mends nothing: Redis is too
    old, or refuses this user or what it has to do. That it forgets or evicts is a warning.
    """
    waited = 0.0
    while not stop.is_set() and not _answers(store, waited >= seconds):
        waited += 1
        stop.wait(1)
    return not stop.is_set()


def _answers(store: Store, is_last: bool) -> bool:
    try:
        findings = list(redis.seen(store))
    except StoreRefused as error:
        findings = [redis.unanswered(store, error)]
    except StoreUnavailable as error:
        if is_last:
            raise StoreUnavailable(f"Redis does not answer ({error.__cause__}); is REDIS_URL right?") from error
        log.warning("waiting for Redis: %r", error.__cause__)
        return False
    if wrong := [f"{found.what}: {found.mend}" for found in findings if found.level == "fail"]:
        raise ConfigError(wrong)
    for found in findings:
        if found.level == "warn":
            log.warning("%s: %s", found.what, found.mend)
    return True
