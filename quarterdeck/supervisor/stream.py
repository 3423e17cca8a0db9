"""The one stream of all logs: each line says whose it is, in the format that was asked for."""

from __future__ import annotations

import json
import sys
import threading
from typing import TextIO

from quarterdeck.redaction import redacted, redacted_within

_WIDTH = len("watcher")


class Stream:
    """``hear`` may be called from several threads; lines are never mixed."""

    def __init__(self, form: str, out: TextIO | None = None) -> None:
        self._is_json = form == "json"
        self._out = out or sys.stderr
        self._lock = threading.Lock()

    def hear(self, name: str, line: str) -> None:
        written = _as_json(name, line) if self._is_json else f"{name:<{_WIDTH}} | {redacted(line)}"
        with self._lock:
            self._out.write(written + "\n")
            self._out.flush()


def _as_json(name: str, line: str) -> str:
    """The line with ``process`` added; what is not a JSON object (Redis's lines, a traceback) becomes one."""
    try:
        said = json.loads(line)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        said = {"level": "info", "message": line}
    return json.dumps({"process": name, **redacted_within(said)})
