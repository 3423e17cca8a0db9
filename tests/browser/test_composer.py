"""The composer: commands completed from the manifest, history, and everything by keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.demo import Person

pytestmark = pytest.mark.browser


def test_commands_are_offered_as_one_types_and_taken_by_keyboard(person: Person) -> None:
    page = person.page
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the composer")).to_be_focused()
    page.keyboard.press("Enter")
    box = page.get_by_role("combobox", name="Message, or a command beginning with /")
    expect(box).to_be_focused()
    page.keyboard.type("/")
    offers = page.get_by_role("listbox").get_by_role("option")
    expect(offers).to_have_count(4)
    page.keyboard.type("sc")
    expect(offers).to_have_count(1)
    expect(offers.first).to_contain_text("WORKLOAD (REPLICAS | [min=COUNT] [max=COUNT]) in ENVIRONMENT")
    page.keyboard.press("Tab")
    expect(box).to_have_value("/scale ")
    page.keyboard.type("web 3 in staging")
    page.keyboard.press("Enter")
    expect(box).to_have_value("")
    person.message("scale web", "in staging: succeeded")
    page.keyboard.press("ArrowUp")
    expect(box).to_have_value("/scale web 3 in staging")
    page.keyboard.press("ArrowDown")
    expect(box).to_have_value("")


def test_a_line_break_is_typed_with_shift(person: Person) -> None:
    box = person.page.get_by_role("combobox", name="Message, or a command beginning with /")
    box.press("Shift+Enter")
    box.type("two")
    expect(box).to_have_value("\ntwo")


def test_a_reload_keeps_the_history_and_the_channel(person: Person) -> None:
    person.go("general")
    person.say("one")
    person.say("two")
    person.message("two")
    person.page.reload()
    expect(person.page.locator("#place h2")).to_contain_text("general")
    box = person.page.get_by_role("combobox", name="Message, or a command beginning with /")
    box.press("ArrowUp")
    expect(box).to_have_value("two")
    box.press("ArrowUp")
    expect(box).to_have_value("one")


def test_an_unknown_command_is_refused_as_slack_refuses_it(person: Person) -> None:
    person.say("/nosuch thing")
    expect(person.message("Only visible to you", "/nosuch is not a valid command")).to_be_visible()
