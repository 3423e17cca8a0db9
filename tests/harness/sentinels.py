"""Two Redis servers, one of which follows the other, and three Sentinels that have the follower take over."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Self

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from quarterdeck.supervisor.redis import find
from tests.harness.guarded_redis import ADMIN, ENCODED, PASSWORD, USER
from tests.harness.ports import free_ports
from tests.harness.processes import Child, wait_until
from tests.harness.redis import RedisServer

NAME = "mymaster"
THEIRS = "the-sentinels-own"
SECONDS = 30.0
DOWN_AFTER = 1000
"""Milliseconds without an answer after which a Sentinel takes a server to be down."""


class Follower(RedisServer):
    """A server with the user that Quarterdeck is; it follows ``master`` if there is one."""

    def __init__(self, rules: Sequence[str], master: int | None = None) -> None:
        self._master, self._rules = master, rules
        super().__init__(appendonly=True, password=ADMIN)

    def start(self) -> None:
        """With its user: users are not replicated, and this one keeps none on its disk."""
        super().start()
        with closing(self.client()) as admin:
            admin.execute_command("ACL", "SETUSER", USER, "reset", "on", f">{PASSWORD}", *self._rules)

    def _command(self) -> list[str]:
        following = ["--replicaof", f"127.0.0.1 {self._master}"] if self._master else []
        return [*super()._command(), "--masterauth", ADMIN, "--repl-diskless-sync-delay", "0", *following]


class Sentinels:
    """Use as a context manager. It has the face of a ``RedisServer``: that of whichever is the master."""

    def __init__(self, rules: Sequence[str]) -> None:
        first = Follower(rules)
        self.servers = {first.port: first}
        second = Follower(rules, first.port)
        self.servers[second.port] = second
        self._folder = tempfile.TemporaryDirectory(prefix="sentinels-")
        self.ports = free_ports(3)
        self._children = [self._started(port, first.port) for port in self.ports]
        wait_until(lambda: all(self._is_whole(port) for port in self.ports), SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for child in self._children:
            child.kill()
        for server in self.servers.values():
            server.close()
        self._folder.cleanup()

    @property
    def url(self) -> str:
        hosts = ",".join(f"127.0.0.1:{port}" for port in self.ports)
        return f"redis+sentinel://{USER}:{ENCODED}@{hosts}/{NAME}/0"

    @property
    def variables(self) -> Mapping[str, str]:
        return {"REDIS_URL": self.url, "REDIS_SENTINEL_PASSWORD": THEIRS}

    @property
    def master(self) -> RedisServer:
        """As most Sentinels have it."""
        told = [self._asked(port, "GET-MASTER-ADDR-BY-NAME", NAME) for port in self.ports]
        ports = sorted(int(answer[1]) for answer in told)
        return self.servers[ports[1]]

    @property
    def other(self) -> RedisServer:
        [other] = (server for server in self.servers.values() if server is not self.master)
        return other

    def client(self) -> Redis:
        """The operator's, of the master."""
        return self.master.client()

    def wait_for_another(self, than: RedisServer) -> None:
        """Until the Sentinels agree on another master, and it takes writes."""
        wait_until(lambda: self.master is not than and _role(self.master) == "master", SECONDS)

    def wait_until_followed(self) -> None:
        """Until what does not lead follows whole, and every Sentinel knows it: only then can it take over."""
        wait_until(lambda: all(self._is_whole(port) for port in self.ports), SECONDS)

    def fail_over(self) -> None:
        """As an operator has them change places, while both are well."""
        self._asked(self.ports[0], "FAILOVER", NAME)

    def _started(self, port: int, master: int) -> Child:
        file = Path(self._folder.name, f"{port}.conf")
        file.write_text(
            f"port {port}\nbind 127.0.0.1\ndir {self._folder.name}\nrequirepass {THEIRS}\n"
            f"sentinel sentinel-pass {THEIRS}\nsentinel monitor {NAME} 127.0.0.1 {master} 2\n"
            f"sentinel auth-pass {NAME} {ADMIN}\nsentinel down-after-milliseconds {NAME} {DOWN_AFTER}\n"
            f"sentinel failover-timeout {NAME} 6000\n"
        )
        return Child([find(), str(file), "--sentinel"], Path(self._folder.name, f"{port}.log"))

    def _is_whole(self, port: int) -> bool:
        """Whether this Sentinel sees the others, and a server that follows."""
        try:
            masters = self._asked(port, "MASTERS")
            replicas = self._asked(port, "REPLICAS", NAME)
        except RedisError:
            return False
        others = {m["num-other-sentinels"] for m in masters}
        return (
            others == {"2"}
            and [r["flags"] for r in replicas] == ["slave"]
            and replicas[0]["master-link-status"] == "ok"
        )

    def _asked(self, port: int, *words: str) -> Any:
        with closing(
            Redis(
                port=port,
                password=THEIRS,
                retry=Retry(NoBackoff(), 0),
                socket_timeout=5,
                protocol=3,
                decode_responses=True,
            )
        ) as client:
            return _raw(client, "SENTINEL", *words)


def _raw(client: Redis, *words: str) -> Any:
    """The answer as it is: redis-py has a form of its own for each word of Sentinel's."""
    connection = client.connection_pool.get_connection()
    try:
        connection.send_command(*words)
        return connection.read_response()
    finally:
        connection.disconnect()
        client.connection_pool.release(connection)


def _role(server: RedisServer) -> str:
    try:
        with closing(server.client()) as client:
            return str(client.info("replication")["role"])
    except RedisError:
        return "gone"
