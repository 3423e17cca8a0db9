"""The signing key: is there one, and have bot, worker and watcher the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from commands.errors import StoreUnavailable
from commands.proof.signing import MAKE_ONE, VARIABLE
from commands.store import Store
from commands.wording import plural
from quarterdeck.checks.finding import Finding

UNPROTECTED = "who can write Redis can vote and forge the audit"


def check(store: Store, now: float) -> Iterator[Finding]:
    """Nothing where Redis does not answer, which is told already."""
    try:
        heard = store.announcements.heard(now)
    except StoreUnavailable:
        return
    own = store.key.id if store.key else None
    keys = {key for of_one in heard.values() for key in of_one}
    if len(keys) > 1:
        yield Finding("fail", f"the signing keys differ: {_who_has_which(heard)}", f"{MAKE_ONE}, then start them anew")
    elif own and keys - {own}:
        told = f"{VARIABLE} here is {own}, but {_who_has_which(heard)}"
        yield Finding("fail", told, "give this process the same as the others")
    elif key := own or next(iter(keys), None):
        told = f"{_listed(heard)} {plural(len(heard), 'has', 'have')} the signing key {key}"
        yield Finding("ok", told if heard else f"the signing key {key} is set; nothing runs to be compared with it")
    else:
        yield Finding("warn", f"{VARIABLE} is not set, so {UNPROTECTED}", MAKE_ONE)


def _who_has_which(heard: Mapping[str, frozenset[str | None]]) -> str:
    """``bot@a has 1f2e3d4c, worker@b has none``."""
    return ", ".join(f"{who} has {key or 'none'}" for who, keys in sorted(heard.items()) for key in _in_order(keys))


def _in_order(keys: frozenset[str | None]) -> list[str | None]:
    return sorted(keys, key=str)


def _listed(heard: Mapping[str, object]) -> str:
    *others, last = sorted(heard) or [""]
    return f"{', '.join(others)} and {last}" if others else last
