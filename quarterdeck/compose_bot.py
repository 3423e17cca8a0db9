"""The composition root of Slack's side: from settings to the parts of the bot. Tests build theirs here too."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.meter import Meter
from bot.process import BotParts
from commands.config import Rules
from commands.errors import ConfigError
from commands.registry import discover
from commands.store import hurried, patient
from quarterdeck import compose
from quarterdeck.settings import Settings, SlackSecrets
from quarterdeck.startup import Unreached

SLACK_TIMEOUT = 10
"""Seconds for one Web API call."""

PASSING = frozenset({"ratelimited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"})
"""Slack's errors that say nothing of the token."""

MENDS = {
    "SLACK_BOT_TOKEN": "install the app again and copy its Bot User OAuth Token",
    "SLACK_APP_TOKEN": "make an app-level token with the scope connections:write, and turn Socket Mode on",
}
"""What helps where Slack refuses a token."""

Clock = Callable[[], float]


def slack_client(secrets: SlackSecrets) -> WebClient:
    """Raises nothing; connections to a loopback base URL ignore proxies."""
    client = WebClient(token=secrets.bot_token, timeout=SLACK_TIMEOUT, retry_handlers=[])
    if secrets.api_url:
        client = WebClient(token=secrets.bot_token, timeout=SLACK_TIMEOUT, retry_handlers=[], base_url=secrets.api_url)
    if is_loopback(client.base_url):
        client.proxy = None
        bypass_proxies()
    return client


LOOPBACK = ("127.0.0.1", "localhost", "::1")


def is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return host in {"localhost", "::1"} or host.startswith("127.")


def bypass_proxies() -> None:
    """urllib, which slack_sdk uses, honours only the environment's word on this."""
    for name in ("NO_PROXY", "no_proxy"):
        hosts = [*filter(None, os.environ.get(name, "").split(",")), *LOOPBACK]
        os.environ[name] = ",".join(dict.fromkeys(hosts))


def bot_parts(
    settings: Settings, secrets: SlackSecrets, rules: Rules, meter: Meter, *, now: Clock | None = None
) -> BotParts:
    """Opens no connection. A test may have a time of its own; else it is Redis's, and what Slack signs is judged by ours."""
    quick = compose.store(settings, hurried)
    return BotParts(
        rules=rules,
        registry=discover(),
        client=slack_client(secrets),
        store=compose.store(settings, patient),
        hurried=quick,
        queue=compose.jobs(settings, 0.3, rules),
        now=now or quick.clock(time.time),
        machine=now or time.time,
        meter=meter,
        signing_secret=secrets.signing_secret,
    )


@contextmanager
def slack_said_in_words(client: WebClient, token: str) -> Iterator[None]:
    """Slack's errors as a ``ConfigError``; ``token`` names the one that is used. ``Unreached`` where Slack did not judge it."""
    try:
        yield
    except SlackApiError as error:
        code = error.response.get("error")
        if error.response.status_code == 429 or error.response.status_code >= 500 or code in PASSING:
            raise Unreached([f"Slack cannot answer just now ({code})"]) from error
        raise ConfigError([f"Slack refuses {token}: {code}; {MENDS[token]}"]) from error
    except (SlackClientError, OSError) as error:
        raise Unreached([f"Slack cannot be reached at {client.base_url}: {error}"]) from error


def identity(client: WebClient) -> AuthorizeResult:
    """Who we are, asked once. Raises ``ConfigError`` where Slack refuses the token, ``Unreached`` where it does not answer."""
    with slack_said_in_words(client, "SLACK_BOT_TOKEN"):
        answer = client.auth_test()
    return AuthorizeResult(
        enterprise_id=answer.get("enterprise_id"), team_id=answer.get("team_id"), bot_user_id=answer.get("user_id"),
        bot_id=answer.get("bot_id"), bot_token=client.token, url=answer.get("url"),
    )  # fmt: skip
