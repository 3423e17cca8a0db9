"""Did you mean …: the nearest of the words that would have been right."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_LONGEST = 64  # difflib is quadratic; a longer word is no misspelling of anything


def nearest(word: str, names: Iterable[str], count: int = 1) -> tuple[str, ...]:
    """At most ``count`` of the names, the nearest first; none where nothing is near."""
    by_folded = {name.casefold(): name for name in names}
    said = word.casefold()[:_LONGEST]
    near = get_close_matches(said, by_folded, n=count, cutoff=0.6)
    near += [name for name in by_folded if len(said) > 1 and name.startswith(said) and name not in near]
    return tuple(by_folded[name] for name in near[:count])


def did_you_mean(word: str, names: Iterable[str]) -> str:
    """`` Did you mean `prod`?``, with a blank before it, or nothing."""
    near = nearest(word, names)
    return f" Did you mean {quoted(near[0])}?" if near else ""


def quoted(word: str, longest: int = 60) -> str:
    """A word inside a sentence, in backticks; cut where it is long, and it cannot close its own quotes."""
    shown = word if len(word) <= longest else word[: longest - 1] + "…"
    return f"`{shown.replace('`', chr(39))}`"


def listed(words: Iterable[str], last: str = "or") -> str:
    """`` `a`, `b` or `c` ``."""
    names = [quoted(word) for word in words]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {last} {names[-1]}" if names else ""
