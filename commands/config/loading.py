"""From a file to a ``Config``, or to all that is wrong with it at once."""

from __future__ import annotations

import os
import pathlib
from collections.abc import Iterable

from pydantic import ValidationError

from commands.config.crosschecks import crosschecks
from commands.config.document import Document, Problem, dotted, parse
from commands.config.mistakes import mistakes
from commands.config.root import Config
from commands.errors import ConfigError


def load(path: str | os.PathLike[str], *, registry_names: frozenset[str]) -> Config:
    """Read and check the whole file. ``registry_names`` are the commands that permissions may name.

    Raises ``ConfigError`` with every problem, one line each, in the file's order. Nothing that the file names is opened.
    """
    document = parse(_text(path))
    if document.data is None and not document.problems:
        document.complain((), f"the file is empty; needed here: {', '.join(Config.model_fields)}", 1)
    elif document.data is not None and not isinstance(document.data, dict):
        document.complain((), f"this is not a mapping; needed here: {', '.join(Config.model_fields)}")
    config = _validated(document, registry_names) if isinstance(document.data, dict) else None
    if document.problems or config is None:
        raise ConfigError(_lines(path, document.problems))
    return config


def _validated(document: Document, commands: frozenset[str]) -> Config | None:
    document.problems += crosschecks(document, commands)
    try:
        return Config.model_validate(document.data).read_from(document.lines)
    except ValidationError as error:
        document.problems += mistakes(Config, document, error)
        return None


def _text(path: str | os.PathLike[str]) -> str:
    try:
        data = pathlib.Path(path).read_bytes()
    except FileNotFoundError:
        raise ConfigError([f"{path}: there is no such file; name another with --config, or write this one"]) from None
    except OSError as error:
        raise ConfigError([f"{path}: cannot be read ({error.strerror}); a readable file is needed here"]) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError([f"{path}:{line}: the file is not UTF-8; save it in that encoding"]) from error


def _lines(path: str | os.PathLike[str], problems: Iterable[Problem]) -> list[str]:
    """Each problem once, by line. Where a value is wrong in two ways, both are told."""
    ordered = dict.fromkeys(sorted(problems, key=lambda p: p.line))
    return [f"{path}:{p.line}: {f'{dotted(p.path)}: ' if p.path else ''}{p.text}" for p in ordered]
