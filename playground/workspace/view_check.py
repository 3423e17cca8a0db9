"""Checks a view."""

from __future__ import annotations

from typing import Any

from playground.workspace.blocks import with_ids

Json = dict[str, Any]


def checked_view(view: Any, kind: str = "") -> Json:
    return {**view, "blocks": with_ids(view["blocks"])}
