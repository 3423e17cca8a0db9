"""Sets the stage, starts the real processes as children, and shows the page until Ctrl-C."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

from commands.config import Config
from commands.proof.signing import VARIABLE
from commands.registry import discover
from playground import example
from playground.page import Page
from quarterdeck import compose
from quarterdeck.demo.cast import Cast, cast
from quarterdeck.demo.parts import parts
from quarterdeck.demo.stage import Stage, set_up
from quarterdeck.logs import say
from quarterdeck.settings import Settings
from quarterdeck.supervisor import Crew, EmbeddedRedis, Stream, Supervisor
from quarterdeck.supervisor.redis import find

_PREFIX = "quarterdeck-demo-"


def show(
    root: dict[str, Any], port: int, no_browser: bool, own: Path | None, speed: float, stop: Event
) -> None:  # fmt: skip
    """``root``: the words before ``demo``. Ends when ``stop`` is set, which is looked at once all is set up."""
    source = own or (Path(root["config"]) if root["config"] else example.configuration())
    config = compose.configuration(Settings.read(str(source)), discover())
    find()
    with _folder() as folder, set_up(config, source, cast(config), folder, speed) as stage:
        if not stop.is_set():
            _run(stage, config, cast(config), folder, root, port, no_browser, stop)


def _run(
    stage: Stage, config: Config, cast: Cast, folder: Path, root: dict[str, Any], port: int, no_browser: bool, stop: Event
) -> None:  # fmt: skip
    redis = EmbeddedRedis.choose(folder)
    options = ("--config", str(stage.config), "--log-format", root["log_format"], "--log-level", root["log_level"])
    own = {process: {"KUBECONFIG": path} for process, path in stage.kubeconfigs.items()}
    crew = Crew.muster(_environment(stage, redis), options, own=own)
    supervisor = Supervisor([redis.program(), *crew.programs()], Stream(root["log_format"]).hear)
    with _page(stage, config, cast, supervisor, port) as page:
        try:
            supervisor.start()
            say(f"quarterdeck demo: {page.url}")
            for name, cluster in stage.clusters.items():
                say(f"quarterdeck demo: kubectl --kubeconfig {cluster.kubeconfig} get pods -A -w   # cluster {name}")
            if not no_browser:
                webbrowser.open(page.url)
            crew.announce("quarterdeck demo: all is ready; Ctrl-C ends it", stop)
            supervisor.run(stop)
        finally:
            supervisor.end()


@contextmanager
def _page(stage: Stage, config: Config, cast: Cast, supervisor: Supervisor, port: int) -> Iterator[Page]:
    page = Page(stage.workspace, parts(stage, config, cast, supervisor), port=port, home=cast.home)
    try:
        page.start()
    except OSError as error:
        raise OSError(
            f"cannot listen on 127.0.0.1:{port}: {error.strerror or error}; choose another --port, or 0"
        ) from error
    try:
        yield page
    finally:
        page.stop()


def _environment(stage: Stage, redis: EmbeddedRedis) -> dict[str, str]:
    """Nothing of the person's own: neither their tokens nor their clusters are in reach of a rehearsal."""
    kept = {
        name: os.environ[name]
        for name in ("PATH", "HOME", "LANG", "TZ", "VIRTUAL_ENV", "PYTHONPATH")
        if name in os.environ
    }
    return kept | {
        "REDIS_URL": redis.url,
        VARIABLE: secrets.token_hex(32),
        "SLACK_BOT_TOKEN": stage.workspace.bot_token,
        "SLACK_APP_TOKEN": stage.workspace.app_token,
        "SLACK_API_URL": stage.workspace.url,
    }


@contextmanager
def _folder() -> Iterator[Path]:
    """For everything that the demo writes. Those that killed demos left behind are taken away first."""
    for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        if not _runs(left.name.removeprefix(_PREFIX).split("-")[0]):
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=f"{_PREFIX}{os.getpid()}-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _runs(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except PermissionError:
        return True  # somebody else's demo
    except (ProcessLookupError, ValueError):
        return False
    return True
