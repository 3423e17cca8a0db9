"""Two Redis servers, one of which follows the other, and three Sentinels that have the follower take over; over TLS if asked."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any, Self

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from quarterdeck.supervisor.redis import find
from tests.harness.guarded_redis import ADMIN, ENCODED, PASSWORD, USER, Certificates
from tests.harness.ports import free_ports
from tests.harness.processes import Child, wait_until
from tests.harness.redis import RedisServer

NAME = "mymaster"
THEIRS = "the-sentinels-own"
SECONDS = 30.0
DOWN_AFTER = 1000
"""Milliseconds without an answer after which a Sentinel takes a server to be down."""


LEAST = "-@all +sentinel|masters +sentinel|slaves"
"""What Quarterdeck's own user may do on a Sentinel, where it has one."""


class Follower(RedisServer):
    """A server with the user that Quarterdeck is; it follows ``master`` if there is one."""

    def __init__(self, rules: Sequence[str], certificates: Certificates | None, master: int | None = None) -> None:
        self._master, self._rules, self._certificates = master, rules, certificates
        super().__init__(appendonly=True, password=ADMIN)

    def start(self) -> None:
        """With its user: users are not replicated, and this one keeps none on its disk."""
        super().start()
        with closing(self.client()) as admin:
            admin.execute_command("ACL", "SETUSER", USER, "reset", "on", f">{PASSWORD}", *self._rules)

    def client(self) -> Redis:
        if not self._certificates:
            return super().client()
        own = self._certificates.client
        return Redis(
            port=self.port, password=ADMIN, retry=Retry(NoBackoff(), 0), socket_timeout=5, host="127.0.0.1", **own
        )

    def _command(self) -> list[str]:
        options = {"masterauth": ADMIN, "repl-diskless-sync-delay": "0"}
        options |= {"replicaof": f"127.0.0.1 {self._master}"} if self._master else {}
        options |= self._certificates.server(self.port) if self._certificates else {}
        return [*super()._command(), *(part for key, value in options.items() for part in (f"--{key}", value))]


class Sentinel:
    """One of them. It knows the master by its port, and takes ``ADMIN`` for its password."""

    def __init__(self, folder: Path, port: int, master: int, quorum: int, certificates: Certificates | None) -> None:
        self.port, self._certificates = port, certificates
        lines = [f"{key} {value}" for key, value in certificates.server(port).items()] if certificates else []
        file = folder / f"{port}.conf"
        file.write_text(
            f"port {port}\nbind 127.0.0.1\ndir {folder}\nrequirepass {THEIRS}\n"
            f"user {USER} on >{THEIRS} {LEAST}\n"
            f"sentinel sentinel-pass {THEIRS}\nsentinel monitor {NAME} 127.0.0.1 {master} {quorum}\n"
            f"sentinel auth-pass {NAME} {ADMIN}\nsentinel down-after-milliseconds {NAME} {DOWN_AFTER}\n"
            f"sentinel failover-timeout {NAME} 6000\n" + "\n".join(lines) + "\n"
        )
        self._child = Child([find(), str(file), "--sentinel"], folder / f"{port}.log")

    def asked(self, *words: str) -> Any:
        """The answer as it is: redis-py has a form of its own for each word of Sentinel's."""
        tls = self._certificates.client if self._certificates else {}
        with closing(
            Redis(
                port=self.port, password=THEIRS, retry=Retry(NoBackoff(), 0), socket_timeout=5, protocol=3,
                decode_responses=True, host="127.0.0.1", **tls,
            )
        ) as client:  # fmt: skip
            return _raw(client, "SENTINEL", *words)

    def knows(self, others: int, replicas: int) -> bool:
        """Whether it sees so many other Sentinels, and so many servers that follow and have what the master has."""
        try:
            masters, following = self.asked("MASTERS"), self.asked("REPLICAS", NAME)
        except RedisError:
            return False
        whole = [each for each in following if (each["flags"], each["master-link-status"]) == ("slave", "ok")]
        return {m["num-other-sentinels"] for m in masters} == {str(others)} and len(whole) == len(following) == replicas

    def close(self) -> None:
        self._child.kill()


class Sentinels:
    """Use as a context manager. It has the face of a ``RedisServer``: that of whichever is the master.

    With ``certificates`` servers and Sentinels take nothing but TLS, and Quarterdeck has a user of its own on both.
    """

    def __init__(self, rules: Sequence[str], certificates: Certificates | None = None) -> None:
        self._certificates = certificates
        first = Follower(rules, certificates)
        second = Follower(rules, certificates, first.port)
        self.servers = {server.port: server for server in (first, second)}
        self._folder = tempfile.TemporaryDirectory(prefix="sentinels-")
        self.ports = free_ports(3)
        self.sentinels = [Sentinel(Path(self._folder.name), port, first.port, 2, certificates) for port in self.ports]
        self.wait_until_followed()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with ExitStack() as stack:
            stack.callback(self._folder.cleanup)
            for each in (*self.servers.values(), *self.sentinels):
                stack.callback(each.close)

    @property
    def url(self) -> str:
        hosts = ",".join(f"127.0.0.1:{port}" for port in self.ports)
        return f"redis{'s' if self._certificates else ''}+sentinel://{USER}:{ENCODED}@{hosts}/{NAME}/0"

    @property
    def variables(self) -> Mapping[str, str]:
        theirs = {"REDIS_URL": self.url, "REDIS_SENTINEL_PASSWORD": THEIRS}
        if not self._certificates:
            return theirs
        return {**theirs, "REDIS_SENTINEL_USER": USER, **self._certificates.variables}

    @property
    def master(self) -> RedisServer:
        """As most Sentinels have it."""
        told = [sentinel.asked("GET-MASTER-ADDR-BY-NAME", NAME) for sentinel in self.sentinels]
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
        wait_until(lambda: all(sentinel.knows(others=2, replicas=1) for sentinel in self.sentinels), SECONDS)

    def fail_over(self) -> None:
        """As an operator has them change places, while both are well."""
        self.sentinels[0].asked("FAILOVER", NAME)


def _raw(client: Redis, *words: str) -> Any:
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
