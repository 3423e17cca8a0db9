"""Redis: does it answer, is it new enough, and does it keep what it is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from commands.errors import StoreUnavailable
from commands.store import OLDEST, Store
from quarterdeck.checks.finding import Finding

_OLDEST = ".".join(map(str, OLDEST))


def check(store: Store) -> Iterator[Finding]:
    try:
        info = store.info()
    except StoreUnavailable as error:
        yield Finding("fail", f"Redis does not answer ({error.__cause__})", "start it, or set REDIS_URL to where it is")
        return
    found = version(info)
    yield found
    if found.level == "ok":
        yield persistence(info)
        yield eviction(info)


def version(info: Mapping[str, object]) -> Finding:
    """RQ's intermediate queue needs 6.2 (facts of RQ 3); Valkey says a Redis version too."""
    found = str(info.get("redis_version", "0"))
    numbers = tuple(int(part) for part in found.split(".")[:2] if part.isdigit())
    if numbers < OLDEST:
        return Finding("fail", f"Redis {found} is too old", f"Quarterdeck needs {_OLDEST} or newer")
    return Finding("ok", f"Redis {found}")


def persistence(info: Mapping[str, object]) -> Finding:
    if info.get("aof_enabled"):
        return Finding("ok", "Redis keeps an append-only file")
    return Finding("warn", "Redis keeps no append-only file", "set `appendonly yes`, or a restart forgets operations")


def eviction(info: Mapping[str, object]) -> Finding:
    policy = info.get("maxmemory_policy", "noeviction")
    if policy == "noeviction":
        return Finding("ok", "Redis evicts nothing")
    return Finding("warn", f"Redis evicts keys ({policy})", "set `maxmemory-policy noeviction`, or records vanish")
