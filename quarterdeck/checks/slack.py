"""Slack: are the tokens good, which scopes are missing, and can the bot post where its environments are run."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from commands.config import Config
from quarterdeck.checks.finding import Finding
from quarterdeck.manifest import SCOPES


def check(client: WebClient, app_token: str | None, config: Config) -> Iterator[Finding]:
    try:
        answer = client.auth_test()
    except SlackApiError as error:
        code = error.response.get("error")
        yield Finding(
            "fail", f"Slack refuses SLACK_BOT_TOKEN ({code})", "install the app again and copy its Bot User OAuth Token"
        )
        return
    except (SlackClientError, URLError, OSError) as error:
        yield Finding("fail", f"Slack cannot be reached at {client.base_url} ({error})", "let this machine out to it")
        return
    yield Finding("ok", f"Slack knows the bot as {answer.get('user')} in {answer.get('team')}")
    yield from _scopes({name.lower(): value for name, value in answer.headers.items()}.get("x-oauth-scopes", ""))
    yield _socket_mode(client, app_token)
    for name, environment in config.environments.items():
        if environment.channel:
            yield _channel(client, name, environment.channel)


def _scopes(granted: str) -> Iterator[Finding]:
    missing = sorted(set(SCOPES) - {scope.strip() for scope in granted.split(",")})
    if not missing:
        yield Finding("ok", f"all {len(SCOPES)} scopes are granted")
    for scope in missing:
        mend = "add it under OAuth & Permissions (or install `quarterdeck manifest`) and reinstall the app"
        yield Finding("fail", f"the scope {scope} is missing", mend)


def _socket_mode(client: WebClient, app_token: str | None) -> Finding:
    if app_token is None:
        return Finding("skip", "Socket Mode", "SLACK_APP_TOKEN is not set here")
    try:
        client.apps_connections_open(app_token=app_token)
    except SlackApiError as error:
        mend = "make an app-level token with the scope connections:write, and turn Socket Mode on"
        return Finding("fail", f"Slack refuses SLACK_APP_TOKEN ({error.response.get('error')})", mend)
    except (SlackClientError, URLError, OSError) as error:
        return Finding("fail", f"Socket Mode cannot be opened ({error})", "let this machine out to Slack")
    return Finding("ok", "Socket Mode can be opened")


def _channel(client: WebClient, environment: str, channel: str) -> Finding:
    try:
        found = client.conversations_info(channel=channel)["channel"]
    except (SlackApiError, SlackClientError, URLError, OSError) as error:
        code = error.response.get("error") if isinstance(error, SlackApiError) else error
        mend = "invite the bot there if it is private, or mend `channel:`"
        return Finding("fail", f"{environment}: its channel {channel} cannot be seen ({code})", mend)
    if found.get("is_archived"):
        return Finding(
            "fail", f"{environment}: its channel #{found.get('name')} is archived", "name another in `channel:`"
        )
    if found.get("is_private") and not found.get("is_member"):
        return Finding("fail", f"{environment}: the bot is not in #{found.get('name')}", "invite it there")
    return Finding("ok", f"{environment}: its messages go to #{found.get('name')}")
