"""Seating is as good as trying everything."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from commands.matching import seated

SEATS = st.lists(st.integers(0, 3), min_size=1, max_size=3)
FITS = st.dictionaries(st.sampled_from("abcde"), st.sets(st.integers(0, 2)), max_size=5)


@given(SEATS, FITS)
def test_as_many_are_seated_as_can_be_and_nobody_twice(seats: list[int], fits: dict[str, set[int]]):
    fits = {person: {table for table in tables if table < len(seats)} for person, tables in fits.items()}
    tables = seated(seats, fits)
    people = [person for table in tables for person in table]
    assert len(people) == len(set(people)) == most(seats, fits)
    assert all(len(table) <= seat for table, seat in zip(tables, seats, strict=True))
    assert all(place in fits[person] for place, table in enumerate(tables) for person in table)


def most(seats: list[int], fits: dict[str, set[int]]) -> int:
    """By trying every way in which each person sits somewhere or nowhere."""
    ways = product(*([None, *tables] for tables in fits.values()))
    sat = ([way.count(table) for table in range(len(seats))] for way in ways)
    return max(sum(count) for count in sat if all(c <= seat for c, seat in zip(count, seats, strict=True)))


def test_who_sits_already_makes_room():
    """Sam could be either, and was seated first where only robin can be."""
    assert seated([1, 1], {"sam": [0, 1], "robin": [0]}) == (("robin",), ("sam",))
