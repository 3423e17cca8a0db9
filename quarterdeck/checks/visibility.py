"""Is it said where approvers will read of it: an approval can be asked for wherever somebody speaks, unless a channel is named."""

from __future__ import annotations

from collections.abc import Iterator

from commands.config import Config
from quarterdeck.checks.finding import Finding


def check(config: Config) -> Iterator[Finding]:
    """A warning for each environment that asks for approvals and has no channel of its own."""
    for name, environment in config.environments.items():
        if environment.approvals and not environment.channel:
            yield Finding(
                "warn",
                f"{name} asks for approvals and has no `channel:`, so they are asked for wherever somebody speaks",
                "name the channel that its approvers read",
            )
