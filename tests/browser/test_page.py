"""The page itself: for every reader, on every screen, over a line that breaks; and only for pages of its own."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.browser.demo import Demo, Person

pytestmark = pytest.mark.browser
SERIOUS = ("serious", "critical")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_accessible(person: Person, scheme: str) -> None:
    person.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    person.say("/ops status in staging")
    person.message("staging")
    person.say("/scale api 3 in prod")
    person.message("scale api", "awaiting approval").get_by_role("button", name=re.compile(r"^\d+ repl")).click()
    expect(person.page.get_by_role("log", name="Replies").get_by_role("article").first).to_be_visible()
    _no_findings(person)
    person.page.get_by_role("button", name="Close the thread").click()
    person.be("Robin Oncall")
    person.press(person.message("scale api", "awaiting approval"), "Deny")
    expect(person.page.get_by_role("dialog")).to_be_visible()
    _no_findings(person)
    person.page.get_by_role("dialog").get_by_role("textbox").fill("only a rehearsal")
    person.page.get_by_role("dialog").get_by_role("button", name="Deny").click()
    person.ends("scale api", "denied")


def _no_findings(person: Person) -> None:
    found = Axe().run(person.page).response["violations"]
    told = [
        (v["id"], v["impact"], [node["html"][:120] for node in v["nodes"]]) for v in found if v["impact"] in SERIOUS
    ]
    assert not told


def test_a_phone_shows_one_thing_at_a_time_and_nothing_sideways(person: Person) -> None:
    person.page.set_viewport_size({"width": 380, "height": 760})
    person.say("/ops status in staging")
    expect(person.message("staging")).to_be_visible()
    _fits(person)
    person.page.get_by_role("button", name="Cluster and tour").click()
    expect(person.page.get_by_role("heading", name="Cluster main")).to_be_visible()
    expect(person.messages.first).to_be_hidden()
    _fits(person)
    person.page.get_by_role("button", name="Channels", exact=True).click()
    person.go("general")
    _fits(person)


def _fits(person: Person) -> None:
    assert person.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_socket_that_was_lost_is_opened_again_and_what_was_missed_is_shown(
    person: Person, browser: Browser, demo: Demo
) -> None:
    person.page.evaluate("socket.close()")
    expect(person.page.get_by_text("Reconnecting")).to_be_visible()
    context = browser.new_context()
    other = Person(context.new_page())
    other.page.goto(f"{demo.url}?as=rick")
    other.page.locator("#place h2").wait_for()
    other.say("said while you slept")
    expect(person.message("said while you slept")).to_be_visible()
    expect(person.page.get_by_text("Reconnecting")).to_be_hidden()
    expect(person.page.get_by_label("You are").locator("option:checked")).to_have_text("Dana Deploy")
    context.close()


def test_a_press_is_heard_whatever_is_painted_before_its_release(person: Person) -> None:
    page = person.page
    person.say("/scale api 4 in prod")
    approve = person.message("scale api", "awaiting approval").get_by_role("button", name=re.compile("^Approve"))
    approve.hover()
    page.mouse.down()
    page.evaluate(  # all of the channel is painted anew, as somebody else reads it
        """() => new Promise(done => {
            socket.addEventListener("message", () => done(), { once: true });
            send({ do: "be", person: "U0GIL" });
        })"""
    )
    page.mouse.up()
    expect(person.message("Only visible to you", "needs the role")).to_be_visible()
    person.be("Dana Deploy")
    person.press(person.message("scale api", "awaiting approval"), "Cancel")
    person.ends("scale api", "cancelled")


def test_another_site_cannot_play_somebody_here(browser: Browser, demo: Demo) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto("data:text/html,<p>elsewhere")
    outcome = page.evaluate(
        "url => new Promise(done => { const s = new WebSocket(url); s.onopen = () => done('open'); s.onerror = () => done('refused'); })",
        demo.url.replace("http", "ws") + "live?as=dana",
    )
    assert outcome == "refused"
    context.close()


def test_the_cluster_is_shown_as_it_is(person: Person) -> None:
    cluster = person.page.get_by_role("region", name="Clusters")
    web = cluster.get_by_role("listitem").filter(has=person.page.locator("strong", has_text="web")).first
    expect(web).to_contain_text("ready")
    cell = web.get_by_role("button").first
    cell.focus()
    expect(cell).to_have_attribute("aria-label", re.compile("web-.*: ready"))
    expect(cluster).to_contain_text("node-1")


def test_the_pods_are_one_stop_a_group_and_arrows_go_between_them(person: Person) -> None:
    page = person.page
    stops = page.locator(".cell[tabindex='0']")
    expect(stops).to_have_count(3)  # staging, prod, the nodes
    stops.first.focus()
    first = page.locator("[data-cells='main/staging'] .cells").nth(0).get_by_role("button")
    second = page.locator("[data-cells='main/staging'] .cells").nth(1).get_by_role("button")
    expect(first.first).to_be_focused()
    expect(page.get_by_role("tooltip")).to_contain_text(": ready")
    page.keyboard.press("ArrowDown")
    expect(second.first).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(first.last).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowUp")
    expect(first.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(stops.nth(1)).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(second.first).to_be_focused()
