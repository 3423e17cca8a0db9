"""What pydantic found, in words: the value as written, what is wrong with it, and what is allowed there."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import BaseModel, ValidationError

from commands.config import shape
from commands.config.document import Document, Path, Problem

WRONG = {
    "int_type": "is not a number",
    "greater_than_equal": "is too small",
    "less_than_equal": "is too large",
    "string_type": "is not text",
    "string_too_short": "is empty",
    "bool_type": "is not a yes or no",
    "tuple_type": "is not a list",
    "too_short": "is not enough",
    "mapping_type": "is not a mapping",
    "dict_type": "is not a mapping",
    "model_type": "is not a mapping",
    "model_attributes_type": "is not a mapping",
}
"""By pydantic's error type; those that our own fields raise bring their words along."""


SHOWN = 60
"""Characters of a wrong value that are repeated."""


def mistakes(model: type[BaseModel], document: Document, error: ValidationError) -> Iterator[Problem]:
    """One problem for each thing that the model refused."""
    for found in error.errors(include_url=False):
        if found["type"] == "too_short" and found["input"]:
            continue  # it has entries; pydantic counts the good ones only, and has told of the bad ones
        path = _path(found["loc"])
        yield Problem(document.line(path), path, _words(model, document, path, found))


def nearest(word: str, known: Iterable[str]) -> str:
    """`` (did you mean "prod"?)``, or nothing where none is near."""
    folded = {k.casefold(): k for k in known}
    near = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return f' (did you mean "{folded[near[0]]}"?)' if near else ""


def _path(loc: tuple[Any, ...]) -> Path:
    """Pydantic marks a mapping's bad key with a last ``[key]``; the key stands before it."""
    return tuple(loc[:-1] if loc and loc[-1] == "[key]" else loc)


def _words(model: type[BaseModel], document: Document, path: Path, found: Any) -> str:
    kind = found["type"]
    around = shape.at(model, path[:-1])
    if kind == "extra_forbidden" and around:
        known = ", ".join(around.keys)
        return f"there is no such key{nearest(str(path[-1]), around.keys)}; allowed here: {known}"
    here = shape.at(model, path)
    allowed = here.allowed if here else "nothing else"
    if kind == "missing":
        return f"this key is missing; {allowed} is needed here"
    if found["loc"][-1:] == ("[key]",):
        return f"{json.dumps(path[-1])} {found['msg']}; a name of letters, digits, dots, dashes and underscores is allowed here"
    return f"{_shown(document, path, found['input'])} {WRONG.get(kind, found['msg'])}; {allowed} is allowed here"


def _shown(document: Document, path: Path, value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a mapping" if value else "an empty mapping"
    if isinstance(value, tuple):
        return "a list" if value else "an empty list"
    written = document.written.get(path, str(value))
    short = written if len(written) <= SHOWN else f"{written[:SHOWN]}…"
    return json.dumps(short, ensure_ascii=False) if isinstance(value, str) else short
