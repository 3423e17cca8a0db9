"""Free TCP ports on 127.0.0.1."""

import random
import socket
from contextlib import ExitStack

# Below the range from which systems take ports for outgoing connections (Linux 32768+, macOS 49152+): a server
# that is stopped and started again on its port must not find somebody's client connection sitting there.
_FIRST, _LAST = 20_000, 32_000
_random = random.SystemRandom()


def free_ports(count: int) -> list[int]:
    """`count` different ports nobody listens on now. They are not reserved: start the servers soon."""
    with ExitStack() as held:
        return [_bind_somewhere(held) for _ in range(count)]


def _bind_somewhere(held: ExitStack) -> int:
    while True:
        port = _random.randint(_FIRST, _LAST)
        candidate = held.enter_context(socket.socket())
        try:
            candidate.bind(("127.0.0.1", port))
        except OSError:
            continue
        return port
