"""Reading the channel by keyboard, by ear and by clock: the page over a workspace alone, with an app that the test plays."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from slack_sdk import WebClient

from playground.page import Page as Served
from playground.workspace import Channel, Workspace

pytestmark = pytest.mark.browser
BUTTONS = [
    {"type": "button", "action_id": id, "text": {"type": "plain_text", "text": id}} for id in ("approve", "deny")
]


@dataclass
class Room:
    """A channel with one reader, ``dana``, and an app that posts."""

    page: Page
    channel: Channel
    app: WebClient

    def post(self, text: str, *buttons: dict[str, object], thread: str | None = None) -> str:
        """Its ts, once it is on the page."""
        blocks = self._blocks(text, *buttons)
        ts = self.app.chat_postMessage(channel=self.channel.id, text=text, blocks=blocks, thread_ts=thread)["ts"]
        if not thread:
            self.message(text)
        return str(ts)

    def edit(self, ts: str, text: str, *buttons: dict[str, object]) -> None:
        self.app.chat_update(channel=self.channel.id, ts=ts, text=text, blocks=self._blocks(text, *buttons))
        self.message(text)

    def message(self, text: str) -> Locator:
        found = self.page.get_by_role("log", name="Messages").get_by_role("article").filter(has_text=text)
        expect(found).to_be_visible()
        return found

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def _blocks(self, text: str, *buttons: dict[str, object]) -> list[dict[str, object]]:
        section = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
        return [section, {"type": "actions", "elements": list(buttons)}] if buttons else [section]


@pytest.fixture
def room(browser: Browser) -> Iterator[Room]:
    with Workspace() as workspace:
        workspace.install_all(["/deploy"])
        dana = workspace.add_user("dana", real_name="Dana Deploy")
        channel = workspace.add_channel("deploys", [dana])
        context = browser.new_context(locale="en-GB", timezone_id="Asia/Tokyo")
        with Served(workspace) as served:
            page = context.new_page()
            page.goto(served.url)
            page.locator("#place h2").wait_for()
            yield Room(page, channel, WebClient(workspace.bot_token, base_url=workspace.url))
            context.close()


def test_messages_are_one_stop_and_arrows_go_between_them(room: Room) -> None:
    for text in ("one", "two", "three"):
        room.post(text, *BUTTONS)
    composer = room.page.get_by_role("combobox", name="Message")
    composer.focus()
    room.press("Shift+Tab")
    expect(room.message("three")).to_be_focused()
    room.press("ArrowUp", "ArrowUp", "ArrowUp")
    expect(room.message("one")).to_be_focused()
    room.press("ArrowDown")
    expect(room.message("two")).to_be_focused()
    room.press("Tab", "Tab")
    expect(room.message("two").get_by_role("button", name="deny")).to_be_focused()
    room.press("Escape")
    expect(room.message("two")).to_be_focused()
    room.press("End", "Home", "ArrowDown", "Tab", "Tab", "Tab", "Tab")
    expect(composer).to_be_focused()
    room.press("Shift+Tab")
    expect(room.message("two")).to_be_focused()


def test_a_thread_on_a_narrow_screen_takes_the_focus_and_is_left_again(room: Room) -> None:
    room.page.set_viewport_size({"width": 380, "height": 760})
    room.post("an answer", thread=room.post("a question"))
    room.message("a question").get_by_role("button", name="1 reply").click()
    expect(room.page.get_by_role("textbox", name="Reply")).to_be_focused()
    room.page.keyboard.press("Escape")
    expect(room.page.get_by_role("textbox", name="Reply")).to_be_hidden()


def test_a_thread_opens_from_its_message_and_gives_the_focus_back(room: Room) -> None:
    room.post("first")
    root = room.post("second")
    room.post("an answer", thread=root)
    room.message("second").focus()
    expect(room.message("second")).to_contain_text("1 reply")
    room.press("Enter")
    expect(room.page.get_by_role("textbox", name="Reply")).to_be_focused()
    room.press("Escape")
    expect(room.message("second")).to_be_focused()


def test_an_edit_keeps_the_focus_where_it_was_or_on_the_message(room: Room) -> None:
    ts = room.post("waiting", *BUTTONS)
    room.message("waiting").focus()
    room.edit(ts, "still waiting", *BUTTONS)
    expect(room.message("still waiting")).to_be_focused()
    room.press("Tab", "Tab")
    room.edit(ts, "waits on", *BUTTONS)
    expect(room.message("waits on").get_by_role("button", name="deny")).to_be_focused()
    room.edit(ts, "done")
    expect(room.message("done")).to_be_focused()


def test_a_message_that_goes_leaves_the_focus_in_the_composer(room: Room) -> None:
    ts = room.post("soon gone", *BUTTONS)
    room.message("soon gone").focus()
    room.app.chat_delete(channel=room.channel.id, ts=ts)
    expect(room.page.get_by_role("combobox", name="Message")).to_be_focused()


def test_what_is_new_is_said_once_and_edits_are_not(room: Room) -> None:
    heard = room.page.locator("#heard p")
    ts = room.post("planned")
    expect(heard).to_have_text(["Quarterdeck: planned"])
    room.edit(ts, "observing")
    room.post("another")
    expect(heard).to_have_text(["Quarterdeck: planned", "Quarterdeck: another"])


def test_a_message_tells_when_it_was_said_and_an_empty_channel_what_to_do(room: Room) -> None:
    empty = room.page.locator("#messages")
    assert "Type / for the commands" in empty.evaluate("box => getComputedStyle(box, '::before').content")
    room.post("now")
    expect(room.message("now").locator(".by time")).to_have_text(re.compile(r"^\d\d:\d\d$"))


NOON = int(datetime(2026, 11, 28, 12, 0, 5, tzinfo=ZoneInfo("Asia/Tokyo")).timestamp())
DAY = 86400


@pytest.mark.parametrize(
    ("at", "form", "shown"),
    [
        (NOON, "{date_pretty} at {time}", "Today at 12:00"),
        (NOON - 13 * 3600, "{date_short_pretty}", "Yesterday"),
        (NOON + 12 * 3600, "since {date_long_pretty}", "since tomorrow"),
        (NOON - 2 * DAY, "{date_pretty}", "November 26th, 2026"),
        (NOON - 5 * DAY, "{date_long}", "Monday, November 23rd, 2026"),
        (NOON - 5 * DAY, "{day_divider_pretty}", "Monday, November 23rd"),
        (NOON - 2 * DAY, "{date_short_pretty} {time_secs}", "Nov 26, 2026 12:00:05"),
        (NOON, "{date_num} {date_slash} {date_long_full}", "2026-11-28 28/11/2026 November 28, 2026"),
        (NOON - 190, "{ago}, {nosuch}", "3 minutes ago, {nosuch}"),
        (NOON + 7200, "{ago}", "in 2 hours"),
    ],
)
def test_dates_are_the_readers_own(room: Room, at: int, form: str, shown: str) -> None:
    room.page.clock.set_fixed_time(NOON)
    room.app.chat_postMessage(channel=room.channel.id, text=f"<!date^{at}^{form}|never shown>")
    expect(room.page.locator(".message .body time")).to_have_text(shown)
