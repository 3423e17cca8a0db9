"""From a file to a ``Config`` (or to cases that try one out), or to all that is wrong with it at once."""

from __future__ import annotations

import os
import pathlib
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from commands.config.cases import Case, Cases
from commands.config.crosschecks import crosschecks
from commands.config.document import Document, Problem, dotted, parse
from commands.config.mistakes import mistakes
from commands.config.root import Config
from commands.errors import ConfigError

M = TypeVar("M", bound=BaseModel)


def load(
    path: str | os.PathLike[str], *, registry_names: frozenset[str], pointless: Mapping[str, str] = MappingProxyType({})
) -> Config:
    """Read and check the whole file. ``registry_names`` are the commands that rules may name.

    ``pointless``: those that no permission is about, with what to write instead.

    Raises ``ConfigError`` with every problem, one line each, in the file's order. Nothing that the file names is opened.
    """
    config, document = _checked(path, Config, lambda document: crosschecks(document, registry_names, pointless))
    return config.read_from(document.lines)


def load_cases(path: str | os.PathLike[str]) -> tuple[tuple[int, Case], ...]:
    """The cases that ``quarterdeck policy test`` tries, each with its line. Raises ``ConfigError`` as ``load`` does."""
    cases, document = _checked(path, Cases, lambda _: ())
    return tuple((document.line(("cases", index)), case) for index, case in enumerate(cases.cases))


def case_of(data: Mapping[str, Any]) -> Case:
    """A case that stands in no file. Raises ``ConfigError``."""
    document = Document(dict(data))
    found = _validated(document, Case, lambda _: ())
    if found is None:
        raise ConfigError([f"{dotted(problem.path)}: {problem.text}" for problem in document.problems])
    return found


def _checked(
    path: str | os.PathLike[str], model: type[M], crosschecked: Callable[[Document], Iterable[Problem]]
) -> tuple[M, Document]:
    document = parse(_text(path))
    keys = (name for name, field in model.model_fields.items() if field.is_required())
    needed = f"needed here: {', '.join(keys)}"
    if document.data is None and not document.problems:
        document.complain((), f"the file is empty; {needed}", 1)
    elif document.data is not None and not isinstance(document.data, dict):
        document.complain((), f"this is not a mapping; {needed}")
    found = _validated(document, model, crosschecked) if isinstance(document.data, dict) else None
    if document.problems or found is None:
        raise ConfigError(_lines(path, document.problems))
    return found, document


def _validated(document: Document, model: type[M], crosschecked: Callable[[Document], Iterable[Problem]]) -> M | None:
    document.problems += crosschecked(document)
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        document.problems += mistakes(model, document, error)
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
