"""views.*: modals and the home tab (docs.slack.dev/surfaces/modals, docs.slack.dev/reference/methods/views.open)."""

from __future__ import annotations

from typing import Any

from playground.workspace import modals
from playground.workspace.errors import SlackError
from playground.workspace.methods.lookup import known_user
from playground.workspace.methods.registry import Context, method
from playground.workspace.model import Trigger, View
from playground.workspace.rules import limit
from playground.workspace.view_check import checked_view

Json = dict[str, Any]


@method("views.open", required="view:json", optional="trigger_id interactivity_pointer")
def open_view(context: Context) -> Json:
    body = checked_view(context.args["view"], "modal")
    trigger = _exchange(context)
    return _shown(context, modals.open_modal(context.state, trigger.user, body))


@method("views.push", required="view:json", optional="trigger_id interactivity_pointer")
def push(context: Context) -> Json:
    """On top of the modal the trigger came from, three deep at most."""
    body = checked_view(context.args["view"], "modal")
    trigger = _exchange(context)
    below = context.state.views.get(trigger.view_id or "")
    if below is None or not below.is_open:
        raise SlackError("invalid_trigger_id")
    return _shown(context, modals.push_modal(context.state, below, body))


@method("views.update", required="view:json", optional="view_id external_id hash")
def update(context: Context) -> Json:
    args, state = context.args, context.state
    body = checked_view(args["view"])
    if "view_id" not in args and "external_id" not in args:
        raise SlackError("invalid_arguments", ["missing required field: view_id [json-pointer:/view_id]"])
    external = args.get("external_id")
    found = state.views.get(args.get("view_id", "")) or next(
        (v for v in state.views.values() if external and v.body.get("external_id") == external and v.is_open), None
    )
    if found is None or not found.is_open:
        raise SlackError("not_found")
    if args.get("hash") and args["hash"] != found.hash:
        raise SlackError("hash_conflict")
    return _shown(context, modals.replace_body(state, found, body))


@method("views.publish", required="user_id view:json", optional="hash")
def publish(context: Context) -> Json:
    """A user's home tab; `not_enabled` unless the manifest has it."""
    args, state = context.args, context.state
    body = checked_view(args["view"], "home")
    user = known_user(state, args["user_id"])
    if not state.app.home_tab:
        raise SlackError("not_enabled")
    held = state.homes.get(user.id)
    if held and args.get("hash") and args["hash"] != held.hash:
        raise SlackError("hash_conflict")
    return _shown(context, modals.publish_home(state, user.id, body))


def _exchange(context: Context) -> Trigger:
    """Uses up the trigger: once, within three seconds (docs.slack.dev/interactivity/handling-user-interaction)."""
    state = context.state
    given = context.args.get("trigger_id") or context.args.get("interactivity_pointer")
    if not given:
        raise SlackError("invalid_arguments", ["missing required field: trigger_id [json-pointer:/trigger_id]"])
    trigger = state.triggers.get(given)
    if trigger is None:
        raise SlackError("invalid_trigger_id")
    if trigger.used:
        raise SlackError("exchanged_trigger_id")
    if state.clock.now() - trigger.created > limit("trigger.seconds"):
        raise SlackError("expired_trigger_id")
    trigger.used = True
    return trigger


def _shown(context: Context, view: View) -> Json:
    return {"view": modals.as_json(context.state, view)}
