"""What a container printed, line by line; the kubelet writes it, ``kubectl logs`` reads it and follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

Json = dict[str, Any]
Listener = Callable[[], None]


@dataclass(frozen=True)
class LogLine:
    """``time`` is in seconds since 1970; ``text`` has no newline and need not be UTF-8."""

    time: float
    text: bytes


@dataclass
class ContainerLog:
    """One run of a container. Whoever follows is told of each line, and of the end."""

    lines: list[LogLine] = field(default_factory=list)
    ended: bool = False
    listeners: list[Listener] = field(default_factory=list)

    def write(self, time: float, text: str | bytes) -> None:
        self.lines.append(LogLine(time, text.encode() if isinstance(text, str) else text))
        self._tell()

    def end(self) -> None:
        self.ended = True
        self._tell()

    def _tell(self) -> None:
        for listener in list(self.listeners):
            listener()


@runtime_checkable
class LogSource(Protocol):
    """A controller that has this is where the API server asks for logs: the kubelet."""

    def container_log(self, pod: Json, container: str, *, previous: bool) -> ContainerLog:
        """The log of the container's current or previous run.

        Raises StatusError 400 with the kubelet's text where there is none (waiting to start, no previous run).
        """
