"""auth.test and apps.connections.open."""

from __future__ import annotations

import secrets
from typing import Any

from playground.workspace.errors import SlackError
from playground.workspace.methods.registry import Context, method

Json = dict[str, Any]


@method("auth.test")
def auth_test(context: Context) -> Json:
    """docs.slack.dev/reference/methods/auth.test"""
    state = context.state
    app = state.app
    return {
        "url": f"https://{state.domain}.slack.com/",
        "team": state.domain.title(),
        "user": state.users[app.bot_user_id].name,
        "team_id": state.team_id,
        "user_id": app.bot_user_id,
        "bot_id": app.bot_id,
        "is_enterprise_install": False,
    }


@method("apps.connections.open", caller="app", scopes="connections:write")
def connections_open(context: Context) -> Json:
    """A WebSocket URL good for one connection (docs.slack.dev/reference/methods/apps.connections.open).

    With Socket Mode off Slack refuses; its documentation does not name the error, so ours is the general one.
    """
    state = context.state
    if not state.app.socket_mode:
        raise SlackError("forbidden_team")
    ticket = secrets.token_hex(16)
    state.tickets.add(ticket)
    base = state.base_url.replace("http://", "ws://")
    return {"url": f"{base}/link/?ticket={ticket}&app_id={state.app.app_id}"}
