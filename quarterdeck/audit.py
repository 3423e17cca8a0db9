"""``quarterdeck audit``: the record of who did what, as JSON lines."""

from __future__ import annotations

import json

import click

from commands.errors import StoreUnavailable
from commands.store import Store, patient
from quarterdeck import compose
from quarterdeck.settings import Settings


@click.group("audit")
def command() -> None:
    """The record of who did what."""


@command.command("export")
@click.pass_obj
def export(config: str | None) -> None:
    """Every entry, oldest first, one JSON object a line."""
    settings = Settings.read(config)
    compose.probing(settings)
    try:
        for entry in Store(patient(settings.redis_url), settings.prefix).audit.export():
            click.echo(json.dumps(entry, sort_keys=True, ensure_ascii=False))
    except StoreUnavailable as error:
        raise StoreUnavailable(f"Redis does not answer ({error.__cause__}); is REDIS_URL right?") from error
