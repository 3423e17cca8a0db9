"""Every “Break something”, in the middle of a rollout: the channel ends true all the same."""

from __future__ import annotations

import itertools

import pytest
from playwright.sync_api import expect

from tests.browser.demo import Person

pytestmark = pytest.mark.browser
BREAKS = (
    "Kill the worker", "Kill the watcher", "Kill the bot", "Restart Redis", "Slack answers 429", "API server answers 500", "A node goes",
)  # fmt: skip
_versions = itertools.cycle(["0.9.4", "0.9.3"])


@pytest.mark.parametrize("button", BREAKS)
@pytest.mark.timeout(150)
def test_the_channel_ends_true(person: Person, button: str) -> None:
    version = next(_versions)
    mine = person.messages.filter(has_text=f"{version} in staging: ")
    known = mine.count()
    person.say(f"/deploy jobs {version} to staging")
    expect(mine).to_have_count(known + 1)
    person.page.get_by_role("button", name=button, exact=True).click()
    happened = person.page.get_by_role("log", name="What happened")
    expect(happened.get_by_role("listitem").first).to_be_visible()
    expect(person.messages.filter(has_text=f"{version} in staging: succeeded")).not_to_have_count(
        known, timeout=100_000
    )
    person.ends(f"{version} in staging", "succeeded")
    shown = (
        person.page.get_by_role("region", name="Clusters")
        .get_by_role("listitem")
        .filter(has_text=f"jobs:{version}")
        .first
    )
    expect(shown).to_contain_text("1 of 1 ready")
