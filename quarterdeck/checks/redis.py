"""Redis: does it answer, may this user do what is needed, is it new enough, and does it keep what it is told.

All of it is in INFO, which the user may read; CONFIG GET, which it may not, would tell no more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from commands.errors import StoreRefused, StoreUnavailable
from commands.store import OLDEST, Address, Store, hurried, replicas
from quarterdeck.checks.finding import Finding

_OLDEST = ".".join(map(str, OLDEST))
_UNTOLD = "look into its configuration for"


def check(store: Store, at: Address) -> Iterator[Finding]:
    """``store`` lies at that address; what stands by is looked at too, for it is Redis after the next failover."""
    try:
        found = list(seen(store))
    except StoreUnavailable as error:
        yield unanswered(store, error)
        return
    yield from found
    if at.name and all(finding.level != "fail" for finding in found):
        yield from _standing_by(at, store.prefix)


def seen(store: Store) -> Iterator[Finding]:
    """What one server says of itself. Raises ``StoreUnavailable``."""
    try:
        info = store.info()
    except StoreRefused:
        info = {}  # which is told below, unless it is the user who is refused
    else:
        found = version(info)
        yield found
        if found.level == "fail":
            return
    lacking = store.lacking()
    if lacking:
        yield permission(store.user, lacking)
    yield persistence(info)
    yield eviction(info)


def unanswered(store: Store, error: StoreUnavailable) -> Finding:
    if isinstance(error, StoreRefused):
        return Finding(
            "fail", f"Redis refuses the user {store.user} ({error.__cause__})",
            "give REDIS_URL the name and password that `ACL SETUSER` gave it",
        )  # fmt: skip
    return Finding("fail", f"Redis does not answer ({error.__cause__})", "start it, or set REDIS_URL to where it is")


def permission(user: str, lacking: Sequence[str]) -> Finding:
    return Finding(
        "fail", f"Redis does not let its user {user} do all that is needed", f"ACL SETUSER {user} {' '.join(lacking)}"
    )


def _standing_by(at: Address, prefix: str) -> Iterator[Finding]:
    others = replicas(at)
    if not others:
        yield Finding("warn", f"Sentinel knows no replica of {at.name}", "add one, or nothing takes over")
    for other in others:
        [(host, port)] = other.hosts
        name = f"{host}:{port}, which stands by"
        standing = Store(hurried(other), prefix)
        try:
            found = list(seen(standing))
        except StoreUnavailable as error:
            told = unanswered(standing, error)
            found = [
                told
                if isinstance(error, StoreRefused)
                else Finding("warn", told.what, "start it, or nothing takes over")
            ]
        yield from (Finding(f.level, f"{name}: {f.what}", f.mend) for f in found if f.level != "ok")


def version(info: Mapping[str, object]) -> Finding:
    """RQ's intermediate queue needs 6.2 (facts of RQ 3); Valkey says a Redis version too."""
    found = str(info.get("redis_version", "0"))
    numbers = tuple(int(part) for part in found.split(".")[:2] if part.isdigit())
    if numbers < OLDEST:
        return Finding("fail", f"Redis {found} is too old", f"Quarterdeck needs {_OLDEST} or newer")
    return Finding("ok", f"Redis {found}")


def persistence(info: Mapping[str, object]) -> Finding:
    if "aof_enabled" not in info:
        return Finding(
            "warn", "Redis does not tell whether it keeps an append-only file", f"{_UNTOLD} `appendonly yes`"
        )
    if info["aof_enabled"]:
        return Finding("ok", "Redis keeps an append-only file")
    return Finding("warn", "Redis keeps no append-only file", "set `appendonly yes`, or a restart forgets operations")


def eviction(info: Mapping[str, object]) -> Finding:
    policy = info.get("maxmemory_policy")
    if policy is None:
        return Finding("warn", "Redis does not tell whether it evicts keys", f"{_UNTOLD} `maxmemory-policy noeviction`")
    if policy == "noeviction":
        return Finding("ok", "Redis evicts nothing")
    return Finding("warn", f"Redis evicts keys ({policy})", "set `maxmemory-policy noeviction`, or records vanish")
