"""Objects as server-side apply sees them: which fields they have, how two of them differ, and merged or cut by fields.

Structures, maps and lists with keys or set semantics have parts of their own; whatever is atomic is one field.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from playground.cluster.api_types import ANY, Field
from playground.cluster.patches.field_paths import Path, Paths, key_step, name_step, value_step

Json = dict[str, Any]


class _Absent:
    """No value at all, which is not the same as null."""


ABSENT: Final = _Absent()
_NOTHINGS = ((ABSENT, None), (None, ABSENT))
Parts = Mapping[str, tuple[Field, Any]]
"""The parts of a value by their step in a path."""


@dataclass(frozen=True)
class Difference:
    added: Paths
    removed: Paths
    modified: Paths


def members(type: Field, value: Any) -> Paths:
    """The fields that somebody who wrote this value has an opinion on: leaves, and the items of lists."""
    return frozenset(_members(type, value, ()))


def _members(field: Field, value: Any, path: Path) -> Iterator[Path]:
    if is_leaf(field) or not value:
        if path and (is_leaf(field) or value != []):
            yield path
        return
    for step, (child, item) in parts(field, value).items():
        yield from _members(child, item, (*path, step))
        if field.is_list and not is_leaf(child):
            yield (*path, step)


def difference(type: Field, old: Any, new: Any) -> Difference:
    """What changed from one version to the next; structures that come or go count like the fields in them."""
    found: dict[str, set[Path]] = {"added": set(), "removed": set(), "modified": set()}
    for kind, path in _changes(type, old, new, ()):
        found[kind].add(path)
    return Difference(**{kind: frozenset(paths) for kind, paths in found.items()})


def _changes(field: Field, old: Any, new: Any, path: Path) -> Iterator[tuple[str, Path]]:
    if old is not ABSENT and new is not ABSENT and old == new:
        return
    if is_leaf(field) or not (_has_parts(old) or _has_parts(new)):
        changed = "added" if old is ABSENT else "removed" if new is ABSENT else "modified"
        yield changed, path
        return
    olds, news = parts(field, old, whole=True), parts(field, new, whole=True)
    for step in {**olds, **news}:
        child, before = olds.get(step, (None, ABSENT))
        other, after = news.get(step, (child or ANY, ABSENT))
        if field.structure and old is not ABSENT and new is not ABSENT and (before, after) in _NOTHINGS:
            continue  # some structures are written with nulls
        if (
            field.is_list and before is not ABSENT and after is not ABSENT and child != other
        ):  # once before, twice now, or the reverse
            yield "added", (*path, step)
            yield from (("removed", below) for below in _members(child or ANY, before, (*path, step)))
            yield from (("added", below) for below in _members(other, after, (*path, step)))
            continue
        yield from _changes(other, before, after, (*path, step))
    if old is ABSENT or new is ABSENT:
        yield "added" if old is ABSENT else "removed", path


def is_leaf(field: Field) -> bool:
    if field.is_list:
        return field.is_atomic
    return not (field.is_map or field.structure) or field.is_atomic


def parts(field: Field, value: Any, *, whole: bool = False) -> Parts:
    """``whole``: with what the API server's own JSON always has, even where this object leaves it out.

    Items of a list that cannot be told apart are one part, which has no parts itself.
    """
    if field.is_list:
        groups = _groups(field, value)
        return {step: (field.element, same[0]) if len(same) == 1 else (ANY, same) for step, same in groups.items()}
    found: dict[str, tuple[Field, Any]] = {}
    structure = field.structure
    if whole and structure and isinstance(value, dict):
        for name, child in structure.fields.items():
            if child.always:
                found[name_step(name)] = (child, _empty(child))
    for name, item in value.items() if isinstance(value, dict) else ():
        known = field.child(name)
        if known is not None:
            found[name_step(name)] = (known, item)
    return found


def _items(field: Field, value: Any) -> Iterator[tuple[str, Any]]:
    for item in value if isinstance(value, list) else ():
        yield item_step(field, item), item


def _groups(field: Field, value: Any) -> dict[str, list[Any]]:
    """The items by their steps: people do repeat names."""
    groups: dict[str, list[Any]] = {}
    for step, item in _items(field, value):
        groups.setdefault(step, []).append(item)
    return groups


def item_step(field: Field, item: Any) -> str:
    """How an item of a list with keys or set semantics is told from the others."""
    if not field.map_keys or not isinstance(item, dict):
        return value_step(item)
    structure = field.element.structure
    defaults = {name: structure.fields[name].default for name in field.map_keys} if structure else {}
    given = {name: item.get(name, defaults.get(name) or None) for name in field.map_keys}
    return key_step({name: value for name, value in given.items() if value is not None})


def _has_parts(value: Any) -> bool:
    return isinstance(value, (dict, list)) and bool(value)


def _empty(field: Field) -> Any:
    if field.structure is not None:
        return {}
    return {"string": "", "bool": False, "int32": 0, "int64": 0, "double": 0}.get(field.type)


def merged(field: Field, live: Any, config: Any) -> Any:
    """The live value with what the configuration says; lists follow the configuration's order where it has one."""
    if config is ABSENT or (is_leaf(field) and config is not ABSENT):
        return live if config is ABSENT else config
    if live is ABSENT or not isinstance(live, (dict, list)) or not isinstance(config, (dict, list)):
        return config
    if isinstance(live, list) and isinstance(config, list):
        return _merged_list(field, live, config)
    if isinstance(live, list) or isinstance(config, list):
        return config
    both: Json = dict(live)
    for name, value in config.items():
        both[name] = merged(field.child(name) or ANY, both.get(name, ABSENT), value)
    return both


