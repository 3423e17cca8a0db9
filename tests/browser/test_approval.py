"""The whole approval story on the page, as two people; threads, forms, and what only one of them reads."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.demo import Person

pytestmark = pytest.mark.browser


def test_asked_by_one_approved_by_another_and_carried_out(person: Person) -> None:
    person.say("/deploy web 1.5.0 to prod")
    waiting = person.message("deploy web", "1.5.0 in prod: awaiting approval")
    expect(waiting).to_contain_text("registry.example/web:1.5.0")
    person.press(waiting, "Approve")
    expect(person.message("Only visible to you", "yourself")).to_be_visible()
    person.be("Sam Reliable")
    person.press(person.message("1.5.0 in prod: awaiting approval"), "Approve")
    done = person.ends("1.5.0 in prod", "succeeded")
    expect(done).to_contain_text("3 of 3 pods ready")
    done.get_by_role("button", name="replies").click()
    thread = person.page.get_by_role("log", name="Replies")
    expect(thread.get_by_role("article").filter(has_text="approved deploy web")).to_be_visible()
    person.page.get_by_role("textbox", name="Reply").fill("thank you")
    person.page.get_by_role("textbox", name="Reply").press("Enter")
    expect(thread.get_by_role("article").last).to_contain_text("thank you")
    person.page.get_by_role("button", name="Close the thread").click()
    expect(thread).to_be_hidden()


def test_denied_in_a_form_that_wants_a_reason(person: Person) -> None:
    person.say("/scale jobs 4 in prod")
    person.message("scale jobs", "awaiting approval")
    person.be("Sam Reliable")
    person.press(person.message("scale jobs", "awaiting approval"), "Deny")
    form = person.page.get_by_role("dialog")
    expect(form).to_be_visible()
    reason = form.get_by_role("textbox")
    expect(reason).to_be_focused()
    form.get_by_role("button", name="Deny").click()
    expect(form.get_by_role("alert")).to_have_text("Please complete this required field.")
    expect(reason).to_have_attribute("aria-invalid", "true")
    reason.fill("not on a Saturday")
    form.get_by_role("button", name="Deny").click()
    expect(form).to_be_hidden()
    expect(person.ends("scale jobs", "denied")).to_contain_text("not on a Saturday")


def test_a_guest_may_not_approve_and_is_told_so_alone(person: Person) -> None:
    person.say("/ops restart web in prod")
    person.message("restart web", "awaiting approval")
    person.be("Gil Guest (guest)")
    person.press(person.message("restart web", "awaiting approval"), "Approve")
    private = person.message("Only visible to you", "needs the role")
    told = private.inner_text()
    person.be("Dana Deploy")
    expect(person.messages.filter(has_text=told.splitlines()[-1])).to_have_count(0)
    person.press(person.message("restart web", "awaiting approval"), "Cancel")
    person.ends("restart web", "cancelled")


def test_what_nobody_understands_is_answered_to_its_author_alone(person: Person) -> None:
    person.say("/deploy wbe 1.4.2 to staging")
    expect(person.message("Only visible to you", "wbe")).to_contain_text("web")
    person.be("Rick Rollout")
    expect(person.messages.filter(has_text="wbe")).to_have_count(0)


def test_a_mention_rings_and_what_is_unread_is_marked(person: Person) -> None:
    person.go("general")
    person.say("hello @sam, look at #deploys")
    person.be("Sam Reliable")
    person.go("deploys")
    general = person.page.get_by_role("navigation", name="Channels").get_by_role("button", name="general")
    expect(general).to_contain_text("general")
    person.be("Dana Deploy")
    person.say("@robin are you there?")
    person.go("general")
    person.be("Robin Oncall")
    deploys = person.page.get_by_role("navigation", name="Channels").get_by_role("button", name="deploys")
    expect(deploys).to_contain_text("mentions")
    person.go("deploys")
    expect(person.message("are you there?")).to_contain_text("@Robin Oncall")
    expect(deploys).not_to_contain_text("mentions")
