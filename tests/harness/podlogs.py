"""What containers printed: the log files that kwok serves as every container's log."""

from pathlib import Path

from tests.harness.api import Json

_TIME = "2026-01-05T08:00:00.000000000Z"


class PodLogs:
    """One log for all running containers and one for all their previous runs, changeable at any time."""

    def __init__(self, folder: Path) -> None:
        """Start with a line in each, so that a test that does not care finds something to read."""
        self._current = folder / "current.log"
        self._previous = folder / "previous.log"
        self.reset()

    def reset(self) -> None:
        """What every test begins with, whatever another wrote before."""
        self.write("listening on :8080")
        self.write("starting", "panic: cannot connect to database", previous=True)

    def write(self, *lines: str, previous: bool = False) -> None:
        """Replace the log, in the format of the container runtime interface."""
        file = self._previous if previous else self._current
        file.write_text("".join(f"{_TIME} stdout F {line}\n" for line in lines))

    def write_bytes(self, content: bytes) -> None:
        """Replace the current log by one line of bytes, for what is not UTF-8."""
        self._current.write_bytes(f"{_TIME} stdout F ".encode() + content + b"\n")

    def configuration(self) -> Json:
        """The document for kwok's configuration file."""
        log = {"logsFile": str(self._current), "previousLogsFile": str(self._previous), "follow": False}
        return {
            "apiVersion": "kwok.x-k8s.io/v1alpha1",
            "kind": "ClusterLogs",
            "metadata": {"name": "all"},
            "spec": {"logs": [log]},
        }
