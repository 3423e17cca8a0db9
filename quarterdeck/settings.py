"""What a process takes from its environment. Each command asks only for what is its own."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from commands.errors import ConfigError
from commands.proof.signing import VARIABLE
from quarterdeck.redaction import hide, password_in


@dataclass(frozen=True, slots=True)
class Settings:
    """Secrets are read where they are used, and never printed."""

    config: Path
    redis: Mapping[str, str] = field(repr=False)
    """The ``REDIS_*`` variables as they were given; ``Address.read`` judges them."""
    prefix: str
    signing_key: str | None = field(default=None, repr=False)
    """As it was given; ``Key.read`` judges it."""

    @classmethod
    def read(cls, config: str | None) -> Settings:
        prefix = os.environ.get("QUARTERDECK_REDIS_PREFIX", "quarterdeck:")
        redis = {name: value for name, value in os.environ.items() if name.startswith("REDIS_")}
        passwords = (*password_in(redis.get("REDIS_URL", "")), redis.get("REDIS_SENTINEL_PASSWORD"))
        hide(os.environ.get(VARIABLE), *passwords)
        return cls(
            config=Path(config or os.environ.get("QUARTERDECK_CONFIG", "quarterdeck.yaml")),
            redis=redis,
            prefix=prefix if prefix.endswith(":") else f"{prefix}:",
            signing_key=os.environ.get(VARIABLE),
        )


@dataclass(frozen=True, slots=True)
class SlackSecrets:
    """The bot's alone."""

    bot_token: str
    app_token: str | None
    signing_secret: str | None
    api_url: str | None

    def __repr__(self) -> str:
        return "SlackSecrets(…)"

    @classmethod
    def read(cls, *, http: bool) -> SlackSecrets:
        """Raises ``ConfigError`` with every secret that is missing or of the wrong kind."""
        env = os.environ
        problems = [*_token("SLACK_BOT_TOKEN", "xoxb-", "OAuth & Permissions, Bot User OAuth Token")]
        if http:
            problems += [] if env.get("SLACK_SIGNING_SECRET") else [
                "SLACK_SIGNING_SECRET is not set; `--http` needs it (Basic Information, Signing Secret)"
            ]  # fmt: skip
        else:
            problems += _token(
                "SLACK_APP_TOKEN", "xapp-", "Basic Information, App-Level Tokens, scope connections:write"
            )
        if problems:
            raise ConfigError(problems)
        hide(env["SLACK_BOT_TOKEN"], env.get("SLACK_APP_TOKEN"), env.get("SLACK_SIGNING_SECRET"))
        return cls(
            env["SLACK_BOT_TOKEN"], env.get("SLACK_APP_TOKEN"), env.get("SLACK_SIGNING_SECRET") if http else None,
            env.get("SLACK_API_URL"),
        )  # fmt: skip


def _token(name: str, begins: str, where: str) -> list[str]:
    value = os.environ.get(name, "")
    if not value:
        return [f"{name} is not set; Slack's app settings have it under {where}"]
    return [] if value.startswith(begins) else [f"{name} does not begin with {begins}; the right one is under {where}"]
