"""The models as a shape that can be walked beside the data: what may stand at a path, and which names refer where.

It reads the models' types and markers only, so it works on data that the models refuse.
"""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from commands.config.document import Path
from commands.config.fields import Allowed, Refers


@dataclass(frozen=True, slots=True)
class Shape:
    """One place: its type without ``Annotated`` and ``| None``, and its markers."""

    type: Any
    markers: tuple[Any, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that a model knows, in order, as they are written in the file; none for anything else."""
        return tuple(self._fields)

    @property
    def _fields(self) -> dict[str, FieldInfo]:
        fields = self.type.model_fields.items() if _is_model(self.type) else ()
        return {field.alias or name: field for name, field in fields}

    @property
    def allowed(self) -> str:
        """In words."""
        marker = next((m for m in self.markers if isinstance(m, Allowed)), None)
        if marker:
            return marker.text
        if self.keys:
            return f"a mapping with the keys {', '.join(self.keys)}"
        if get_origin(self.type) is tuple:
            return f"a list (each entry: {of(get_args(self.type)[0]).allowed})"
        return "a mapping of names to settings" if get_origin(self.type) is Mapping else "nothing else"

    @property
    def refers(self) -> Refers | None:
        return next((m for m in self.markers if isinstance(m, Refers)), None)

    def child(self, key: str | int) -> Shape | None:
        """The shape one step down; None where nothing of that kind can be."""
        if self.keys:
            field = self._fields.get(str(key))
            return _with(of(field.annotation), field.metadata) if field else None
        if get_origin(self.type) is tuple and isinstance(key, int):
            return of(get_args(self.type)[0])
        if get_origin(self.type) is Mapping and isinstance(key, str):
            return of(get_args(self.type)[1])
        return None


def of(annotation: Any) -> Shape:
    """The shape of a type."""
    if get_origin(annotation) is Annotated:
        inner, *markers = get_args(annotation)
        return _with(of(inner), markers)
    if get_origin(annotation) in {Union, types.UnionType}:
        [inner] = [a for a in get_args(annotation) if a is not type(None)]
        return of(inner)
    return Shape(annotation)


def at(root: Any, path: Path) -> Shape | None:
    """The shape at a path from a model."""
    shape: Shape | None = of(root)
    for key in path:
        shape = shape.child(key) if shape else None
    return shape


def references(root: Any, data: Any) -> Iterator[tuple[Path, str, Refers]]:
    """Every name in the data that refers to something, whatever else is wrong with the data."""
    yield from _references(of(root), data, ())


def _references(shape: Shape, data: Any, path: Path) -> Iterator[tuple[Path, str, Refers]]:
    if shape.refers and isinstance(data, str):
        yield path, data, shape.refers
    keys = of(get_args(shape.type)[0]) if get_origin(shape.type) is Mapping else None
    for key, value in _items(data):
        if keys and keys.refers and isinstance(key, str):
            yield (*path, key), key, keys.refers
        child = shape.child(key)
        if child:
            yield from _references(child, value, (*path, key))


def _items(data: Any) -> Iterator[tuple[str | int, Any]]:
    if isinstance(data, dict):
        yield from data.items()
    elif isinstance(data, tuple):
        yield from enumerate(data)


def _with(shape: Shape, markers: Any) -> Shape:
    return Shape(shape.type, (*markers, *shape.markers))


def _is_model(type_: Any) -> bool:
    return isinstance(type_, type) and issubclass(type_, BaseModel)
