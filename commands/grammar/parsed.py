"""The outcome of parsing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from commands.declaration import Command


@dataclass(frozen=True, slots=True)
class Parsed:
    """A command and its arguments as JSON values by name; ``environment`` is canonical, or None where none is meant.

    A command that takes another one (``diff``) holds it resolved: ``{"line": "deploy web 1.4.2 to prod",
    "command": "deploy", "arguments": {…}}``, and its environment is the inner one's.
    """

    command: Command
    arguments: dict[str, Any]
    environment: str | None

    @property
    def verb(self) -> str:
        return self.command.name
