"""Ctrl-C before a process can be stopped in its own way, in the moments in which it still imports: it ends, and says nothing."""

from __future__ import annotations

import fcntl
import os
import re
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.unit.quarterdeck.run import BARE, config

PAGE = 4096
"""Bytes: the smallest pipe that Linux makes. Whoever tells of their imports through it is never far ahead of who reads."""

INSTALLED = Path(sys.executable).with_name("quarterdeck")

MOMENTS = {
    "demo": ("click", "commands.errors", "quarterdeck.demo.command"),
    "up": ("click", "pydantic", "quarterdeck.supervisor.supervisor"),
    "bot": ("click", "slack_sdk", "slack_bolt"),
    "worker": ("click", "redis", "rq"),
    "watcher": ("click", "redis", "kubernetes.client"),
    "check": ("click", "yaml", "commands.config"),
}
"""By subcommand, modules while or after whose import it is interrupted."""


@pytest.mark.parametrize(("kind", "module"), [(kind, module) for kind, all_ in MOMENTS.items() for module in all_])
def test_it_ends_without_a_word(tmp_path: Path, kind: str, module: str) -> None:
    words = [sys.executable, "-v", "-m", "quarterdeck", "--config", str(config(tmp_path)), kind]
    assert interrupted(words, rf"import '{re.escape(module)}' #") == -signal.SIGINT


@pytest.mark.parametrize("begun", [("-m", "quarterdeck"), (str(INSTALLED),)], ids=["module", "script"])
def test_so_it_does_where_it_begins(begun: tuple[str, ...]) -> None:
    """At the first line that runs once the signal is seen to: that of the import of the command line."""
    for _ in range(10):
        assert interrupted([sys.executable, "-v", *begun, "demo"], r"quarterdeck/cli\.py") == -signal.SIGINT


def interrupted(words: Sequence[str], moment: str) -> int:
    """Its return code, interrupted when it tells of that import; fails if it shows a traceback."""
    reading, writing = os.pipe()
    fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, PAGE)  # while it is empty: one that holds more cannot become so small
    child = subprocess.Popen(words, env=BARE, stdout=subprocess.DEVNULL, stderr=writing)
    os.close(writing)
    with child, os.fdopen(reading, buffering=1) as told:
        assert any(re.search(moment, line) for line in told), f"{moment} is not imported"
        os.kill(child.pid, signal.SIGINT)
        rest = told.read()
    assert "Traceback" not in rest, rest[-2000:]
    return child.returncode
