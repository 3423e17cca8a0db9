from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from playground.workspace import Workspace


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    with Workspace() as started:
        yield started


@pytest.fixture
def threading_event() -> threading.Event:
    return threading.Event()
