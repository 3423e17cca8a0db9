"""What must not be shown: secrets in texts that programs wrote, and names of fields that hold one.

Over-eager on purpose: a masked word costs a glance, a shown token costs a rotation. Texts come from anywhere, so every
expression here takes linear time: it starts only where a word starts, and never gives back what it took (``++``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

MASK = "[redacted]"

_WORDS = r"pass(?:word|wd|phrase)|pwd|token|secret|credential|api[_-]?key|access[_-]?key|private[_-]?key|cookie|session[_-]?id"
_SECRET_NAME = re.compile(
    rf"{_WORDS}|pass$|authorization$|(?:^|[_.\-/])(?:keys?|pass|pw|creds?|auth|dsn|salt)(?:$|[_.\-/])", re.IGNORECASE
)
_SECRET_WORD = re.compile(rf"{_WORDS}|(?:[a-z]pass|[_\-](?:key|auth)|dsn|(?:^|[_.\-])(?:pw|creds?))$", re.IGNORECASE)
"""Stricter than for names of fields: ``key: …`` in a log is seldom a secret."""

# NAME=value, "name": "value", name => value; the value ends at a blank, a comma or its closing quote.
_ASSIGNED = re.compile(r"""(?<![\w.\-])([\w.\-]++)["']?[ \t]*+(?:=>|:=|[=:])[ \t]*+""")
_VALUE = re.compile(r""""(?:[^"\\\n]|\\.){0,4096}+"|'(?:[^'\\\n]|\\.){0,4096}+'|["']?[^\s,;&"'}\])]++""")
_OPTION = re.compile(r"(?<![\w\-])(--?([\w\-]++)[ \t]++)(?!-)(\S++)")
_LISTED = re.compile(r"""((["'])--?([\w\-]++)\2[ \t]*+,[ \t]*+\2)(?!-)((?:[^"'\\\n]|\\.)++)""")
"""``"--password", "…"``: an option and its value as two items of a list."""
_SCHEME = re.compile(r"\b(bearer|basic|digest|negotiate|token)([ \t]+)(?=\S*[\d=+/])[\w.\-+/=~:]{8,}+", re.IGNORECASE)
_AUTHORIZATION = re.compile(r"(authorization[\"']?[ \t]*+[:=][ \t]*+[\"']?)[^\"'\r\n]++", re.IGNORECASE)
_USERINFO = re.compile(r"(?<=://)([^\s/:@]*+:)[^\s/]*@")
_PEM = re.compile(r"-----BEGIN [A-Z0-9 ]++-----.*?(?:-----END [A-Z0-9 ]++-----|\Z)", re.DOTALL)
_PEM_END = re.compile(r"-----END [A-Z0-9 ]++-----")
_BASE64_LINE = re.compile(r"[A-Za-z0-9+/=]{4,}+\s*")
_KNOWN = re.compile(
    r"""(?<![\w\-])(?:
        (?:AKIA|ASIA|AIDA|AROA)[A-Z0-9]{16}                                      # AWS key ids
      | eyJ[\w\-]{8,}+\.[\w\-]{8,}+(?:\.[\w\-]*+)?                               # JSON Web Tokens
      | gh[pousr]_\w{20,}+ | github_pat_\w{20,}+ | glpat-[\w\-]{16,}+            # GitHub, GitLab
      | xox[a-z]-[\w\-]{8,}+ | xapp-[\w\-]{8,}+                                  # Slack
      | https://hooks\.slack\.com/(?:services|workflows|triggers)/[\w\-/]++     # whoever knows it may post
      | AIza[\w\-]{30,}+ | ya29\.[\w\-]{20,}+                                    # Google
      | [sr]k_(?:live|test)_\w{16,}+ | npm_\w{30,}+ | dckr_pat_[\w\-]{16,}+ | hv[sb]\.[\w\-]{20,}+
    )""",
    re.VERBOSE,
)


def is_secret_name(name: str) -> bool:
    """Whether a variable, annotation or key of this name is likely to hold a secret."""
    return _SECRET_NAME.search(name) is not None


