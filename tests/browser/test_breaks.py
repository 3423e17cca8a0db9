"""Every “Break something”, in the middle of a rollout: the channel ends true all the same."""

from __future__ import annotations

import itertools
import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.demo import SECONDS, Demo, Person

pytestmark = pytest.mark.browser
BREAKS = (
    "Kill the worker", "Kill the watcher", "Kill the bot", "Restart Redis", "Slack answers 429", "API server answers 500", "A node goes",
)  # fmt: skip
_versions = itertools.cycle(["0.9.4", "0.9.3"])


@pytest.mark.parametrize("button", BREAKS)
def test_the_channel_ends_true(person: Person, demo: Demo, button: str) -> None:
    version = next(_versions)
    mine = person.messages.filter(has_text=f"{version} in staging: ")
    known = mine.count()
    _ask(person, demo, f"/deploy jobs {version} to staging", mine, known + 1)
    person.page.get_by_role("button", name=button, exact=True).click()
    happened = person.page.get_by_role("log", name="What happened")
    expect(happened.get_by_role("listitem").first).to_be_visible()
    expect(mine.last).to_contain_text("succeeded", timeout=100_000)
    expect(mine).to_have_count(known + 1)
    workloads = person.page.get_by_role("region", name="Clusters").get_by_role("listitem")
    expect(workloads.filter(has_text=f"jobs:{version}").first).to_contain_text("1 of 1 ready")


def _ask(person: Person, demo: Demo, text: str, answers: Locator, wanted: int) -> None:
    """Say it; and again once the bot is ready where it was not, for what the test before has broken may still be down."""
    failed = person.messages.filter(has_text=re.compile("failed with the error|my own records"))
    for _ in range(20):
        missed = failed.count()
        person.say(text)
        expect(failed.nth(missed).or_(answers.nth(wanted - 1))).to_be_visible()
        if answers.count() >= wanted:
            return
        demo.child.wait_until(lambda: demo.is_ready("bot"), SECONDS)
    pytest.fail(f"nobody answered {text}")
