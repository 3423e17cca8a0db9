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
BEGINNING = (BROWSER, "tests/faults/", "tests/scenarios/")
"""They mostly wait: for processes, pages and others' patience. The rest computes, and what takes long of it stands at the end."""
END = ("tests/helm/", "tests/contract/", "tests/image/")


class FromBothEnds(LoadScopeScheduling):
    """As ``--dist loadfile``, but every other process takes the last file: while some wait, the others compute.

    They meet, and end, amid what is short. All of the browser's tests go to one process, which starts the one demo for them.
    """

    def _split_scope(self, nodeid: str) -> str:
        return BROWSER if nodeid.startswith(BROWSER) else nodeid.partition("::")[0]

    def _assign_work_unit(self, node: Any) -> None:
        if self.nodes.index(node) % 2:
            self.workqueue.move_to_end(next(reversed(self.workqueue)), last=False)
        super()._assign_work_unit(node)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> FromBothEnds | None:
    return FromBothEnds(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: _place(item.nodeid))


def _place(nodeid: str) -> int:
    """Below zero at the beginning, above zero at the end."""
    begins = {folder: place - len(BEGINNING) for place, folder in enumerate(BEGINNING)}
    ends = {folder: place for place, folder in enumerate(END, 1)}
    return next((place for folder, place in (begins | ends).items() if nodeid.startswith(folder)), 0)


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
