"""Sealing blocks: the last resort where all of them together are more than Slack takes."""

from __future__ import annotations

from bot.views.buttons import buttons
from bot.views.view import context, section, view
from tests.unit.bot.views import life
from tests.unit.bot.views.reading import screen
from tests.unit.bot.views.slack_rules import problems


def test_what_is_too_heavy_gives_way_and_the_buttons_stay():
    heavy = '"' * 3_000  # two characters each as JSON
    sealed = view(
        "text", (section("head", "head"), section("a", heavy), section("b", heavy + "b"), buttons(life.awaiting()))
    )
    assert problems(sealed.text, sealed.blocks) == []
    told = screen(sealed.blocks).split("\n")
    assert told[0] == "head"
    assert "A part that is too long for Slack is left out here." in told
    assert told[-1] == "[Approve] [Deny] [Cancel]"


def test_what_is_light_enough_stays_whole():
    sealed = view("text", [section(f"s{n}", "x" * 2_500) for n in range(4)])
    assert [block["block_id"] for block in sealed.blocks] == ["s0", "s1", "s2", "s3"]


def test_nothing_to_say_is_no_block():
    assert view("text", (section("a", " \n"), context("b", "", " "), None)).blocks == ()
