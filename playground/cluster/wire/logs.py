"""``pods/log``: what a container printed, from where the client wants it, and on while it runs."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from playground.cluster.clock import parse
from playground.cluster.kind import Kind
from playground.cluster.status import bad_request, not_simulated
from playground.cluster.verbs import Verbs
from playground.cluster.wire.call import Answer, Call, Stream, Write
from playground.cluster.wire.logsource import ContainerLog, LogLine, LogSource

Json = dict[str, Any]
TEXT = "text/plain"


@dataclass(frozen=True)
class Excerpt:
    """``tail`` lines of those since ``since`` (seconds since 1970), at most ``limit`` bytes."""

    tail: int | None
    since: float
    limit: int | None
    timestamps: bool

    def of(self, lines: Sequence[LogLine]) -> list[LogLine]:
        recent = [line for line in lines if line.time >= self.since]
        return recent if self.tail is None else recent[max(0, len(recent) - self.tail) :]

    def printed(self, lines: Iterable[LogLine]) -> bytes:
        return b"".join(self._printed(line) for line in lines)

    def _printed(self, line: LogLine) -> bytes:
        if not self.timestamps:
            return line.text + b"\n"
        whole = datetime.fromtimestamp(int(line.time), UTC).strftime("%Y-%m-%dT%H:%M:%S")
        return f"{whole}.{int(line.time % 1 * 1e9):09d}Z ".encode() + line.text + b"\n"


class Logs:
    def __init__(self, verbs: Verbs, sources: Iterable[LogSource]) -> None:
        self._verbs = verbs
        self._sources = list(sources)

    def answer(self, kind: Kind, call: Call) -> Answer | Stream:
        """Raises StatusError."""
        pod = self._verbs.get(kind, call.asked.namespace, call.asked.name)
        container = _container(pod, call.query.get("container", ""))
        excerpt = self._excerpt(call)
        if not pod["spec"].get("nodeName"):
            return Answer(204, content_type=TEXT)
        if not self._sources:
            raise not_simulated("logs without a kubelet")
        log = self._sources[0].container_log(pod, container, previous=call.flag("previous"))
        if call.flag("follow"):
            return Stream(lambda write: _follow(log, excerpt, write), TEXT)
        return Answer(content=excerpt.printed(excerpt.of(log.lines))[: excerpt.limit], content_type=TEXT)

    def _excerpt(self, call: Call) -> Excerpt:
        seconds, time = _number(call, "sinceSeconds"), call.query.get("sinceTime")
        since = parse(time) if time else 0.0
        if seconds is not None:
            since = self._verbs.clock.now() - seconds
        return Excerpt(_number(call, "tailLines"), since, _number(call, "limitBytes"), call.flag("timestamps"))


async def _follow(log: ContainerLog, excerpt: Excerpt, write: Write) -> None:
    news = asyncio.Event()
    log.listeners.append(news.set)
    try:
        seen = len(log.lines)
        text, sent = excerpt.printed(excerpt.of(log.lines)), 0
        while True:
            text = text if excerpt.limit is None else text[: excerpt.limit - sent]
            sent += len(text)
            if text:
                await write(text)
            if (log.ended and seen == len(log.lines)) or sent == excerpt.limit:
                return
            if seen == len(log.lines):
                news.clear()
                await news.wait()
            text, seen = excerpt.printed(log.lines[seen:]), len(log.lines)
    finally:
        log.listeners.remove(news.set)


def _container(pod: Json, wanted: str) -> str:
    """Raises StatusError 400 with the API server's words if it is not clear or not there."""
    usual, first = _names(pod, "containers"), _names(pod, "initContainers")
    if wanted:
        if wanted not in (*usual, *first, *_names(pod, "ephemeralContainers")):
            raise bad_request(f"container {wanted} is not valid for pod {pod['metadata']['name']}")
        return wanted
    if len(usual) == 1:
        return usual[0]
    choice = " ".join((*first, *usual))
    raise bad_request(
        f"a container name must be specified for pod {pod['metadata']['name']}, choose one of: [{choice}]"
    )


def _names(pod: Json, part: str) -> list[str]:
    return [container["name"] for container in pod["spec"].get(part) or []]


def _number(call: Call, name: str) -> int | None:
    text = call.query.get(name)
    if text is None:
        return None
    try:
        return int(text)
    except ValueError:
        raise bad_request(f'strconv.ParseInt: parsing "{text}": invalid syntax') from None
