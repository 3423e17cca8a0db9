"""Strategic merge patch: as a merge patch, but lists whose type says so are merged item by item, and directives steer it.

Directives: ``$patch`` (replace, delete) in an object, ``$retainKeys``, ``$setElementOrder/LIST`` and
``$deleteFromPrimitiveList/LIST`` beside a list. Source: the API conventions' chapter on it; texts are the API server's.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any

from playground.cluster.api_types import ANY, Field
from playground.cluster.golang import printed
from playground.cluster.status import StatusError, bad_request

Json = dict[str, Any]
DIRECTIVE, RETAIN = "$patch", "$retainKeys"
ORDER, REMOVAL = "$setElementOrder/", "$deleteFromPrimitiveList/"


def strategic_merge_patch(target: Json, patch: Json, type: Field) -> Json:
    """The patched object. The target stays as it is; the patch is used up: the API server's errors show what is left of it.

    Raises StatusError with code 500 or 400 for a patch without sense.
    """
    return _merged(copy.deepcopy(target), patch, type)


def _merged(target: Json, patch: Json, type: Field) -> Json:
    if DIRECTIVE in patch:
        return _directed(patch)
    _retain_keys(target, patch)
    for key in [key for key in patch if key.startswith(ORDER)]:
        _merge_ordered(target, patch, key.removeprefix(ORDER), patch.pop(key), type)
    for key, value in patch.items():
        if key.startswith(REMOVAL):
            name = key.removeprefix(REMOVAL)
            if name in target:
                target[name] = [item for item in target[name] if item not in value]
        elif value is None:
            target.pop(key, None)
        elif key not in target:
            kept = _without_directed(value)
            if kept is not None:
                target[key] = kept
        else:
            target[key] = _merged_value(target[key], value, type.child(key) or ANY)
    return target


def _directed(patch: Json) -> Json:
    directive = patch[DIRECTIVE]
    if directive == "delete":
        return {}
    if directive == "replace":
        return {key: value for key, value in patch.items() if key != DIRECTIVE}
    raise _unknown_directive(patch)


def _retain_keys(target: Json, patch: Json) -> None:
    """Clear what the patch does not list: for unions, whose members exclude each other."""
    if RETAIN not in patch:
        return
    kept = patch.pop(RETAIN)
    given = [key for key, value in patch.items() if value is not None and not key.startswith((ORDER, REMOVAL))]
    if not isinstance(kept, list) or any(key not in kept for key in given):
        raise bad_request("invalid patch format of retainKeys")
    for key in [key for key in target if key not in kept]:
        del target[key]


def _merge_ordered(target: Json, patch: Json, name: str, order: Any, type: Field) -> None:
    """Merge the list called ``name`` and put its items into the order that the patch asks for."""
    if not isinstance(order, list):
        raise _failure(f"expected a []interface {{}}, but received a {_go_type(order)}")
    field = type.child(name)
    if field is None:
        raise _failure(f'unable to find api field in struct {type.type.rpartition(".")[2]} for the json field "{name}"')
    wanted, before = patch.pop(name, None), target.get(name)
    if wanted is not None:
        _check_order(wanted, order, field)
        target[name] = wanted if before is None else _merged_value(before, wanted, field)
    if name in target:
        target[name] = _arranged(target[name], order, _left_behind(before or [], wanted or [], field.merge_key), field)


def _left_behind(before: list[Any], wanted: list[Any], key: str) -> list[Any]:
    """The list that the API server takes for the old order: after deletions it has written the first new items into it."""
    directives = {item.get(DIRECTIVE) for item in wanted if isinstance(item, dict)}
    if "delete" not in directives or "replace" in directives:
        return before
    deleted = [item[key] for item in wanted if DIRECTIVE in item]
    kept = [item for item in before if item.get(key) not in deleted]
    held = [item.get(key) for item in kept]
    added = [item for item in wanted if DIRECTIVE not in item and item[key] not in held]
    return [*kept, *added[: len(before) - len(kept)]]


def _check_order(wanted: list[Any], order: list[Any], field: Field) -> None:
    """The items of a patch must come in the order in which they are listed."""
    same = _same_by(field.merge_key)
    listed = iter(order)
    changed = [item for item in wanted if not (isinstance(item, dict) and DIRECTIVE in item)]
    if order and not all(any(same(item, other) for other in listed) for item in changed):
        said = f"The order in patch list:\n{printed(wanted)}\n doesn't match $setElementOrder list:\n{printed(order)}\n"
        raise _failure(said)


def _merged_value(held: Any, value: Any, field: Field) -> Any:
    if isinstance(held, dict) and isinstance(value, dict):
        return _merged(held, value, field)
    if isinstance(held, list) and isinstance(value, list) and field.merges:
        return _merged_list(held, value, field)
    return value


def _merged_list(held: list[Any], patch: list[Any], field: Field) -> list[Any]:
    if not held and not patch:
        return held
    if len({isinstance(item, dict) for item in [*held, *patch]}) > 1:
        raise _failure(f"list element types are not identical: {printed([held, patch])}")
    key = field.merge_key
    if not key:
        merged = list(dict.fromkeys([*held, *patch]))
    else:
        held, patch = _after_directives(held, patch, key)
        merged = list(held)
        for item in patch:
            _merge_item(merged, item, field)
    return _arranged(merged, patch, held, field)


def _merge_item(merged: list[Json], item: Json, field: Field) -> None:
    key = field.merge_key
    if key not in item:
        raise _without_key(item, key)
    for index, other in enumerate(merged):
        if other.get(key) == item[key]:
            merged[index] = _merged(other, item, field.element)
            return
    merged.append(item)


def _after_directives(held: list[Json], patch: list[Json], key: str) -> tuple[list[Json], list[Json]]:
    """The list without what the patch deletes, and the patch without directives."""
    replaces = False
    for item in patch:
        match item.get(DIRECTIVE):
            case "delete" if key not in item:
                raise _without_key(item, key)
            case "delete":
                held = [other for other in held if other.get(key) != item[key]]
            case "replace":
                replaces = True
            case "merge":
                raise _failure("merging lists cannot yet be specified in the patch")
            case None:
                pass
            case _:
                raise _unknown_directive(item)
    plain = [item for item in patch if DIRECTIVE not in item]
    return ([], plain) if replaces else (held, plain)


def _arranged(merged: list[Any], order: list[Any], before: list[Any], field: Field) -> list[Any]:
    """What the patch names in its order; the rest keeps its place before what it stood before."""
    same = _same_by(field.merge_key)
    place = _place_in(same)
    named = sorted((item for item in merged if place(order, item) >= 0), key=lambda item: place(order, item))
    rest = sorted((item for item in merged if place(order, item) < 0), key=lambda item: place(before, item))
    arranged: list[Any] = []
    while named and rest:
        first, second = place(before, rest[0]), place(before, named[0])
        arranged.append((rest if 0 <= first < second else named).pop(0))
    return [*arranged, *named, *rest]


def _same_by(key: str) -> Callable[[Any, Any], bool]:
    return (lambda one, other: one.get(key) == other.get(key)) if key else (lambda one, other: bool(one == other))


def _place_in(same: Callable[[Any, Any], bool]) -> Callable[[Sequence[Any], Any], int]:
    return lambda items, wanted: next((index for index, item in enumerate(items) if same(item, wanted)), -1)


def _without_directed(value: Any) -> Any:
    """What a new value is without the objects that carry ``$patch``, and without nulls; None if nothing is left."""
    if isinstance(value, dict):
        if DIRECTIVE in value:
            return None
        kept = {key: _without_directed(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item is not None}
    if isinstance(value, list):
        return [kept for item in value if (kept := _without_directed(item)) is not None]
    return value


def _go_type(value: Any) -> str:
    return {str: "string", bool: "bool", int: "int64", float: "float64", dict: "map[string]interface {}"}.get(
        type(value), "<nil>"
    )


def _unknown_directive(patch: Json) -> StatusError:
    return _failure(f"unknown patch type: {patch[DIRECTIVE]} in map: {printed(patch)}")


def _without_key(item: Json, key: str) -> StatusError:
    return _failure(f"map: {printed(item)} does not contain declared merge key: {key}")


def _failure(message: str) -> StatusError:
    return StatusError(500, "", message)
