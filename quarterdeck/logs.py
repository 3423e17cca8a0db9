"""Logs on standard error, as text or JSON lines; tokens never appear in them."""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import UTC, datetime

import click

LEVELS = ("debug", "info", "warning", "error")

SECRET = re.compile(r"xox[a-z]-[\w-]+|xapp-[\w-]+|(?<=://)[^/@\s:]*:[^/@\s]+(?=@)|Bearer [\w.~+/=-]+")
"""Slack tokens, passwords in URLs, bearer tokens."""


class Redacting(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return SECRET.sub("…", super().format(record))


class JsonLines(Redacting):
    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(
            {
                "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
                "level": record.levelname.lower(),
                "logger": record.name,
                "message": super().format(record),
            }
        )


def configure(form: str, level: str) -> None:
    handler = logging.StreamHandler(sys.stderr)
    text = "%(asctime)s %(levelname)s %(name)s: %(message)s"
    handler.setFormatter(JsonLines("%(message)s") if form == "json" else Redacting(text))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    logging.getLogger("slack_bolt").setLevel(logging.ERROR)  # it warns of what is meant so
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # it says so of each request that waits its turn
    for noisy in ("slack_sdk", "rq.worker", "urllib3", "kubernetes"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLevelName(level.upper())))


def say(sentence: str, level: int = logging.INFO) -> None:
    """A process's word to who runs it: plain for a person, whatever the level; a JSON line where a machine reads."""
    if any(isinstance(handler.formatter, JsonLines) for handler in logging.getLogger().handlers):
        logging.getLogger("quarterdeck").log(level, "%s", sentence)
    else:
        click.echo(SECRET.sub("…", sentence), err=True)
