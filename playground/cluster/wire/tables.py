"""The table that ``kubectl get`` prints: the server makes its cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from playground.cluster.columns import AGE, NAME
from playground.cluster.kind import Column, Kind
from playground.cluster.wire.negotiation import META_GROUP, Form, partial

Json = dict[str, Any]


def table(kind: Kind, objects: Sequence[Json], form: Form, now: float, meta: Json, include: str) -> Json:
    """``meta`` is the list's metadata; ``include`` is Object, Metadata (the default) or None, as ``includeObject`` says."""
    columns = kind.columns or (NAME, AGE)
    return {
        "kind": "Table",
        "apiVersion": f"{META_GROUP}/{form.version}",
        "metadata": meta,
        "columnDefinitions": [_definition(column) for column in columns],
        "rows": [_row(columns, obj, form, now, include) for obj in objects],
    }


def _definition(column: Column) -> Json:
    return {
        "name": column.name,
        "type": column.type,
        "format": column.format,
        "description": "",
        "priority": 1 if column.wide else 0,
    }


def _row(columns: Sequence[Column], obj: Json, form: Form, now: float, include: str) -> Json:
    cells = {"cells": [column.cell(obj, now) for column in columns]}
    if include == "None":
        return cells
    return {**cells, "object": obj if include == "Object" else partial(obj, form)}
