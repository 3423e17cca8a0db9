"""users.* (docs.slack.dev/reference/objects/user-object)."""

from __future__ import annotations

from typing import Any

from playground.workspace.errors import SlackError
from playground.workspace.methods.lookup import known_user, page
from playground.workspace.methods.registry import Context, method
from playground.workspace.model import User
from playground.workspace.rules import limit
from playground.workspace.state import State

Json = dict[str, Any]


@method("users.info", scopes="users:read", required="user", optional="include_locale:bool")
def info(context: Context) -> Json:
    return {"user": as_json(context.state, known_user(context.state, context.args["user"]))}


@method("users.list", scopes="users:read", optional="cursor limit:int include_locale:bool")
def list_all(context: Context) -> Json:
    """Everyone, deactivated people and bots included, people of other workspaces not."""
    state, count = context.state, context.args.get("limit", limit("users.limit"))
    if not 1 <= count <= limit("users.limit"):
        raise SlackError("invalid_limit")
    everyone = [as_json(state, user) for user in state.users.values() if user.team_id == state.team_id]
    chosen, cursor = page(everyone, count, context.args.get("cursor", ""))
    return {"members": chosen, "cache_ts": int(state.clock.now()), "response_metadata": {"next_cursor": cursor}}


@method("users.lookupByEmail", scopes="users:read.email", required="email")
def lookup_by_email(context: Context) -> Json:
    state, email = context.state, context.args["email"].lower()
    for user in state.users.values():
        if user.email.lower() == email and not user.deleted:
            return {"user": as_json(state, user)}
    raise SlackError("users_not_found")


def as_json(state: State, user: User) -> Json:
    """As users.info shows a user: a deactivated one has no flags left, an email needs users:read.email."""
    profile: Json = {"real_name": user.real_name, "display_name": user.name, "team": user.team_id}
    if user.email and "users:read.email" in state.app.scopes:
        profile["email"] = user.email
    shown: Json = {
        "id": user.id,
        "team_id": user.team_id,
        "name": user.name,
        "deleted": user.deleted,
        "profile": profile,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": 0,
    }
    if user.team_id != state.team_id:
        shown["is_stranger"] = False
    if not user.deleted:
        shown |= {"real_name": user.real_name, "tz": user.tz, "is_admin": user.is_admin, "is_owner": False,
                  "is_primary_owner": False, "is_restricted": user.is_restricted or user.is_ultra_restricted,
                  "is_ultra_restricted": user.is_ultra_restricted}  # fmt: skip
    return shown
