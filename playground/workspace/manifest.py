"""Installs an app by its manifest, refusing what Slack refuses (docs.slack.dev/reference/app-manifest)."""

from __future__ import annotations

import re
from typing import Any

from playground.workspace.errors import SlackError
from playground.workspace.installation import EVERY_SCOPE, Command, Installation, Shortcut
from playground.workspace.manifest_shape import BUILT_IN, EVENT_SCOPES, MANIFEST
from playground.workspace.rules import limit
from playground.workspace.shapes import Problems

Json = dict[str, Any]
_COMMAND = re.compile(r"/[a-z0-9_-]+")


def install(app: Installation, manifest: Json) -> None:
    """Grants the manifest's scopes and commands. Raises SlackError `invalid_manifest` with every mistake."""
    problems = Problems()
    MANIFEST.check(manifest, "", problems)
    if not problems.messages:
        _check_together(manifest, problems)
    if problems.messages:
        raise SlackError("invalid_manifest", problems.messages)
    features, settings = manifest.get("features", {}), manifest.get("settings", {})
    app.scopes = frozenset(_scopes(manifest))
    app.commands = {
        item["command"]: Command(
            item["command"],
            item["description"],
            item.get("usage_hint", ""),
            item.get("should_escape", False),
        )
        for item in features.get("slash_commands", [])
    }
    app.shortcuts = {
        item["callback_id"]: Shortcut(item["callback_id"], item["name"], item["type"])
        for item in features.get("shortcuts", [])
    }
    app.home_tab = features.get("app_home", {}).get("home_tab_enabled", False)
    app.events = frozenset(_events(manifest))
    app.socket_mode = settings.get("socket_mode_enabled", False)
    app.interactivity = settings.get("interactivity", {}).get("is_enabled", False)


def _check_together(manifest: Json, problems: Problems) -> None:
    features, settings = manifest.get("features", {}), manifest.get("settings", {})
    scopes, sockets = _scopes(manifest), settings.get("socket_mode_enabled", False)
    _check_commands(features.get("slash_commands", []), scopes, sockets, problems)
    about = manifest["display_information"].get("long_description")
    if about is not None and len(about) < limit("manifest.long_description_least"):
        problems.add(
            f"must be more than {limit('manifest.long_description_least') - 1} characters",
            "/display_information/long_description",
        )
    for scope in sorted(scopes - EVERY_SCOPE):
        problems.add(f"unknown scope: {scope}", "/oauth_config/scopes/bot")
    for event in _events(manifest):
        if event not in EVENT_SCOPES:
            problems.add(f"unknown event: {event}", "/settings/event_subscriptions/bot_events")
        elif EVENT_SCOPES[event] and EVENT_SCOPES[event] not in scopes:
            problems.add(f"{event} needs the scope {EVENT_SCOPES[event]}", "/settings/event_subscriptions/bot_events")
    if not sockets and _events(manifest) and not settings["event_subscriptions"].get("request_url"):
        problems.add("missing required field: request_url", "/settings/event_subscriptions")
    interactivity = settings.get("interactivity", {})
    if not sockets and interactivity.get("is_enabled") and not interactivity.get("request_url"):
        problems.add("missing required field: request_url", "/settings/interactivity")


def _check_commands(commands: list[Json], scopes: set[str], sockets: bool, problems: Problems) -> None:
    if commands and "commands" not in scopes:
        problems.add("slash commands need the scope commands", "/oauth_config/scopes/bot")
    names = [item["command"] for item in commands]
    for index, item in enumerate(commands):
        path, name = f"/features/slash_commands/{index}", item["command"]
        if not _COMMAND.fullmatch(name):
            problems.add("must be a slash and lower-case letters, digits, - or _", f"{path}/command")
        if name in BUILT_IN:
            problems.add(f"{name} is built into Slack", f"{path}/command")
        if name in names[:index]:
            problems.add(f"{name} is declared twice", f"{path}/command")
        if not sockets and not item.get("url"):
            problems.add("missing required field: url", path)


def _scopes(manifest: Json) -> set[str]:
    return set(manifest.get("oauth_config", {}).get("scopes", {}).get("bot", []))


def _events(manifest: Json) -> list[str]:
    return list(manifest.get("settings", {}).get("event_subscriptions", {}).get("bot_events", []))
