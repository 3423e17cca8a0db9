"""Free TCP ports on 127.0.0.1."""

import itertools
import os
import random
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack

# Below the range from which systems take ports for outgoing connections (Linux 32768+, macOS 49152+): a server
# that is stopped and started again on its port must not find somebody's client connection sitting there.
_FIRST, _LAST = 20_000, 32_000
_SHARES = 8
"""Workers of pytest-xdist that take ports side by side, each from a share of its own: between the choice of a port and
its use a second may pass, in which another would find it free too."""
_share = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % _SHARES
_mine = range(_FIRST + (_LAST - _FIRST) // _SHARES * _share, _FIRST + (_LAST - _FIRST) // _SHARES * (_share + 1))
_turn = threading.Lock()


def _somewhere() -> Iterator[int]:
    """Runs side by side, and forks one after the other, begin elsewhere."""
    start = random.SystemRandom().randrange(len(_mine))
    return itertools.cycle([*_mine[start:], *_mine[:start]])


_cursor = _somewhere()


def _after_fork() -> None:
    global _cursor, _turn
    _cursor, _turn = _somewhere(), threading.Lock()


os.register_at_fork(after_in_child=_after_fork)


def free_ports(count: int) -> list[int]:
    """`count` different ports nobody listens on now, and that this process has not given out for long."""
    with ExitStack() as held:
        return [_bind_somewhere(held) for _ in range(count)]


def _bind_somewhere(held: ExitStack) -> int:
    while True:
        with _turn:
            port = next(_cursor)
        candidate = held.enter_context(socket.socket())
        try:
            candidate.bind(("127.0.0.1", port))
        except OSError:
            continue
        return port
