"""Every step of the tour, as a newcomer takes it: the page puts the words into the composer, the person sends them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.demo import Person

pytestmark = pytest.mark.browser


@pytest.fixture
def tour(person: Person) -> Locator:
    found = person.page.get_by_role("region", name="Tour")
    found.get_by_role("button", name="Take the tour").click()
    expect(found).to_contain_text("Step 1 of")
    return found


def step(person: Person, tour: Locator, number: int) -> None:
    """Go to the step, become whom it asks for, and send what it says."""
    for passed in range(1, number):
        tour.get_by_role("button", name="Next").click()
        expect(tour).to_contain_text(f"Step {passed + 1} of")
    become = tour.get_by_role("button", name="Become")
    if become.count():
        become.click()
        expect(become).to_have_count(0)
    tour.get_by_role("button", name="Put it in the composer").click()
    person.page.keyboard.press("Enter")


def test_a_good_deploy_and_the_same_in_prod(person: Person, tour: Locator) -> None:
    step(person, tour, 1)
    person.ends("1.4.2 in staging", "succeeded")
    step(person, tour, 2)
    person.message("1.4.2 in prod: awaiting approval")
    person.be("Sam Reliable")
    person.press(person.message("1.4.2 in prod: awaiting approval"), "Approve")
    person.ends("1.4.2 in prod", "succeeded")


def test_a_broken_image_and_the_way_back(person: Person, tour: Locator) -> None:
    step(person, tour, 3)
    broken = person.ends("1.4.3 in staging", "failed")
    expect(broken).to_contain_text("registry.example/web:1.4.3")
    person.press(broken, "Roll back")
    person.ends("rollback web", "succeeded")


def test_it_changes_while_it_waits(person: Person, tour: Locator) -> None:
    step(person, tour, 4)
    person.message("deploy api", "awaiting approval")
    tour.get_by_role("button", name="Change it behind").click()
    expect(person.page.get_by_role("status").filter(has_text="LOG_LEVEL")).to_be_visible()
    drifted = person.message("deploy api", "awaiting approval", "LOG_LEVEL", "0 of 1 approval", "3 replies")
    person.press(drifted, "Cancel")
    person.ends("deploy api", "cancelled")


def test_an_approval_that_is_refused(person: Person, tour: Locator) -> None:
    step(person, tour, 5)
    person.message("scale jobs", "awaiting approval")
    person.be("Sam Reliable")
    person.press(person.message("scale jobs", "awaiting approval"), "Deny")
    form = person.page.get_by_role("dialog")
    form.get_by_role("textbox").fill("not now")
    form.get_by_role("button", name="Deny").click()
    person.ends("scale jobs", "denied")


def test_something_breaks_in_the_middle(person: Person, tour: Locator) -> None:
    step(person, tour, 7)
    person.message("1.5.0 in staging")
    person.page.get_by_role("button", name="Kill the worker").click()
    expect(person.page.get_by_role("log", name="What happened").get_by_role("listitem").first).to_be_in_viewport()
    person.ends("1.5.0 in staging", "succeeded")


def test_more_than_the_nodes_hold(person: Person, tour: Locator) -> None:
    step(person, tour, 6)
    scaling = person.message("scale api", "60")
    expect(person.page.locator(".cell.waiting").first).to_be_visible()
    expect(scaling).to_contain_text("3 of 3 nodes have too little cpu")
    person.press(scaling, "Stop following")
    person.press(person.ends("60 replicas in staging", "cancelled"), "Roll back")
    person.ends("scale api 60", "succeeded")
