"""The one place that opens Redis, and turns its errors into ours."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import redis
from redis.backoff import ExponentialBackoff, NoBackoff
from redis.exceptions import NoScriptError, RedisError
from redis.retry import Retry

from commands.errors import StoreUnavailable

OLDEST = (6, 2)
"""The oldest Redis that RQ's intermediate queue needs."""


class Client(redis.Redis):
    """A redis client whose failures are ``StoreUnavailable``: whoever calls needs to know no other kind."""

    def execute_command(self, *args: Any, **options: Any) -> Any:
        try:
            return super().execute_command(*args, **options)  # type: ignore[no-untyped-call]
        except NoScriptError:
            raise  # redis-py itself answers this one by loading the script
        except RedisError as error:
            raise StoreUnavailable from error

    def pipeline(self, transaction: bool = True, shard_hint: Any = None) -> Pipeline:
        return Pipeline(self.connection_pool, self.response_callbacks, transaction, shard_hint)


class Pipeline(redis.client.Pipeline):
    """It sends its commands past ``execute_command``, so that its failures are translated here."""

    def execute(self, raise_on_error: bool = True) -> list[Any]:
        try:
            return list(super().execute(raise_on_error))
        except RedisError as error:
            raise StoreUnavailable from error


def hurried(url: str) -> Client:
    """For listeners, who have to answer within 3 s: no retries, 300 ms at most a call."""
    return _opened(url, socket_timeout=0.3, socket_connect_timeout=0.3, retry=Retry(NoBackoff(), 0))


def patient(url: str) -> Client:
    """For background work: a restart of Redis is waited out for a moment."""
    retry = Retry(ExponentialBackoff(cap=0.5, base=0.05), 3)
    return _opened(url, socket_timeout=5, socket_connect_timeout=2, retry=retry)


def _opened(url: str, **options: Any) -> Client:
    # Without what redis-py would tell of itself: to look that up takes it longer than to connect.
    client = Client.from_url(url, decode_responses=True, driver_info=None, **options)
    assert isinstance(client, Client)  # noqa: S101 - from_url is annotated with its base class
    return client


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
