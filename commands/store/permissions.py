"""What Redis's user has to be allowed: no more than what Quarterdeck and RQ do. docs/operations.md shows it as one line.

Nothing that lists keys, empties a database, or changes or reads the server's own settings is among it. Whether a user may
do all of it is asked without doing any of it: Redis judges a command when it is queued in a transaction, and none is ended.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from redis.exceptions import NoPermissionError, RedisError, ResponseError

from commands.store.connection import Wire, translated

KEYED: dict[str, tuple[str, ...]] = {
    # strings, and whatever a key holds
    "del": (), "exists": (), "expire": ("1",), "get": (), "incr": (), "mset": ("1",), "persist": (), "pexpire": ("1",),
    "set": ("1",),
    # hashes
    "hdel": ("f",), "hexists": ("f",), "hget": ("f",), "hgetall": (), "hincrby": ("f", "1"), "hincrbyfloat": ("f", "1"), "hkeys": (),
    "hmget": ("f",), "hset": ("f", "1"),
    # lists: RQ's queues
    "blmove": ("{key}", "LEFT", "RIGHT", "1"), "llen": (), "lrange": ("0", "1"), "lrem": ("1", "1"), "rpush": ("1",),
    # sets
    "sadd": ("1",), "smembers": (), "srem": ("1",),
    # sorted sets
    "zadd": ("1", "1"), "zcard": (), "zrange": ("0", "1"), "zrangebyscore": ("0", "1"), "zrem": ("1",),
    "zremrangebyscore": ("0", "1"), "zrevrange": ("0", "1"), "zscore": ("1",),
    # streams: the audit, and RQ's results
    "xadd": ("*", "f", "1"), "xrange": ("-", "+"), "xrevrange": ("+", "-"),
}  # fmt: skip
"""Commands whose first argument is a key, with arguments that would do after it."""

KEYLESS: dict[str, tuple[str, ...]] = {
    "ping": (), "time": (), "info": ("server",), "publish": ("{channel}", "1"), "subscribe": ("{channel}",), "unsubscribe": (),
    "evalsha": ("0" * 40, "0"), "script|load": ("return 1",), "script|exists": ("0" * 40,),
    "client|setname": ("probe",), "client|info": (),
}  # fmt: skip
TRANSACTIONS = ("multi", "exec", "watch", "unwatch")


def rules(prefix: str) -> tuple[str, ...]:
    """For ``ACL SETUSER``: keys, channels, commands."""
    commands = sorted({*KEYED, *KEYLESS, *TRANSACTIONS})
    return (*_keys(prefix), *_channels(prefix), *(f"+{command}" for command in commands))


def _keys(prefix: str) -> tuple[str, ...]:
    return f"~{prefix}*", "~rq:*"


def _channels(prefix: str) -> tuple[str, ...]:
    return f"&{prefix}bell:*", "&rq:pubsub:*"


def lacking(wire: Wire) -> tuple[str, ...]:
    """The rules that this client's user would need besides. Raises ``StoreUnavailable``, and ``StoreRefused``."""
    pool = wire.client.connection_pool
    try:
        connection = pool.get_connection()
        try:
            return tuple(_lacking(connection, wire.prefix))
        finally:
            connection.disconnect()  # which forgets the transaction that was begun
            pool.release(connection)
    except RedisError as error:
        raise translated(error) from error


def _lacking(connection: Any, prefix: str) -> Iterator[str]:
    keys, channels = ([rule[1:].replace("*", "probe") for rule in of(prefix)] for of in (_keys, _channels))
    key, channel = keys[0], channels[0]
    alone = {"exec": ("EXEC",), "watch": ("WATCH", key), "unwatch": ("UNWATCH",), "multi": ("MULTI",)}
    refused = [command for command, said in alone.items() if _refusals(connection, [said])[0] == "command"]
    yield from (f"+{command}" for command in refused)
    if "multi" in refused:
        return  # what follows would be done, not asked
    asked = {command: (*_words(command), key, *_filled(rest, key, channel)) for command, rest in KEYED.items()}
    asked |= {command: (*_words(command), *_filled(rest, key, channel)) for command, rest in KEYLESS.items()}
    found = dict(zip(asked, _refusals(connection, asked.values()), strict=True))
    yield from (f"+{command}" for command, what in found.items() if what == "command")
    patterns = {f"~{key}": ("EXISTS", key) for key in keys} | {
        f"&{channel}": ("PUBLISH", channel, "1") for channel in channels
    }
    for pattern, what in zip(patterns, _refusals(connection, patterns.values()), strict=True):
        if what in {"key", "channel"}:
            yield pattern.replace("probe", "*")


def _words(command: str) -> tuple[str, ...]:
    return tuple(command.upper().split("|"))


def _filled(words: Iterable[str], key: str, channel: str) -> tuple[str, ...]:
    return tuple(word.format(key=key, channel=channel) for word in words)


def _refusals(connection: Any, asked: Iterable[tuple[str, ...]]) -> list[str]:
    """What each may not: "command", "key", "channel", or nothing."""
    asked = list(asked)
    connection.send_packed_command(connection.pack_commands(asked))
    return [_refusal(connection) for _ in asked]


def _refusal(connection: Any) -> str:
    try:
        connection.read_response()
    except ResponseError as error:
        told = str(error)
        if isinstance(error, NoPermissionError) or "NOPERM" in told:  # EXEC says it as the reason of an abort
            return "command" if " run " in told else "channel" if "channel" in told else "key"
    return ""  # also where it is allowed and not possible just now, as EXEC without MULTI
