"""Reads an app manifest (docs.slack.dev/reference/app-manifest)."""

from __future__ import annotations

from typing import Any

from playground.workspace.installation import Command, Installation

Json = dict[str, Any]


def install(app: Installation, manifest: Json) -> None:
    app.commands = {c["command"]: Command(c["command"]) for c in manifest["features"].get("slash_commands", [])}
