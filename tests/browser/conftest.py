"""One demo a worker, one browser; a tab of its own for each test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.demo import Demo, Person

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


def find_chromium() -> str | None:
    """Path of a Chromium: the one that ``CHROMIUM`` names, else one on the PATH."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(
    scope="package"
)  # to its end this thread has a running event loop, and others' tests want to run their own
def browser() -> Iterator[Browser]:
    program = find_chromium()
    if program is None:
        told = "install Chromium (apt-get install chromium), or let CHROMIUM name the program"
        pytest.fail(told) if os.environ.get("CI") else pytest.skip(told)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield started
        started.close()


@pytest.fixture(scope="package")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    started = Demo(tmp_path_factory.mktemp("demo"))
    started.ready()
    yield started
    started.child.terminate(12)


@pytest.fixture
def person(browser: Browser, demo: Demo) -> Iterator[Person]:
    """Dana, in the channel; what the page's script complains of fails the test."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, locale="en-GB", timezone_id="Europe/Amsterdam"
    )
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "console",
        lambda said: wrong.append(said.text) if said.type == "error" and "WebSocket" not in said.text else None,
    )
    page.goto(f"{demo.url}?as=dana")
    page.locator("#place h2").wait_for()
    yield Person(page)
    context.close()
    assert not wrong


@pytest.fixture
def kubeconfig(demo: Demo) -> Path:
    return Path(demo.kubeconfig)
