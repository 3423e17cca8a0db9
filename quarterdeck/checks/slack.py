"""Slack: are the tokens good, which scopes are missing, and can the bot post where its environments are run and broken glass is told."""

from __future__ import annotations

from collections.abc import Iterator

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from commands.config import Config
from commands.errors import ConfigError
from quarterdeck.checks.finding import Finding
from quarterdeck.compose_bot import slack_said_in_words
from quarterdeck.manifest import SCOPES
from quarterdeck.settings import SlackSecrets


def check(client: WebClient, secrets: SlackSecrets, config: Config) -> Iterator[Finding]:
    try:
        with slack_said_in_words(client, "SLACK_BOT_TOKEN"):
            answer = client.auth_test()
    except ConfigError as error:
        yield Finding("fail", str(error))
        return
    yield Finding("ok", f"Slack knows the bot as {answer.get('user')} in {answer.get('team')}")
    yield from _scopes({name.lower(): value for name, value in answer.headers.items()}.get("x-oauth-scopes", ""))
    yield _front(client, secrets.app_token)
    for name, environment in config.environments.items():
        if environment.channel:
            yield _channel(client, name, environment.channel)
    if config.break_glass:
        yield _channel(client, "break_glass", config.break_glass.channel)


def _front(client: WebClient, app_token: str | None) -> Finding:
    if app_token is None:
        return Finding("ok", "SLACK_SIGNING_SECRET is set, for `bot --http`; only a request of Slack's can prove it")
    try:
        with slack_said_in_words(client, "SLACK_APP_TOKEN"):
            client.apps_connections_open(app_token=app_token)
    except ConfigError as error:
        return Finding("fail", str(error))
    return Finding("ok", "Socket Mode can be opened")


def _scopes(granted: str) -> Iterator[Finding]:
    missing = sorted(set(SCOPES) - {scope.strip() for scope in granted.split(",")})
    if not missing:
        yield Finding("ok", f"all {len(SCOPES)} scopes are granted")
    for scope in missing:
        mend = "add it under OAuth & Permissions (or install `quarterdeck manifest`) and reinstall the app"
        yield Finding("fail", f"the scope {scope} is missing", mend)


def _channel(client: WebClient, whose: str, channel: str) -> Finding:
    try:
        found = client.conversations_info(channel=channel)["channel"]
    except (SlackApiError, SlackClientError, OSError) as error:
        code = error.response.get("error") if isinstance(error, SlackApiError) else error
        mend = "invite the bot there (`/invite`) if it is private, or mend `channel:`"
        return Finding("fail", f"{whose}: its channel {channel} cannot be seen ({code})", mend)
    if found.get("is_archived"):
        return Finding("fail", f"{whose}: its channel #{found.get('name')} is archived", "name another in `channel:`")
    if not found.get("is_member"):
        return Finding("fail", f"{whose}: the bot is not in #{found.get('name')}", "invite it there (`/invite`)")
    return Finding("ok", f"{whose}: its messages go to #{found.get('name')}")
