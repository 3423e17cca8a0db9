"""Sentences agree with the number and the noun in them."""

from __future__ import annotations

import pytest

from commands.wording import article, counted, plural


@pytest.mark.parametrize(("number", "said"), [(0, "0 pods"), (1, "1 pod"), (2, "2 pods")])
def test_a_number_and_what_is_counted(number: int, said: str) -> None:
    assert counted(number, "pod") == said


def test_where_it_is_more_than_an_s() -> None:
    assert counted(2, "entry", "entries") == "2 entries"
    assert (plural(1, "is", "are"), plural(0, "is", "are")) == ("is", "are")


@pytest.mark.parametrize("said", ["an operation", "an image", "a version", "a workload", "a user"])
def test_the_article(said: str) -> None:
    assert article(said.partition(" ")[2]) == said
