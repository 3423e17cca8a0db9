"""One request as the handlers see it, and what they answer with. Nothing here knows of HTTP servers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from playground.cluster.access.attributes import Attributes
from playground.cluster.access.identity import Identity
from playground.cluster.status import StatusError

Json = dict[str, Any]
JSON = "application/json"
Write = Callable[[bytes], Awaitable[None]]


@dataclass(frozen=True)
class Call:
    """``query`` has the last value of each parameter; ``body`` is as it was sent, ``content_type`` without parameters.

    ``command``: what kubectl says that it was called for, such as ``kubectl apply``.
    """

    method: str
    asked: Attributes
    user: Identity
    query: Mapping[str, str] = field(default_factory=dict)
    accept: str = ""
    agent: str = ""
    command: str = ""
    content_type: str = JSON
    body: bytes = b""

    def flag(self, name: str) -> bool:
        """A boolean parameter as Go reads it: present without a value counts."""
        return name in self.query and self.query[name].lower() not in {"false", "0"}


@dataclass(frozen=True)
class Answer:
    """A whole response: a JSON document, or bytes of another type. ``warnings`` go out as headers."""

    code: int = 200
    document: Json | None = None
    content: bytes = b""
    content_type: str = JSON
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stream:
    """A response that goes on: ``run`` writes until it has nothing more to say, or is cancelled."""

    run: Callable[[Write], Awaitable[None]]
    content_type: str = JSON


def refusal(error: StatusError) -> Answer:
    return Answer(error.code, error.document, warnings=error.warnings)
