"""Sets of fields as ``managedFields`` writes them (FieldsV1): ``f:NAME``, ``k:{"name":"web"}``, ``v:"value"``, "." for itself.

A path is the tuple of such steps from the object down; a set of fields is a frozenset of paths.
Source: "Server-Side Apply" in the Kubernetes documentation, and what API server 1.37 answers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

Json = dict[str, Any]
Path = tuple[str, ...]
Paths = frozenset[Path]
NOTHING: Paths = frozenset()


def name_step(name: str) -> str:
    return f"f:{name}"


def key_step(keys: Json) -> str:
    return "k:" + json.dumps(keys, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def value_step(value: Any) -> str:
    return "v:" + json.dumps(value, separators=(",", ":"), ensure_ascii=False)


@lru_cache(maxsize=2048)
def encoded(paths: Paths) -> Json:
    """As nested objects; a field that is in the set and has others below it says so with ".".

    The objects are shared: a thousand pods of one template have their fields written once. Nobody may alter them.
    """
    root: Json = {}
    for path in sorted(paths, key=len):
        node = root
        for depth, step in enumerate(path, start=1):
            if step not in node:
                node[step] = {}
            elif depth < len(path) and not node[step]:
                node[step] = {".": {}}
            node = node[step]
    return root


def decoded(fields: Json) -> Paths:
    return frozenset(_decoded(fields, ()))


def _decoded(fields: Json, path: Path) -> Iterator[Path]:
    for step, below in fields.items():
        if step == ".":
            yield path
        elif below:
            yield from _decoded(below, (*path, step))
        else:
            yield (*path, step)


def in_order(paths: Iterable[Path]) -> list[Path]:
    """As the API server lists them: at each level first the fields themselves, then what is below."""
    return sorted(paths, key=lambda path: [(depth < len(path), step) for depth, step in enumerate(path, start=1)])


def shown(path: Path) -> str:
    """``.spec.containers[name="web"].image``, as conflicts name a field."""
    return "".join(map(_shown_step, path))


def _shown_step(step: str) -> str:
    mark, said = step[:2], step[2:]
    if mark == "f:":
        return f".{said}"
    if mark == "v:":
        return f"[={said}]"
    keys = json.loads(said)
    return "[" + ",".join(f"{key}={json.dumps(keys[key], ensure_ascii=False)}" for key in sorted(keys)) + "]"
