"""``quarterdeck check``: what works, what does not and the mend, one line each. It tests what this process may hold."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence

import click

from commands.config import Config
from commands.errors import ConfigError
from commands.registry import Registry, discover
from commands.store import Address
from commands.wording import counted
from quarterdeck import compose
from quarterdeck.checks import redis, signing, visibility
from quarterdeck.checks.finding import Finding
from quarterdeck.settings import Settings, SlackSecrets

PROCESSES = ("bot", "worker", "watcher")


@click.command("check")
@click.option("--as", "process", type=click.Choice(PROCESSES), help="Only what this process may hold; else all three.")
@click.pass_obj
def command(config: str | None, process: str | None) -> int:
    """Tell what works, what does not, and the mend. Exits with 1 if anything fails."""
    failed = False
    for finding in findings(Settings.read(config), [process] if process else PROCESSES):
        click.echo(str(finding))
        failed |= finding.level == "fail"
    return int(failed)


def findings(settings: Settings, processes: Sequence[str] = PROCESSES) -> Iterator[Finding]:
    """In the order of what depends on what."""
    registry = discover()
    try:
        store = compose.probing(settings)
        yield from redis.check(store, Address.read(settings.redis))
        yield from signing.check(store, store.clock(time.time)())
    except ConfigError as error:
        yield from (Finding("fail", problem) for problem in error.problems)
    try:
        config = compose.configuration(settings, registry)
    except ConfigError as error:
        yield from (Finding("fail", problem) for problem in error.problems)
        yield Finding("skip", "Slack and clusters", "the configuration says which; mend it first")
        return
    yield Finding(
        "ok",
        f"{settings.config}: {counted(len(config.environments), 'environment')}, {counted(len(config.permissions), 'permission')}",
    )
    yield from visibility.check(config)
    if "bot" in processes:
        yield from _slack(config)
    if {"worker", "watcher"} & set(processes):
        yield from _clusters(config, registry, processes)


def _slack(config: Config) -> Iterator[Finding]:
    if "SLACK_BOT_TOKEN" not in os.environ:
        yield Finding("skip", "Slack", "SLACK_BOT_TOKEN is not set here; run check where the bot runs")
        return
    from quarterdeck import compose_bot  # noqa: PLC0415 - only where a token is
    from quarterdeck.checks import slack  # noqa: PLC0415

    try:
        secrets = SlackSecrets.read(http="SLACK_SIGNING_SECRET" in os.environ and "SLACK_APP_TOKEN" not in os.environ)
    except ConfigError as error:
        yield from (Finding("fail", problem) for problem in error.problems)
        return
    yield from slack.check(compose_bot.slack_client(secrets), secrets, config)


def _clusters(config: Config, registry: Registry, processes: Sequence[str]) -> Iterator[Finding]:
    from quarterdeck.checks import clusters  # noqa: PLC0415 - the bot's process never imports the kubernetes client
    from workers.rights import PROCESSES as WITH_ACCOUNTS  # noqa: PLC0415

    yield from clusters.check(config, registry, [process for process in WITH_ACCOUNTS if process in processes])
