"""A private Redis server: a real one, since queues and locks depend on what a real one does."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.retry import Retry

from quarterdeck.supervisor.redis import find
from tests.harness.ports import free_ports
from tests.harness.processes import Child

_START_SECONDS = 45.0
LENT = "TESTS_REDIS_PORT"
"""Names, to a process that runs a single test, the port of a server that the process which asked for it lends."""


class RedisServer:
    """redis-server (or valkey-server) on a free loopback port with a folder of its own. Dies with this process."""

    def __init__(self, *, appendonly: bool = False, password: str | None = None) -> None:
        """Start it. `appendonly` fsyncs every write, so that data survives `kill`; else data goes with the process."""
        self._program = find()
        self._folder = tempfile.TemporaryDirectory(prefix="redis-")
        self._appendonly = appendonly
        self._password = password
        [self.port] = free_ports(1)
        self.start()

    @property
    def url(self) -> str:
        """Address with the password and database 0, as in REDIS_URL."""
        login = f":{self._password}@" if self._password else ""
        return f"redis://{login}127.0.0.1:{self.port}/0"

    @property
    def variables(self) -> Mapping[str, str]:
        """What a process has in its environment to find it."""
        return {"REDIS_URL": self.url}

    @property
    def pid(self) -> int:
        """The server's process id."""
        return self._child.pid

    def client(self) -> Redis:
        """Open a new client that answers with bytes and fails at once when the server is gone. Close it after use."""
        return Redis.from_url(self.url, retry=Retry(NoBackoff(), 0), socket_timeout=5)

    def start(self) -> None:
        """Start again after `stop` or `kill`: same port, same data folder."""
        self._child = Child(self._command(), Path(self._folder.name, "redis.log"))
        self._child.wait_until(self._answers, _START_SECONDS)

    def stop(self) -> None:
        """SIGTERM: connections close, what is only in memory is lost unless `appendonly`."""
        self._child.terminate()

    def kill(self) -> None:
        """SIGKILL, as a machine that loses power."""
        self._child.kill()

    def close(self) -> None:
        """Stop for good and delete the data."""
        self.stop()
        self._folder.cleanup()

    def __enter__(self) -> Self:
        """Already started."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    def _command(self) -> list[str]:
        options = {
            "bind": "127.0.0.1",
            "port": str(self.port),
            "dir": self._folder.name,
            "save": "",
            "appendonly": "yes" if self._appendonly else "no",
            "appendfsync": "always",
        }
        if self._password:
            options["requirepass"] = self._password
        return [self._program, *(part for key, value in options.items() for part in (f"--{key}", value))]

    def _answers(self) -> bool:
        client = self.client()
        try:
            return bool(client.ping())
        except RedisConnectionError:  # not listening yet, or still loading its data
            return False
        finally:
            client.close()


class LentRedis(RedisServer):
    """Another process's: it is neither started nor ended here."""

    def __init__(self, port: int) -> None:
        self.port, self._password = port, None
