"""Opening, stacking and closing modals; what a view looks like in payloads (docs.slack.dev/reference/views)."""

from __future__ import annotations

import secrets
from typing import Any

from playground.workspace.errors import SlackError
from playground.workspace.model import View
from playground.workspace.rules import limit
from playground.workspace.state import State

Json = dict[str, Any]


def open_modal(state: State, user: str, body: Json) -> View:
    """A new stack of one."""
    view = _new(state, user, body)
    state.modals.setdefault(user, []).append(view.id)
    state.changed()
    return view


def push_modal(state: State, below: View, body: Json) -> View:
    stack = [v for v in state.modals.get(below.user, []) if state.views[v].root_id == below.root_id]
    if len(stack) >= limit("view.stack"):
        raise SlackError("push_limit_reached")
    view = _new(state, below.user, body, root=below.root_id, previous=below.id)
    state.modals[below.user].append(view.id)
    state.changed()
    return view


def replace_body(state: State, view: View, body: Json) -> View:
    view.body, view.hash = body, _hash(state)
    state.changed()
    return view


def publish_home(state: State, user: str, body: Json) -> View:
    held = state.homes.get(user)
    if held is None:
        held = state.homes[user] = _new(state, user, body)
    return replace_body(state, held, body)


def close_modal(state: State, view: View, whole_stack: bool = False) -> list[View]:
    """Closes the view, or all of its stack; gives those that closed."""
    closing = [
        state.views[v]
        for v in state.modals.get(view.user, [])
        if v == view.id or (whole_stack and state.views[v].root_id == view.root_id)
    ]
    for one in closing:
        one.is_open = False
        state.modals[view.user].remove(one.id)
    state.changed()
    return closing


def as_json(state: State, view: View, values: Json | None = None) -> Json:
    """A view as methods answer it and payloads carry it; `values` is what the person entered."""
    body = view.body
    empty = {"type": "plain_text", "text": "", "emoji": True}
    return {
        "id": view.id, "team_id": state.team_id, "type": body["type"], "blocks": body["blocks"],
        "private_metadata": body.get("private_metadata", ""), "callback_id": body.get("callback_id", ""),
        "state": {"values": values or {}}, "hash": view.hash, "title": body.get("title", empty),
        "clear_on_close": body.get("clear_on_close", False), "notify_on_close": body.get("notify_on_close", False),
        "close": body.get("close"), "submit": body.get("submit"), "previous_view_id": view.previous_id,
        "root_view_id": view.root_id, "app_id": state.app.app_id, "external_id": body.get("external_id", ""),
        "app_installed_team_id": state.team_id, "bot_id": state.app.bot_id,
    }  # fmt: skip


def _new(state: State, user: str, body: Json, root: str = "", previous: str | None = None) -> View:
    if external := body.get("external_id"):
        taken = [v for v in state.views.values() if v.is_open and v.body.get("external_id") == external]
        if taken:
            raise SlackError("duplicate_external_id")
    view_id = state.new_id("V")
    view = View(view_id, user, body, _hash(state), root or view_id, previous, names=state.names)
    state.views[view_id] = view
    return view


def _hash(state: State) -> str:
    return f"{int(state.clock.now())}.{secrets.token_hex(4)}"
