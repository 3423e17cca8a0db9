"""What containers print: by their image, as time goes on; or what a test says that all of them have printed."""

from __future__ import annotations

from dataclasses import dataclass, field

from playground.cluster.clock import Clock
from playground.cluster.kubelet.images import Image
from playground.cluster.wire.logsource import ContainerLog, LogLine

KEPT_LINES = 2000
"""Older ones are gone, as when a log is rotated."""


@dataclass
class RunLog(ContainerLog):
    """The log of one run. Its chatter is written when somebody reads, and by a timer only while somebody follows."""

    image: Image = field(kw_only=True)
    clock: Clock = field(kw_only=True)
    written_until: float = 0.0
    _turn: int = 0
    _ticking: bool = False

    def begin(self, now: float) -> None:
        self.written_until = now
        self.lines += [LogLine(now, text.encode()) for text in self.image.log]

    def end(self) -> None:
        self._catch_up()
        super().end()

    def read(self) -> ContainerLog:
        """Itself, up to now and on while it is followed."""
        self._catch_up()
        if not self._ticking:
            self._ticking = True
            self._tick()
        return self

    def _catch_up(self) -> None:
        image = self.image
        if self.ended or not image.chatter:
            return
        missing = int((self.clock.now() - self.written_until) // image.chatter_seconds)
        skipped = max(0, missing - KEPT_LINES)
        self.written_until += skipped * image.chatter_seconds
        self._turn += skipped
        for _ in range(missing - skipped):
            self.written_until += image.chatter_seconds
            self.write(self.written_until, image.chatter[self._turn % len(image.chatter)])
            self._turn += 1

    def _tick(self) -> None:
        if self.ended or not self.image.chatter:
            self._ticking = False
            return
        self.clock.after(self.written_until + self.image.chatter_seconds - self.clock.now(), self._ticked)

    def _ticked(self) -> None:
        self._catch_up()
        if self.listeners:
            self._tick()
        else:
            self._ticking = False


class SpokenLogs:
    """Instead of their own logs all containers have these lines, once any were given: for tests. Callable from any thread."""

    def __init__(self) -> None:
        self._lines: dict[bool, tuple[bytes, ...]] = {}
        self.time: float | None = None
        """When they were printed, in seconds since 1970; None: when the run began."""

    def reset(self) -> None:
        """Back to what their images print."""
        self._lines = {}

    def write(self, *lines: str, previous: bool = False) -> None:
        """Replace the log of all running containers, or of all previous runs."""
        self._lines = {**self._lines, previous: tuple(line.encode() for line in lines)}

    def write_bytes(self, content: bytes) -> None:
        """Replace the current log by one line of bytes, for what is not UTF-8."""
        self._lines = {**self._lines, False: (content,)}

    def of(self, began: float, *, previous: bool) -> ContainerLog | None:
        """As the log of a run that began then."""
        lines = self._lines.get(previous)
        if lines is None:
            return None
        return ContainerLog([LogLine(self.time or began, line) for line in lines], ended=True)