_PLAIN = re.compile(
    r"""-?\d{1,9}(?:\.\d{1,9})?(?:[numk]|[KMGTPE]i?B?|%)?                       # numbers, quantities, sizes, shares
      | (?:\d{1,9}(?:\.\d{1,9})?(?:ns|us|µs|ms|[smhd])){1,6}                    # times
      | true | false | yes | no | on | off | enabled | disabled | none | auto
      | trace | debug | verbose | info | notice | warn(?:ing)? | error | critical | fatal
      | local | dev(?:elopment)? | test(?:ing)? | qa | stag(?:e|ing) | prod(?:uction)?
      |
    """,
    re.VERBOSE | re.IGNORECASE,
)


def is_plain(value: str) -> bool:
    """Whether the value cannot be a secret: a number with or without a unit, a switch, a log level, an environment's name."""
    return _PLAIN.fullmatch(value) is not None


_TOKEN = re.compile(r"[A-Za-z0-9+/_\-]{24,512}={0,2}")
_CHANGE = re.compile(r"(?<=[a-z])[^a-z]|(?<=[A-Z])[^A-Z]|(?<=[0-9])[^0-9]")
_CLASSES = ("[a-z]", "[A-Z]", "[0-9]")
RESTLESS = 0.45
"""Changes between small letters, capitals and digits, for each character: some 0.6 where chance wrote it, a third in CamelCase."""


def is_random(value: str) -> bool:
    """Whether the whole value looks as if chance had written it: a key of at least 24 letters, both small and capital, and digits.

    A hexadecimal one is let pass, for commits and checksums look the same.
    """
    if not _TOKEN.fullmatch(value) or not all(re.search(kind, value) for kind in _CLASSES):
        return False
    return len(_CHANGE.findall(value)) / len(value) >= RESTLESS


def redact(text: str) -> str:
    """The text with everything masked that looks like a secret."""
    text = _without_pem_tails(_PEM.sub(MASK, text))
    text = _AUTHORIZATION.sub(rf"\1{MASK}", text)
    text = _SCHEME.sub(rf"\1\2{MASK}", text)
    text = _USERINFO.sub(rf"\1{MASK}@", text)
    text = "".join(_without_assigned(text))
    text = _OPTION.sub(lambda option: option[1] + (MASK if _SECRET_WORD.search(option[2]) else option[3]), text)
    text = _LISTED.sub(lambda option: option[1] + (MASK if _SECRET_WORD.search(option[3]) else option[4]), text)
    return _KNOWN.sub(MASK, text)


def redact_messages(obj: Any, hide: Callable[[str], str] = redact) -> Any:
    """A copy of a JSON object with every ``message`` in it as ``hide`` lets it be seen."""
    if isinstance(obj, list):
        return [redact_messages(item, hide) for item in obj]
    if not isinstance(obj, dict):
        return obj
    return {
        key: hide(value) if key == "message" and isinstance(value, str) else redact_messages(value, hide)
        for key, value in obj.items()
    }


def _without_assigned(text: str) -> Iterator[str]:
    """The text in pieces. What is assigned to an innocent name is looked into as well: ``msg="password=…"``."""
    done = 0
    for assigned in _ASSIGNED.finditer(text):
        if assigned.start() < done or not _SECRET_WORD.search(assigned[1]):
            continue
        value = _VALUE.match(text, assigned.end())
        if value and value[0] != MASK:
            quote = value[0][0] if value[0][0] in "\"'" else ""
            yield text[done : assigned.end()] + quote + MASK + quote
            done = value.end()
    yield text[done:]


def _without_pem_tails(text: str) -> str:
    """A log's last lines may begin in the middle of a key: then the lines before its end are the key."""
    if not _PEM_END.search(text):
        return text
    kept: list[str] = []
    for line in text.split("\n"):
        if _PEM_END.search(line):
            while kept and _BASE64_LINE.fullmatch(kept[-1]):
                kept.pop()
            kept.append(_PEM_END.sub(MASK, line))
        else:
            kept.append(line)
    return "\n".join(kept)
