"""What a supervised process is started with. No process is handed another's secrets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Environment = Mapping[str, str]

_BOTH = (
    "PATH",
    "HOME",
    "USER",
    "LANG",
    "TZ",
    "TMPDIR",
    "VIRTUAL_ENV",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
)
_FAMILIES = ("LC_", "PYTHON", "SSL_", "REDIS_", "QUARTERDECK_", "SLACK_")
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@dataclass(frozen=True, slots=True)
class Program:
    """``name`` is whose its lines in the log are. ``arguments`` may hold no secret: every user of a machine can read them."""

    name: str
    arguments: tuple[str, ...]
    environment: Environment = field(repr=False)
    stdin: bytes = field(default=b"", repr=False)
    """What it reads first, such as a configuration with a password in it."""
    carries: bool = False
    """Whether the others stand on it, as on Redis: it is told to end when they have ended."""


def for_bot(environment: Environment) -> dict[str, str]:
    """What a bot needs. Only what is named: no kubeconfig, nor the credentials of any cloud that one would call upon."""
    return {name: value for name, value in environment.items() if _is_bots(name)}


def for_clusters(environment: Environment) -> dict[str, str]:
    """What workers and the watcher need: all but Slack's, since a kubeconfig may call upon any cloud's credentials."""
    return {name: value for name, value in environment.items() if not name.startswith("SLACK_")}


def _is_bots(name: str) -> bool:
    return name in _BOTH or name.startswith(_FAMILIES) or name.lower() in _PROXIES