def _merged_list(field: Field, live: list[Any], config: list[Any]) -> list[Any]:
    held, wanted = _groups(field, live), dict(_items(field, config))
    merged_items: list[Any] = []
    for step in _merged_order(list(held), list(wanted)):
        same = held.get(step, [])
        if step in wanted:
            merged_items.append(merged(field.element, same[0] if len(same) == 1 else ABSENT, wanted[step]))
        else:
            merged_items += same
    return merged_items


def _merged_order(olds: list[str], news: list[str]) -> list[str]:
    """Both in their own order: the old keep their place unless the new have those they share in another order."""
    shared = [step for step in news if step in olds]
    wanted, done = set(news), []
    while olds or news:
        if olds and news and olds[0] == news[0]:
            olds.pop(0)
            done.append(news.pop(0))
            shared.pop(0)
        elif olds and news and olds[0] in wanted and shared and shared[0] != olds[0]:
            olds.pop(0)
        elif olds and olds[0] not in wanted:
            done.append(olds.pop(0))
        elif olds and olds[0] in done:
            olds.pop(0)
        else:
            done.append(news.pop(0))
            if shared and shared[0] == done[-1]:
                shared.pop(0)
    return done


def without(field: Field, value: Any, paths: Paths) -> Any:
    """The value without those fields; null if nothing is left in it."""
    if not paths or is_leaf(field) or not value or not isinstance(value, (dict, list)):
        return value
    below: dict[str, set[Path]] = {}
    for path in paths:
        below.setdefault(path[0], set()).add(path[1:])

    def kept(step: str, child: Field, item: Any) -> Any:
        inside = below.get(step, set())
        return ABSENT if () in inside else without(child, item, frozenset(inside))

    left: Any
    if isinstance(value, list):
        items = [kept(step, field.element, item) for step, item in _items(field, value)]
        left = [item for item in items if item is not ABSENT]
    else:
        cut = {name: kept(name_step(name), field.child(name) or ANY, item) for name, item in value.items()}
        left = {name: item for name, item in cut.items() if item is not ABSENT}
    return left or None


def with_named(field: Field, paths: Paths) -> Paths:
    """The paths and, of the structures on their way, those that are named fields: they stand and fall with what is in them."""
    return paths | {path[:depth] for path in paths for depth in _named_depths(field, path)}


def _named_depths(field: Field, path: Path) -> Iterator[int]:
    for depth, step in enumerate(path[:-1], start=1):
        if field.structure is not None and step.startswith("f:"):
            yield depth
        child = field.element if field.is_list else field.child(step[2:])
        if child is None:
            return
        field = child
