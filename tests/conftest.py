"""Fixtures that every kind of test may ask for; which tests keep together, and which begin; in CI a skip is a failure."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
from xdist.scheduler.loadscope import LoadScopeScheduling

pytest_plugins = ["tests.harness.fixtures"]

# In CI the same examples each time: a red run is a fault of the change. Elsewhere new ones, which find more.
# Nowhere is it one that the machine has much else to do.
hypothesis.settings.register_profile(
    "here",
    derandomize=bool(os.environ.get("CI")),
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("here")

BROWSER = "tests/browser/"
FIRST = (BROWSER, "tests/faults/test_bot_dies.py", "tests/faults/test_worker_dies.py")
"""They take minutes and mostly wait: begun first, they leave the processors to the others; begun last, they are waited for."""


class ByFile(LoadScopeScheduling):
    """As ``--dist loadfile``, but all of the browser's tests go to one process, which starts the one demo for them."""

    def _split_scope(self, nodeid: str) -> str:
        return BROWSER if nodeid.startswith(BROWSER) else nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile | None:
    return ByFile(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.nodeid.startswith(FIRST))


def pytest_configure() -> None:
    """A shell has what it runs in the background ignore Ctrl-C, and children inherit that: what tests start minds it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _process_stays() -> Iterator[None]:
    """Whoever runs a process of ours in this one sets up its log and its signals: the next test finds what was before."""
    root, hook = logging.getLogger(), threading.excepthook
    handlers, level = root.handlers[:], root.level
    signals = [(number, signal.getsignal(number)) for number in (signal.SIGINT, signal.SIGTERM)]
    yield
    root.handlers[:], root.level, threading.excepthook = handlers, level, hook
    for number, handler in signals:
        signal.signal(number, handler)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Iterator[Any]:
    """A skip hides in a green run: where everything is there to run it, it counts as failed."""
    report = yield
    if report.skipped and os.environ.get("CI") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
    return report
