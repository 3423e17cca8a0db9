"""Write docs/configuration.md: every key of quarterdeck.yaml, from the models that check it.

Run it with `make reference`; tests/unit/test_reference.py tells when it has to be. A model that is added appears by itself.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from commands.config import Config
from commands.config.shape import Shape, of

PAGE = Path(__file__).parents[1] / "docs" / "configuration.md"

HEAD = """\
# The configuration

Everything that `quarterdeck.yaml` may hold. The file is checked as a whole when a process starts and whenever it changes; every
mistake is told with its line, and a broken file leaves the rules in force that there were. What changes under `clusters` and
`slack` needs a restart, and so does another Redis; all else is in force within seconds, or at once on SIGHUP.

<!-- Written by scripts/configuration.py from the models in commands/config; `make reference` writes it anew. -->
"""


def page() -> str:
    return "\n".join([HEAD, *_section("quarterdeck.yaml", of(Config))])


def _section(path: str, shape: Shape) -> Iterator[str]:
    """The model at a path, then those below it, depth first."""
    model: type[BaseModel] = shape.type
    yield f"## `{path}`\n"
    yield _prose(model)
    yield "| key | default | what may stand there |\n|---|---|---|"
    below: list[tuple[str, Shape]] = []
    for name, field in model.model_fields.items():
        key = field.alias or name
        child = shape.child(key)
        assert child is not None, f"{path}.{key}"  # noqa: S101 - it is the model's own key
        yield f"| `{key}` | {_default(field)} | {_allowed(child)} |"
        here = key if model is Config else f"{path}.{key}"
        below += [(here + suffix, found) for suffix, found in _models(child)]
    yield ""
    for deeper, found in below:
        yield from _section(deeper, found)


def _models(shape: Shape) -> Iterator[tuple[str, Shape]]:
    """The models that begin there: itself, or that of a list's or a mapping's entries."""
    if shape.keys:
        yield "", shape
    elif get_origin(shape.type) is tuple:
        yield from (("[]" + suffix, found) for suffix, found in _models(of(get_args(shape.type)[0])))
    elif get_origin(shape.type) is Mapping:
        yield from ((".NAME" + suffix, found) for suffix, found in _models(of(get_args(shape.type)[1])))


def _prose(model: type[BaseModel]) -> str:
    """The docstring as Markdown; the whole file's is the page's own head."""
    if model is Config:
        return ""
    return inspect.cleandoc(model.__doc__ or "").replace("``", "`") + "\n"


def _allowed(shape: Shape) -> str:
    inner = next(iter(_models(shape)), None)
    if inner is None:
        return _cell(shape.allowed.strip(" ,"))
    return {"": "a mapping", "[": "a list; each entry a mapping", ".": "a mapping of names to mappings"}[inner[0][:1]]


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "needed"
    value = field.get_default(call_default_factory=True)
    written = _written(field)
    return "" if value in (None, PydanticUndefined, (), {}) or isinstance(value, BaseModel) else f"`{written(value)}`"


def _written(field: FieldInfo) -> Any:
    """How a value stands in the file: whoever reads it into another form has said how it reads back."""
    reads = [getattr(marker, "func", None) for marker in field.metadata]
    return next((BACK[read.__name__] for read in reads if read and read.__name__ in BACK), _plain)


def _plain(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case tuple():
            return f"[{', '.join(map(_plain, value))}]"
        case str():
            return f'"{value}"'
        case _:
            return str(value)


def _duration(seconds: int) -> str:
    unit, size = next((u, s) for u, s in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)) if seconds % s == 0)
    return f"{seconds // size}{unit}"


BACK = {"seconds": _duration, "_minutes": lambda value: f"{value // 60:02}:{value % 60:02}", "percent": "{}%".format}
"""By the name of the function that reads it."""


def _cell(text: str) -> str:
    return re.sub(r",?\)$", ")", re.sub(r"\s+", " ", text)).replace("|", r"\|")


def main() -> None:
    PAGE.write_text(page())


if __name__ == "__main__":
    main()
