"""What must not be shown: secrets in texts that programs wrote, and names of fields that hold one.

Over-eager on purpose: a masked timestamp costs a glance, a shown token costs a rotation.
"""

from __future__ import annotations

import re

MASK = "[redacted]"

_WORDS = r"pass(?:word|wd|phrase)|pwd|token|secret|credential|api[_-]?key|access[_-]?key|private[_-]?key|cookie|session[_-]?id"
_SECRET_NAME = re.compile(rf"{_WORDS}|(?:^|[_.\-/])(?:key|keys|pass|auth|dsn|salt)(?:$|[_.\-/])", re.IGNORECASE)

# NAME=value, "name": "value", --name value, name => value. The value ends at a blank, a comma or its closing quote.
_ASSIGNMENT = re.compile(
    rf"""(?P<name>["']?(?:--?)?[\w.\-]*(?:{_WORDS}|[_\-](?:key|dsn|auth))[\w.\-]*["']?)
         (?P<sign>\s*(?:=>|:=|[=:])\s*|(?<=\w)\s+(?=["']))
         (?P<value>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s,;&"'}}\])]+)""",
    re.IGNORECASE | re.VERBOSE,
)
_OPTION = re.compile(rf"(--?[\w\-]*(?:{_WORDS})[\w\-]*\s+)(?!-)\S+", re.IGNORECASE)
_SCHEME = re.compile(r"\b(bearer|basic|digest|negotiate|token)(\s+)[\w.\-+/=~:]{8,}", re.IGNORECASE)
_AUTHORIZATION = re.compile(r"(authorization[\"']?\s*[:=]\s*[\"']?)[^\"'\r\n]+", re.IGNORECASE)
_USERINFO = re.compile(r"(\b[a-z][a-z0-9+.\-]*://[^\s/:@]*:)[^\s/@]+(?=@)", re.IGNORECASE)
_PEM = re.compile(r"-----BEGIN [A-Z0-9 ]+-----.*?(?:-----END [A-Z0-9 ]+-----|\Z)", re.DOTALL)
_PEM_TAIL = re.compile(r"(?:^[A-Za-z0-9+/=]{16,}\s*\n)*^[A-Za-z0-9+/=]*\s*-----END [A-Z0-9 ]+-----", re.MULTILINE)
_KNOWN = re.compile(
    r"""\b(?:
        (?:AKIA|ASIA|AIDA|AROA)[A-Z0-9]{16}                            # AWS key ids
      | eyJ[\w\-]{8,}\.[\w\-]{8,}(?:\.[\w\-]*)?                        # JSON Web Tokens
      | gh[pousr]_\w{20,} | github_pat_\w{20,} | glpat-[\w\-]{16,}     # GitHub, GitLab
      | xox[a-z]-[\w\-]{8,} | xapp-[\w\-]{8,}                          # Slack
      | AIza[\w\-]{30,} | ya29\.[\w\-]{20,}                            # Google
      | [sr]k_(?:live|test)_\w{16,} | npm_\w{30,} | dckr_pat_[\w\-]{16,} | hv[sb]\.[\w\-]{20,}
    )""",
    re.VERBOSE,
)


def is_secret_name(name: str) -> bool:
    """Whether a variable, annotation or key of this name is likely to hold a secret."""
    return _SECRET_NAME.search(name) is not None


def redact(text: str) -> str:
    """The text with everything masked that looks like a secret."""
    text = _PEM_TAIL.sub(MASK, _PEM.sub(MASK, text))
    text = _AUTHORIZATION.sub(rf"\1{MASK}", text)
    text = _SCHEME.sub(rf"\1\2{MASK}", text)
    text = _USERINFO.sub(rf"\1{MASK}", text)
    text = _ASSIGNMENT.sub(_masked, text)
    text = _OPTION.sub(rf"\1{MASK}", text)
    return _KNOWN.sub(MASK, text)


def _masked(match: re.Match[str]) -> str:
    value = match["value"]
    quote = value[0] if value[0] in "\"'" else ""
    return f"{match['name']}{match['sign']}{quote}{MASK}{quote}"
