"""Whether a configuration that is to be applied has only declared fields of the right sort: server-side apply's own checks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from playground.cluster import api_types
from playground.cluster.api_types import Field
from playground.cluster.golang import printed
from playground.cluster.kind import Kind
from playground.cluster.patches.field_paths import shown
from playground.cluster.patches.typed_values import item_step
from playground.cluster.status import StatusError

Json = dict[str, Any]


def check_declared(kind: Kind, config: Json) -> None:
    """Raises StatusError with code 500, as the API server does."""
    faults = [f"{where}: {fault}" for where, fault in _faults(api_types.of(kind), config, "")]
    if not faults:
        return
    which = f"{shown_name(config)}; {shown_kind(kind)}"
    said = faults[0] if len(faults) == 1 else "errors:\n  " + "\n  ".join(faults)
    raise StatusError(500, "", f"failed to create typed patch object ({which}): {said}")


def shown_name(obj: Json) -> str:
    meta = obj.get("metadata") or {}
    return f"{meta.get('namespace') or ''}/{meta.get('name') or ''}"


def shown_kind(kind: Kind) -> str:
    return f"{kind.api_version if kind.group else f'/{kind.version}'}, Kind={kind.kind}"


def _faults(field: Field, value: Any, where: str) -> Iterator[tuple[str, str]]:
    if value is None or field.type == "any":
        return
    if field.structure is not None or field.is_map:
        if not isinstance(value, dict):
            yield where, f"expected map, got &{{{printed(value)}}}"
            return
        for name in sorted(value):
            child = field.child(name)
            if child is None:
                yield f"{where}.{name}", "field not declared in schema"
                return
            yield from _faults(child, value[name], f"{where}.{name}")
    elif field.is_list:
        yield from _list_faults(field, value, where)
    else:
        yield from _leaf_faults(field, value, where)


def _list_faults(field: Field, value: Any, where: str) -> Iterator[tuple[str, str]]:
    if not isinstance(value, list):
        yield where, f"expected list, got &{{{printed(value)}}}"
        return
    seen: set[str] = set()
    for index, item in enumerate(value):
        step = item_step(field, item) if not field.is_atomic else str(index)
        if step in seen:
            yield where, f"duplicate entries for key {shown((step,))}"
            return
        seen.add(step)
        yield from _faults(field.element, item, f"{where}{shown((step,)) if not field.is_atomic else f'[{index}]'}")


def _leaf_faults(field: Field, value: Any, where: str) -> Iterator[tuple[str, str]]:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    match field.type:
        case "int32" | "int64" | "double" if not is_number:
            go_type = {bool: "bool", str: "string", dict: "map[string]interface {}"}.get(type(value), "[]interface {}")
            yield where, f"expected numeric (int or float), got {go_type}"
        case "bool" if not isinstance(value, bool):
            yield where, f"expected boolean, got &{{{printed(value)}}}"
        case "string" | "bytes" | "time" if not isinstance(value, str):
            yield where, f"expected string, got &value.valueUnstructured{{Value:{printed(value)}}}"
