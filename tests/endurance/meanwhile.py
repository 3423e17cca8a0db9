"""Something that happens again and again while something else goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def again_and_again(happens: Callable[[], None], pause: Callable[[], float]) -> Iterator[None]:
    """In a thread of its own; ``pause`` gives the seconds before each time."""
    over = threading.Event()

    def run() -> None:
        while not over.wait(pause()):
            happens()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
