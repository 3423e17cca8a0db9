"""YAML as plain data, with the line of everything. Unlike PyYAML's own loading it notices keys that stand twice.

Keys are always text, as written (YAML would read an environment called ``no`` as false). Lists become tuples.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

Path = tuple[str | int, ...]


def dotted(path: Path) -> str:
    """``permissions[1].roles[0]``."""
    text = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path)
    return text.removeprefix(".")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, at a place in the file."""

    line: int
    path: Path
    text: str


@dataclass(slots=True)
class Document:
    """``data`` is what the file says; the rest says where and in what words."""

    data: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    written: dict[Path, str] = field(default_factory=dict)
    """Scalars as they stand in the file: ``0x10`` where YAML has made 16 of it."""
    problems: list[Problem] = field(default_factory=list)

    def line(self, path: Path) -> int:
        """The line of the value, or of the nearest thing around it that exists."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def complain(self, path: Path, text: str, line: int | None = None) -> None:
        self.problems.append(Problem(self.line(path) if line is None else line, path, text))


def parse(text: str) -> Document:
    """The document; where it is not YAML at all, ``problems`` says so and ``data`` is None."""
    document = Document()
    try:
        _read(document, yaml.SafeLoader(text))
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, int(error.position)) + 1
        said = f"the character U+{int(error.character):04X} cannot stand in a YAML file; remove it"
        document.complain((), said, line)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        document.complain((), _syntax(error), mark.line + 1 if mark else 1)
    except (ValueError, LookupError, TypeError, ArithmeticError) as error:  # a tag that its own text does not fit
        document.complain((), f"a value here is not what its tag says ({error}); remove the tag", 1)
    except RecursionError:
        document.complain((), "this is nested too deeply; a few levels are all that is needed", 1)
    return document


def _read(document: Document, loader: yaml.SafeLoader) -> None:
    try:
        node = loader.get_single_node()
        if node is not None:
            document.data = _Reading(document, loader).value(node, ())
    finally:
        loader.dispose()


HINTS = {
    "while scanning an alias": 'write the star in quotes: "*"',
    "character '\\t'": "indent with spaces, not tabs",
    "character '@'": "people are written by their Slack ID (U… or S…), not by their name",
    "character '%'": "write the text in quotes",
    "character '`'": "write the text in quotes",
    "expected a single document": "only one document, without a second ---, may stand in the file",
    "mapping values are not allowed here": "look for a wrong indentation, or text with a colon that needs quotes",
    "while parsing a flow sequence": "look for a missing ] or comma",
    "while parsing a flow mapping": "look for a missing } or comma",
    "while scanning a quoted scalar": "look for a missing quote",
    "while parsing a block": "look for a wrong indentation",
}


def _syntax(error: yaml.MarkedYAMLError) -> str:
    said = " ".join(part for part in (error.context, error.problem) if part)
    hint = next((hint for sign, hint in HINTS.items() if sign in said), "see https://yaml.org for how YAML is written")
    return f"this is not YAML: {said}; {hint}"


class _Reading:
    """One walk over the nodes. An anchor's node may be met several times; one within itself is refused."""

    def __init__(self, document: Document, loader: yaml.SafeLoader) -> None:
        self._document, self._loader = document, loader
        self._merged: set[int] = set()
        self._above: list[yaml.Node] = []

    def value(self, node: yaml.Node, path: Path) -> Any:
        self._document.lines.setdefault(path, node.start_mark.line + 1)
        if any(node is above for above in self._above):
            self._document.complain(path, "this refers to itself; an anchor cannot stand within what it names")
            return None
        self._above.append(node)
        try:
            return self._data(node, path)
        finally:
            self._above.pop()

    def _data(self, node: yaml.Node, path: Path) -> Any:
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return tuple(self.value(item, (*path, index)) for index, item in enumerate(node.value))
        self._document.written[path] = str(node.value)
        return self._scalar(node)

    def _scalar(self, node: yaml.Node) -> Any:
        """What looks like a date or a number and is none (``2026-13-01``) makes PyYAML stumble; it is text to us.

        So is ``16:00``, of which YAML 1.1 makes 960 (to the base of sixty).
        """
        try:
            value = self._loader.construct_object(node)
        except (ValueError, KeyError, AttributeError):
            return str(node.value)
        return str(node.value) if isinstance(value, int | float) and ":" in node.value else value

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in self._pairs(node, path):
            if not isinstance(key, yaml.ScalarNode):
                self._document.complain(path, "a key has to be one word", key.start_mark.line + 1)
                continue
            name = str(key.value)
            self._document.lines[*path, name] = key.start_mark.line + 1
            found[name] = self.value(value, (*path, name))
        return found

    def _pairs(self, node: yaml.MappingNode, path: Path) -> Iterator[tuple[yaml.Node, yaml.Node]]:
        """The mapping's own pairs after those that ``<<`` brings in, so that its own win."""
        if id(node) not in self._merged:
            self._merged.add(id(node))
            self._find_doubles(node, path)
            self._loader.flatten_mapping(node)
        yield from node.value

    def _find_doubles(self, node: yaml.MappingNode, path: Path) -> None:
        first: dict[str, int] = {}
        for key, _ in node.value:
            name, line = str(key.value), key.start_mark.line + 1
            if name in first:
                said = f"this key stands already in line {first[name]}; YAML would silently take the last: keep one"
                self._document.complain((*path, name), said, line)
            first.setdefault(name, line)
