"""The data directory of ``up``: used by one at a time, readable by its owner alone."""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from commands.errors import QuarterdeckError


class Occupied(QuarterdeckError):
    """Another process uses the directory."""


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Make the directory if need be, and hold it. Raises ``Occupied`` or ``OSError``.

    The kernel lets go of the lock when its process ends, however that happens.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise OSError(f"{folder} cannot be used for data: {error.strerror}; choose another with --data") from error
    try:
        _take(lock, folder)
        yield
    finally:
        os.close(lock)


def _take(lock: int, folder: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        by = os.read(lock, 20).decode() or "another process"
        raise Occupied(f"{folder} is used by process {by} already; end that one, or choose another --data") from None
    os.truncate(lock, 0)
    os.write(lock, str(os.getpid()).encode())


def write_private(path: Path, text: str) -> None:
    """A file that only its owner can read, whole or not at all."""
    fresh = path.with_name(f".{path.name}.new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    fresh.replace(path)


def signing_key(folder: Path) -> str:
    """The installation's own, made when it is first asked for; whoever comes at the same time gets the same. Raises ``OSError``."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / "signing.key"
    if not path.exists():
        fresh = folder / f".signing.key.{secrets.token_hex(4)}"
        write_private(fresh, secrets.token_hex(32))
        with suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink()
    return path.read_text().strip()
