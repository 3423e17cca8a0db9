"""``quarterdeck manifest``: the Slack app that fits this configuration, derived from the commands' declarations."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import click
import yaml

from commands.grammar import usage
from commands.registry import Registry, discover
from quarterdeck import compose
from quarterdeck.settings import Settings

SCOPES = (
    "app_mentions:read", "channels:history", "channels:read", "chat:write", "commands", "files:write",
    "groups:history", "groups:read", "im:history", "im:read", "im:write", "mpim:history", "mpim:read", "usergroups:read", "users:read",
)  # fmt: skip
"""What the bot calls needs these; ``quarterdeck check`` names one that is missing.

Not chat:write.public: where the bot is not a member it could write, but not read back whether what it wrote has landed.
"""

EVENTS = (
    "app_mention", "message.im", "subteam_members_changed", "subteam_updated", "user_change",
)  # fmt: skip


@click.command("manifest")
@click.option(
    "--request-url",
    metavar="URL",
    callback=lambda _context, _option, url: _request_url(url),
    help="Take requests over HTTP at this URL (ending in /slack/events) instead of Socket Mode.",
)
@click.pass_obj
def command(config: str | None, request_url: str | None) -> None:
    """The Slack app manifest for this configuration, as YAML."""
    registry = discover()
    settings = compose.configuration(Settings.read(config), registry)
    made = manifest(registry, settings.slack.command_prefix, request_url)
    click.echo(yaml.safe_dump(made, sort_keys=False, allow_unicode=True), nl=False)


def manifest(registry: Registry, prefix: str, request_url: str | None = None) -> dict[str, Any]:
    """Slack's app manifest (docs.slack.dev/reference/app-manifest). Over HTTP each entry wants the request URL."""
    url = {"url": request_url} if request_url else {}
    request = {"request_url": request_url} if request_url else {}
    return {
        "display_information": {"name": "Quarterdeck", "description": "Run your Kubernetes clusters from Slack"},
        "features": {
            "app_home": {
                "home_tab_enabled": False,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "quarterdeck", "always_online": True},
            "slash_commands": [
                {"command": f"/{name}", **url, **_described(registry, verb), "should_escape": False}
                for name, verb in registry.slash_names(prefix).items()
            ],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**request, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **request},
            "org_deploy_enabled": False,
            "socket_mode_enabled": request_url is None,
            "token_rotation_enabled": False,
        },
    }


def _request_url(url: str | None) -> str | None:
    """Slack refuses others when the manifest is pasted, in words that name no option."""
    if url is not None and not (url.startswith("https://") and urlsplit(url).path.endswith("/slack/events")):
        raise click.BadParameter(f"{url!r} is not where Slack can ask: write it as https://HOST/slack/events")
    return url


def _described(registry: Registry, verb: str | None) -> dict[str, str]:
    if verb is None:
        verbs = ", ".join(command.name for command in registry)
        return {
            "description": f"Everything else: {verbs}"[:2000],
            "usage_hint": "<command> …, such as status web in prod",
        }
    command = registry.get(verb)
    return {"description": command.summary, "usage_hint": usage(command).removeprefix(verb).strip()[:1000]}
