"""``quarterdeck audit``: the record of who did what, as JSON lines, and whether anybody has changed it."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import click

from commands.errors import StoreUnavailable
from commands.proof.chain import Head
from commands.proof.signing import VARIABLE, Key
from commands.proof.verifying import Verification, verify
from commands.store import Store, patient
from commands.times import UNITS
from commands.wording import counted
from quarterdeck import compose
from quarterdeck.settings import Settings


class Since(click.ParamType[float]):
    """``2026-03-01``, ``2026-03-01T09:30+01:00`` (UTC where nothing is said), or how long ago: ``90m``, ``2h``, ``7d``."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        text = str(value)
        if ago := re.fullmatch(r"([0-9]{1,9})([smhd])", text):
            return time.time() - int(ago[1]) * UNITS[ago[2]]
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            self.fail(f"{text!r} is no time such as 2026-03-01, 2026-03-01T09:30+01:00 or 7d", param, ctx)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()


class KeptHead(click.ParamType[Head]):
    name = "number:hash"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Head:
        try:
            return Head.parse(str(value))
        except ValueError:
            self.fail(f"{value!r} is no head such as `audit export` tells it, 120:9f86…", param, ctx)


@click.group("audit")
def command() -> None:
    """The record of who did what."""


@command.command("export")
@click.option("--since", type=Since(), help="Only from then on: a date, a time, or how long ago (7d).")
@click.pass_obj
def export(config: str | None, since: float | None) -> None:
    """Every entry, oldest first, one JSON object a line; the chain's head on standard error."""
    with _records(config) as store:
        for entry in store.audit.export(since or 0.0):
            click.echo(json.dumps(entry, sort_keys=True, ensure_ascii=False))
        click.echo(f"head {store.audit.head()}", err=True)


@command.command("verify")
@click.option("--head", "kept", type=KeptHead(), help="A head that `audit export` told, to find a chain written anew.")
@click.pass_context
def verified(context: click.Context, kept: Head | None) -> None:
    """Whether any entry was changed, removed, inserted or moved."""
    with _records(context.obj) as store:
        found = verify(store.audit.rows(), store.audit.head(), store.key, kept, store.audit.head)
    for finding in found.findings:
        click.echo(finding)
    click.echo(_summary(found, store.key))
    context.exit(1 if found.findings else 0)


@contextmanager
def _records(config: str | None) -> Iterator[Store]:
    try:
        yield compose.store(Settings.read(config), patient)
    except StoreUnavailable as error:
        raise StoreUnavailable(f"Redis does not answer ({error.__cause__}); is REDIS_URL right?") from error


def _summary(found: Verification, key: Key | None) -> str:
    """One line: how much was looked at, what it is worth, and what was not checked."""
    count = f"{counted(found.entries, 'entry', 'entries')}"
    if found.findings:
        return f"{count}: not what was written, see above"
    unanchored = "consistent, not anchored (give a head that was kept elsewhere with --head)"
    told = [f"{count}: {'consistent and anchored' if found.anchored else unanchored}"]
    if found.first and found.first > 1:
        told.append(f"numbers before {found.first} were trimmed")
    if found.unchained:
        told.append(f"the first {found.unchained} were written before there was a chain")
    if key:
        told.append(f"held in place up to number {found.held}" if found.held else "no head is sealed in it yet")
    if key and found.unsealed:
        told.append(f"{found.unsealed} bear no key's seal, so that who can write Redis can have written them")
    told += [
        f"the words of {number} were sealed with the key {id}, which is not in {VARIABLE}, and were not checked"
        for id, number in found.unchecked.items()
    ]
    return "; ".join([*told, f"head {found.head}"])
