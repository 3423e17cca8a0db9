"""``quarterdeck up``: bot, worker and watcher under one supervisor, on an embedded Redis unless ``REDIS_URL`` is set."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from dotenv import dotenv_values

from commands.config import Config, Rules
from commands.errors import ConfigError
from commands.proof.signing import VARIABLE
from commands.registry import discover
from quarterdeck import compose, kubeconfigs, metrics
from quarterdeck.health import checked, served
from quarterdeck.logs import say
from quarterdeck.running import stopping
from quarterdeck.settings import Settings, SlackSecrets
from quarterdeck.startup import both
from quarterdeck.supervisor import Crew, EmbeddedRedis, MissingRedis, Stream, Supervisor, data
from quarterdeck.supervisor import redis as embedded

_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command("up")
@click.option("--data", "folder", type=_FOLDER, metavar="DIR",
              help="Where the embedded Redis keeps its data; ~/.local/share/quarterdeck.")  # fmt: skip
@click.option("--tokens", type=_FILE, metavar="FILE",
              help="NAME=value lines with the Slack tokens, and a signing key if you want your own; the environment's own go first.")  # fmt: skip
@click.option("--http", metavar="HOST:PORT", callback=checked, help="As for `quarterdeck bot`.")
@click.option("--health", metavar="HOST:PORT", callback=checked, help="Serve /healthz, /readyz and /metrics there.")
@click.pass_context
def command(
    context: click.Context, folder: Path | None, tokens: Path | None, http: str | None, health: str | None
) -> None:
    """Run bot, worker and watcher, each with its own secrets; what ends is started again."""
    root = context.find_root().params
    if tokens:
        os.environ.update(_tokens(tokens))
    rules = Rules(_checked(root["config"], http=http is not None))
    home = folder or _home()
    with _redis(home) as redis:
        os.environ[VARIABLE] = os.environ.get(VARIABLE) or data.signing_key(home)
        crew = Crew.muster(os.environ, _options(root), ("--http", http) if http else ())
        programs = [*([redis.program()] if redis else []), *crew.programs()]
        _run(Supervisor(programs, Stream(root["log_format"]).hear), crew, health, rules)


def _run(supervisor: Supervisor, crew: Crew, health: str | None, rules: Rules) -> None:
    stop = stopping(None)
    counted = metrics.registry(compose.collector(Settings.read(None), rules))
    with served(health, lambda: _ready(crew), counted):
        try:
            supervisor.start()
            crew.announce("quarterdeck up: bot, worker and watcher are ready; Ctrl-C ends them", stop)
            supervisor.run(stop)
        finally:
            supervisor.end()


def _checked(config: str | None, *, http: bool) -> Config:
    """Raises ``ConfigError`` with all that is wrong, before anything starts."""
    settings = Settings.read(config)
    _, found = both(lambda: SlackSecrets.read(http=http), lambda: compose.essentials(settings, discover()))
    kubeconfigs.check(found)
    if not os.environ.get("REDIS_URL"):
        _find_redis()
    return found


def _find_redis() -> None:
    try:
        embedded.find()
    except MissingRedis as error:
        raise MissingRedis(f"{error}; or set REDIS_URL to a Redis that runs already") from None


def _tokens(file: Path) -> dict[str, str]:
    """Those of the file that the environment lacks. Raises ``ConfigError`` where others may read it."""
    if file.stat().st_mode & 0o077:
        raise ConfigError([f"{file} can be read by others than you; `chmod 600 {shlex.quote(str(file))}` mends that"])
    values = dotenv_values(file, interpolate=False)
    return {name: value for name, value in values.items() if value and name not in os.environ}


def _options(root: dict[str, Any]) -> tuple[str, ...]:
    config = str(Settings.read(root["config"]).config)
    return "--config", config, "--log-format", root["log_format"], "--log-level", root["log_level"]


def _ready(crew: Crew) -> tuple[bool, dict[str, object]]:
    found = crew.readiness()
    return all(found.values()), dict(found)


def _home() -> Path:
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "quarterdeck"


@contextmanager
def _redis(folder: Path) -> Iterator[EmbeddedRedis | None]:
    """The embedded one, with ``REDIS_URL`` set to it; None where ``REDIS_URL`` was set already."""
    if os.environ.get("REDIS_URL"):
        yield None
        return
    with data.held(folder):
        redis = EmbeddedRedis.choose(folder)
        os.environ["REDIS_URL"] = redis.url
        address = folder / "redis.url"
        data.write_private(address, redis.url)
        say(f"quarterdeck up: data in {folder}; for other commands: export REDIS_URL=$(cat {address})")
        try:
            yield redis
        finally:
            address.unlink(missing_ok=True)
