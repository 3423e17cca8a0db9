"""Seating people: each fits some of the tables, and nobody sits at two. As many are seated as can be, never greedily.

Whoever could say yes for two groups says it for one of them: for which, is settled by who else says yes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence


def seated(seats: Sequence[int], fits: Mapping[str, Collection[int]]) -> tuple[tuple[str, ...], ...]:
    """Per table who sits there. ``seats``: how many each has; ``fits``: by person the tables (their places in ``seats``).

    Kuhn's augmenting paths: a newcomer may move those who sit already, and none of them loses a seat by it.
    """
    tables: list[list[str]] = [[] for _ in seats]
    for person in fits:
        _seat(person, seats, fits, tables, set())
    return tuple(map(tuple, tables))


def _seat(
    person: str, seats: Sequence[int], fits: Mapping[str, Collection[int]], tables: list[list[str]], tried: set[int]
) -> bool:
    for table in sorted(set(fits[person]) - tried):
        if table in tried:
            continue
        tried.add(table)
        sitting = tables[table]
        if len(sitting) < seats[table]:
            sitting.append(person)
            return True
        for other in list(sitting):
            if _seat(other, seats, fits, tables, tried):
                sitting[sitting.index(other)] = person
                return True
    return False
