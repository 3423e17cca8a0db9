"""The one place that opens Redis, and turns its errors into ours."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files
from typing import Any, TypeVar

import redis
from redis.backoff import ExponentialBackoff, NoBackoff
from redis.exceptions import AuthenticationError, NoPermissionError, NoScriptError, RedisError
from redis.maint_notifications import MaintNotificationsConfig
from redis.retry import Retry
from redis.sentinel import Sentinel

from commands.errors import StoreRefused, StoreUnavailable
from commands.store.address import Address, Login

OLDEST = (6, 2)
"""The oldest Redis that RQ's intermediate queue needs."""


C = TypeVar("C", bound=redis.Redis)


class Client(redis.Redis):
    """A redis client whose failures are ``StoreUnavailable``: whoever calls needs to know no other kind."""

    def execute_command(self, *args: Any, **options: Any) -> Any:
        try:
            return super().execute_command(*args, **options)  # type: ignore[no-untyped-call]
        except NoScriptError:
            raise  # redis-py itself answers this one by loading the script
        except RedisError as error:
            raise translated(error) from error

    def pipeline(self, transaction: bool = True, shard_hint: Any = None) -> Pipeline:
        return Pipeline(self.connection_pool, self.response_callbacks, transaction, shard_hint)


class Pipeline(redis.client.Pipeline):
    """It sends its commands past ``execute_command``, so that its failures are translated here."""

    def execute(self, raise_on_error: bool = True) -> list[Any]:
        try:
            return list(super().execute(raise_on_error))
        except RedisError as error:
            raise translated(error) from error


def translated(error: RedisError) -> StoreUnavailable:
    """Raise it from that ``error``."""
    return StoreRefused() if isinstance(error, AuthenticationError | NoPermissionError) else StoreUnavailable()


At = Address | str
"""A URL alone is read as ``REDIS_URL`` is, with no other variable beside it."""


def hurried(at: At) -> Client:
    """For listeners, who have to answer within 3 s: no retries, 300 ms at most a call."""
    return opened(Client, at, 0.3, decode_responses=True)


def patient(at: At) -> Client:
    """For background work: a restart of Redis is waited out for a moment."""
    retry = Retry(ExponentialBackoff(cap=0.5, base=0.05), 3)
    return opened(Client, at, 5, connecting=2, retry=retry, decode_responses=True)


def opened(
    kind: type[C],
    at: At,
    seconds: float,
    *,
    connecting: float | None = None,
    retry: Retry | None = None,
    **options: Any,
) -> C:
    """A client that connects when it is first used. ``seconds``: how long it waits for an answer, and to connect.

    Without ``retry`` it tries once. Raises ``ConfigError``.
    """
    at = Address.read({"REDIS_URL": at}) if isinstance(at, str) else at
    options |= _shown(at.login) | _patience(seconds, connecting, retry) | _tls(at)
    options["db"] = at.database
    if at.socket:
        return kind(unix_socket_path=at.socket, **options)
    if at.name:
        found: C = _sentinels(at, min(seconds, SENTINEL_SECONDS)).master_for(at.name, kind, **options)
        return found
    [(host, port)] = at.hosts
    return kind(host=host, port=port, **options)


SENTINEL_SECONDS = 0.2
"""How long each Sentinel is waited for: the next one knows as well, and a listener has no time."""


def _sentinels(at: Address, seconds: float) -> Any:
    known = _shown(at.sentinels) | _patience(seconds) | _tls(at)
    return Sentinel(at.hosts, sentinel_kwargs=known)  # type: ignore[no-untyped-call]


def replicas(at: Address) -> tuple[Address, ...]:
    """What stands by to take over, as the Sentinels know it; nothing where there are none."""
    if not at.name:
        return ()
    found = _sentinels(at, SENTINEL_SECONDS).discover_slaves(at.name)
    return tuple(replace(at, hosts=((host, port),), name=None) for host, port in found)


def _shown(login: Login) -> dict[str, Any]:
    return {"username": login.user, "password": login.password}


def _patience(seconds: float, connecting: float | None = None, retry: Retry | None = None) -> dict[str, Any]:
    # Without what redis-py would tell of itself: to look that up takes it longer than to connect.
    return {
        "socket_timeout": seconds,
        "socket_connect_timeout": connecting or seconds,
        "retry": retry or Retry(NoBackoff(), 0),
        "driver_info": None,
        "maint_notifications_config": MaintNotificationsConfig(enabled=False),  # asked for with each connection
    }


def _tls(at: Address) -> dict[str, Any]:
    """The certificate is always looked at, and the host's name in it."""
    if not at.tls:
        return {}
    return {"ssl": True, "ssl_ca_certs": at.tls.ca, "ssl_certfile": at.tls.certificate, "ssl_keyfile": at.tls.key}


PRELUDES = {
    "transition": ("chain", "turns", "tell"),
    "append": ("chain",),
    "lock": ("chain", "tell"),
    "notice": ("chain",),
}
"""Scripts that begin with others': Redis knows no libraries (its functions would outlive an upgrade)."""


class Wire:
    """A client, our prefix, and our scripts. Every key that Quarterdeck owns begins with the prefix."""

    def __init__(self, client: Client, prefix: str = "quarterdeck:") -> None:
        # Any: redis-py annotates every answer with the types of all its modes, bytes and awaitables included.
        self.client: Any = client
        self.prefix = prefix
        self._scripts: dict[str, Any] = {}

    def key(self, *parts: str) -> str:
        return self.prefix + ":".join(parts)

    def run(self, script: str, *args: str | bytes | float) -> Any:
        """Run ``scripts/<script>.lua``; it finds the prefix in ``ARGV[1]``, the arguments from ``ARGV[2]`` on.

        Keys are made inside the script from the prefix, which Redis Cluster would forbid: RQ does not run there either.
        """
        if script not in self._scripts:
            scripts = files("commands.store").joinpath("scripts")
            sources = [scripts.joinpath(f"{name}.lua").read_text() for name in (*PRELUDES.get(script, ()), script)]
            self._scripts[script] = self.client.register_script("".join(sources))
        return self._scripts[script](keys=(), args=(self.prefix, *args))
