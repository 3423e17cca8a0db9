"""The words of refusals: whom to ask, and that only ids of people can mention somebody."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commands import transitions
from commands.operation import Ending
from commands.policy.outcomes import how_it_stands
from commands.policy.sentences import KEEPER, listed, mention, whom_to_ask
from tests.unit.commands.policy.building import NOW, awaiting, config, membership, without


@pytest.mark.parametrize("text", ["quarterdeck", "U0SAM> <!channel", "<!here>", "S0ONCALL", "u0sam", "U0SAM\n"])
def test_what_is_no_user_id_mentions_nobody(text: str) -> None:
    assert mention(text) == text
    assert mention("U0SAM") == "<@U0SAM>"


@pytest.mark.parametrize(("words", "text"), [("a", "a"), ("ab", "a or b"), ("abc", "a, b or c")])
def test_lists_read_as_people_say_them(words: str, text: str) -> None:
    assert listed(words) == text


@pytest.mark.parametrize(
    ("roles", "besides", "asked"),
    [
        (["sre"], [], "<@U0SAM>, <@U0ROBIN> or <@U0BOT>"),
        (["sre"], ["U0SAM"], "<@U0ROBIN>, <@U0BOT> or <@U0OLGA>"),
        (["dba"], ["U0DANA"], KEEPER),
        (["developer"], [], KEEPER),
        (["no such role"], [], KEEPER),
    ],
)
def test_whom_to_ask(roles: list[str], besides: list[str], asked: str) -> None:
    assert whom_to_ask(config(), membership(), roles, besides=besides) == asked


def test_a_group_that_nobody_has_read_yet_names_nobody() -> None:
    known = without(membership(), "S0ONCALL")
    assert whom_to_ask(config(), known, ["sre"], besides=["U0SAM"]) == "<@U0ROBIN> or <@U0BOT>"


@pytest.mark.parametrize("ending", [None, Ending("the record was edited")])
def test_what_nobody_ended_names_nobody(ending: Ending | None) -> None:
    cancelled = transitions.cancel(awaiting(), "U0DANA", "enough", NOW).after
    said = how_it_stands(replace(cancelled, ending=ending))
    assert said == "op-7k3f was cancelled: nothing was changed. Ask for it anew if it is still wanted."
