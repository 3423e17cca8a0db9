"""Logs on standard error, as text or JSON lines: each names what it is about, and none holds a secret.

A JSON line has ``at``, ``level``, ``logger`` and ``message``; where it is about one, ``operation`` and ``user``; where
something broke, ``traceback``; and whatever was given as ``extra``.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import threading
from datetime import UTC, datetime
from typing import Any

import click

from commands.concern import concern
from quarterdeck.redaction import FIELDS, Redact, redacted

LEVELS = ("debug", "info", "warning", "error")

ABOUT = ("operation", "user")

_OPERATION = re.compile(r"\bop-[0-9a-z]{4}\b")


class Name(logging.Filter):
    """Adds what the line is about: the operation and the user of this moment, unless the line says another itself.

    Loops that look at many operations have none of this moment: there the sentence names the one that it is about.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        for name in ABOUT:
            setattr(record, name, getattr(record, name, None) or getattr(concern(), name))
        if record.operation is None and (named := _OPERATION.search(record.getMessage())):  # type: ignore[attr-defined]
            record.operation = named[0]
        return True


class TextLines(logging.Formatter):
    """``2026-… WARNING bot.ballots: [op-7k3f U0SAM] a vote waits``; what the sentence names anyway is not said twice."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the standard library's
        about = (getattr(record, name, None) for name in ABOUT)
        unsaid = [id for id in about if id and id not in record.message]
        if unsaid:
            record.message = f"[{' '.join(unsaid)}] {record.message}"
        return super().formatMessage(record)


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        told = FIELDS | line.keys()
        given = {name: value for name, value in vars(record).items() if name not in told and value is not None}
        traceback = record.exc_text or (self.formatException(record.exc_info) if record.exc_info else None)
        broke = {"traceback": traceback} if traceback else {}
        return json.dumps(line | given | broke, default=str)


def configure(form: str, level: str) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(Name())
    handler.addFilter(Redact())
    handler.setFormatter(JsonLines() if form == "json" else TextLines())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    logging.getLogger("slack_bolt").setLevel(logging.ERROR)  # it warns of what is meant so
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # it says so of each request that waits its turn
    for noisy in ("slack_sdk", "rq.worker", "urllib3", "kubernetes"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLevelName(level.upper())))


def hear_threads() -> None:
    """What ends a thread is a line like others, too: Python would print it as it is, with whatever secret stands in it."""
    threading.excepthook = _ended


def _ended(how: threading.ExceptHookArgs) -> None:
    if how.exc_value is not None:
        name = how.thread.name if how.thread else "a thread"
        logging.getLogger("quarterdeck").critical("%s ended with a fault of ours", name, exc_info=how.exc_value)


def say(sentence: str, level: int = logging.INFO) -> None:
    """A process's word to who runs it: plain for a person, whatever the level; a JSON line where a machine reads."""
    if any(isinstance(handler.formatter, JsonLines) for handler in logging.getLogger().handlers):
        logging.getLogger("quarterdeck").log(level, "%s", sentence)
    else:
        click.echo(redacted(sentence), err=True)
