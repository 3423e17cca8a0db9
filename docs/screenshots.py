"""Takes the pictures of README and docs from a running demo: ``make pictures``. Needs Chromium, as the browser tests do."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.conftest import find_chromium
from tests.browser.demo import Demo, Person

HERE = Path(__file__).parent / "pictures"
WIDE, PHONE = {"width": 1360, "height": 850}, {"width": 390, "height": 800}


def approval(person: Person) -> None:
    """Production asks: what would change, who asked, and the buttons."""
    expect(person.page.locator(".ready.short")).to_have_count(0)
    person.say("/ops status in prod")
    person.message("prod: all 4 workloads ready")
    person.say("The checkout fix is in *web 1.4.2*. Taking it to prod :rocket:")
    person.message("The checkout fix")
    person.say("/deploy web 1.4.2 to prod")
    person.message("1.4.2 in prod: awaiting approval")
    person.be("Sam Reliable")
    person.message("1.4.2 in prod: awaiting approval")


def rolling(person: Person) -> None:
    """Pods roll: the message follows, the cluster beside it is live."""
    person.press(person.message("1.4.2 in prod: awaiting approval"), "Approve")
    person.message("in prod: observing")
    person.page.locator(".revision.old").first.wait_for()
    person.page.wait_for_timeout(2500)


def broken(person: Person) -> None:
    """An image that is not there: the cause in a sentence, and the way back."""
    person.ends("1.4.2 in prod", "succeeded")
    person.be("Dana Deploy")
    person.say("/deploy web 1.4.3 to staging")
    person.ends("1.4.3 in staging", "failed")
    person.page.wait_for_timeout(1500)


def phone(person: Person) -> None:
    """The same on call, from a phone."""
    person.say("/ops restart api in prod")
    person.message("restart api", "awaiting approval")
    person.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    person.be("Robin Oncall")
    person.page.evaluate("document.querySelector('#messages').scrollTop = 1e9")


PICTURES: tuple[Callable[[Person], None], ...] = (approval, rolling, broken, phone)


def main() -> None:
    HERE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        demo = Demo(Path(folder))
        try:
            demo.ready()
            _take(browser, demo)
        finally:
            demo.child.terminate(12)


def _take(browser: Browser, demo: Demo) -> None:
    page = browser.new_page(viewport=WIDE, color_scheme="light", locale="en-GB")  # type: ignore[arg-type]
    page.goto(f"{demo.url}?as=dana")
    page.locator("#place h2").wait_for()
    for scene in PICTURES:
        scene(Person(page))
        page.mouse.move(0, 0)
        page.wait_for_timeout(400)
        page.screenshot(path=HERE / f"{scene.__name__}.png")


if __name__ == "__main__":
    main()
