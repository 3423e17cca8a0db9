"""The demo as a newcomer meets it: how long until the page can be used, and from Enter to the answer on it."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.bench.memory import rss
from tests.bench.table import Row
from tests.browser.conftest import find_chromium
from tests.browser.demo import Demo

TIMES = 15
ANSWERS = {
    "/ops status web in staging": "from Enter to the status on the page",
    "/scale web 2 in staging": "from Enter to the acknowledgement on the page",
}
_WATCH = """(text) => new Promise((done) => {
  const log = document.querySelector("#messages"), box = document.querySelector("#say"), known = log.children.length;
  const seen = new MutationObserver(() => {
    if (log.children.length > known) { seen.disconnect(); requestAnimationFrame(() => done(performance.now() - begun)); }
  });
  seen.observe(log, { childList: true, subtree: true });
  box.value = text;
  const begun = performance.now();
  box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
})"""
"""Milliseconds from the key to the frame that shows a new message."""


def rows() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        with _started(Path(folder)) as (demo, begun):
            page = browser.new_page()
            page.goto(f"{demo.url}?as=dana")
            page.get_by_text("#deploys").first.wait_for()
            usable = time.perf_counter() - begun
            demo.ready()
            ready = time.perf_counter() - begun
            found = [Row(what, statistics.median(_answers(page, text))) for text, what in ANSWERS.items()]
            used = Row(
                "memory (RSS) of the demo: page, workspace and simulated cluster", rss(demo.child.pid), unit="MB"
            )
        browser.close()
    waits = [
        Row("from `quarterdeck demo` to the page", usable, unit="s"),
        Row("from `quarterdeck demo` to all ready", ready, unit="s"),
    ]
    return [*waits, *found, used]


@contextmanager
def _started(folder: Path) -> Iterator[tuple[Demo, float]]:
    begun = time.perf_counter()
    demo = Demo(folder)
    try:
        yield demo, begun
    finally:
        demo.child.terminate(12)


def _answers(page: Page, text: str) -> list[float]:
    found = []
    for _ in range(TIMES):
        found.append(float(page.evaluate(_WATCH, text)))
        page.wait_for_timeout(700)  # one question a time: what is measured is an answer, not a queue
    return found
