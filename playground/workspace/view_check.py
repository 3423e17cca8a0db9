"""Checks a view: docs.slack.dev/reference/views and docs.slack.dev/surfaces/modals."""

from __future__ import annotations

import json
from typing import Any

from playground.workspace.block_kit import VIEW_BLOCKS
from playground.workspace.blocks import check_blocks, with_ids
from playground.workspace.elements import plain
from playground.workspace.errors import SlackError
from playground.workspace.rules import limit
from playground.workspace.shapes import ByType, Fields, Flag, Problems, Shape, Text

Json = dict[str, Any]


class _Unchecked:
    """Blocks are checked after the rest, with what holds across them."""

    def check(self, value: Any, path: str, problems: Problems) -> None:
        if not isinstance(value, list):
            problems.add("must be an array", path)


_COMMON: dict[str, Shape] = {
    "type!": Text(),
    "blocks!": _Unchecked(),
    "private_metadata": Text("view.private_metadata"),
    "callback_id": Text("view.callback_id"),
    "external_id": Text("view.external_id"),
}


def _submit_for_inputs(view: Json, path: str, problems: Problems) -> None:
    inputs = [b for b in view.get("blocks") or [] if isinstance(b, dict) and b.get("type") == "input"]
    if inputs and not view.get("submit"):
        problems.add("missing required field: submit", path)


_VIEW = ByType(
    {
        "modal": Fields(
            {
                **_COMMON,
                "title!": plain("view.title"),
                "submit": plain("view.submit"),
                "close": plain("view.close"),
                "clear_on_close": Flag(),
                "notify_on_close": Flag(),
                "submit_disabled": Flag(),
            },
            _submit_for_inputs,
        ),
        "home": Fields(_COMMON),
    }
)


def checked_view(view: Any, kind: str = "") -> Json:
    """The view with IDs filled in. Raises SlackError `invalid_arguments` with the path of each problem."""
    problems = Problems()
    if len(json.dumps(view).encode()) > limit("view.bytes"):
        raise SlackError("view_too_large")
    _VIEW.check(view, "/view", problems)
    if not problems.messages and kind and view["type"] != kind:
        problems.add(f"must be of type {kind}", "/view/type")
    if not problems.messages:
        check_blocks(view["blocks"], VIEW_BLOCKS, "/view/blocks", problems)
    if problems.messages:
        raise SlackError("invalid_arguments", problems.messages)
    return {**view, "blocks": with_ids(view["blocks"])}
