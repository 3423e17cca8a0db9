"""Keeps secrets out of the log: what has the looks of one, and the very values that this process was handed."""

from __future__ import annotations

import logging
import re
from typing import Any
from urllib.parse import unquote, urlsplit

MASK = "…"

LOOKS = re.compile(
    r"""xox[a-z]-[\w-]+ | xapp-[\w-]+                                     # Slack's tokens
      | (?<=hooks\.slack\.com/)[\w/-]+                                    # whoever knows the rest may post
      | (?<=://)[^/@\s:]*:[^/@\s]+(?=@)                                   # user and password in a URL
      | \b(?:Bearer|Basic)[ ][\w.~+/=-]{8,}                                # what stands in an Authorization header
      | \beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?                             # JSON Web Tokens: service accounts have them
      | -----BEGIN[ ][A-Z ]*PRIVATE[ ]KEY-----.*?(?:-----END[ A-Z]*-----|\Z)""",
    re.VERBOSE | re.DOTALL,
)

SHORTEST = 8
"""Characters. A shorter password is masked in URLs alone: it may be a word that lines are full of."""

FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}
"""What every record of the standard library has; whatever else one has came with ``extra``."""

_handed: set[str] = set()


def hide(*secrets: str | None) -> None:
    """From now on these values appear in no line. A signing secret looks like any checksum: only its value tells it."""
    _handed.update(secret for secret in secrets if secret and len(secret) >= SHORTEST)


def password_in(url: str) -> tuple[str, ...]:
    """The password of a URL as it is written there and as it is meant; nothing where it has none or is no URL."""
    try:
        password = urlsplit(url).password
    except ValueError:
        return ()
    return (password, unquote(password)) if password else ()


def redacted(text: str) -> str:
    for secret in sorted(_handed, key=len, reverse=True):
        text = text.replace(secret, MASK)
    return LOOKS.sub(MASK, text)


def redacted_within(value: Any) -> Any:
    """The same within whatever JSON can hold; anything else as its text."""
    match value:
        case None | bool() | int() | float():
            return value
        case dict():
            return {redacted(str(key)): redacted_within(item) for key, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [redacted_within(item) for item in value]
        case _:
            return redacted(str(value))


class Redact(logging.Filter):
    """On the handler, so that no logger goes around it: message, traceback, stack and ``extra``."""

    def __init__(self) -> None:
        super().__init__()
        self._formatter = logging.Formatter()

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redacted(record.getMessage()), None
        if record.exc_info:
            record.exc_text = redacted(record.exc_text or self._formatter.formatException(record.exc_info))
        if record.stack_info:
            record.stack_info = redacted(record.stack_info)
        for name in vars(record).keys() - FIELDS:
            setattr(record, name, redacted_within(getattr(record, name)))
        return True
