"""usergroups.* (docs.slack.dev/reference/methods/usergroups.list)."""

from __future__ import annotations

from typing import Any

from playground.workspace.errors import SlackError
from playground.workspace.methods.registry import Context, method
from playground.workspace.model import UserGroup
from playground.workspace.state import State

Json = dict[str, Any]


@method("usergroups.list", scopes="usergroups:read",
        optional="include_count:bool include_disabled:bool include_users:bool")  # fmt: skip
def list_all(context: Context) -> Json:
    args = context.args
    groups = [g for g in context.state.groups.values() if args.get("include_disabled") or not g.disabled]
    return {"usergroups": [as_json(context.state, g, bool(args.get("include_users"))) for g in groups]}


@method("usergroups.users.list", scopes="usergroups:read", required="usergroup", optional="include_disabled:bool")
def members(context: Context) -> Json:
    """The members' IDs; deactivated people are left out, as Slack takes them out of groups."""
    group = context.state.groups.get(context.args["usergroup"])
    if group is None or (group.disabled and not context.args.get("include_disabled")):
        raise SlackError("no_such_subteam")
    return {"users": active_members(context.state, group)}


def active_members(state: State, group: UserGroup) -> list[str]:
    return [user for user in group.members if not state.users[user].deleted]


def as_json(state: State, group: UserGroup, with_users: bool) -> Json:
    shown: Json = {"id": group.id, "team_id": state.team_id, "is_usergroup": True, "name": group.handle,
                   "handle": group.handle, "date_update": int(group.updated),
                   "date_delete": int(group.updated) if group.disabled else 0,
                   "user_count": len(active_members(state, group))}  # fmt: skip
    return shown | ({"users": active_members(state, group)} if with_users else {})
