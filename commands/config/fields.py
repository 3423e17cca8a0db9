"""The kinds of values that a configuration holds, and how each says what is allowed.

A kind is a type with markers: ``Allowed`` words what may stand there, ``Refers`` says in which other section a name
must exist. Error texts and cross-checks derive from the markers, so a new rule needs a model and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from commands.times import UNITS

T = TypeVar("T")


class Section(BaseModel):
    """The base of all models: frozen, and neither unknown keys nor conversions are accepted."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may stand here, in words that follow "allowed here:"."""

    text: str


@dataclass(frozen=True, slots=True)
class Refers:
    """The text names an entry of a top-level section, or one of the ``commands``; with ``star`` also ``*`` for all."""

    section: str
    star: bool = False


def matching(pattern: str, complaint: str) -> AfterValidator:
    """Text must match the whole pattern; ``complaint`` follows the text as it stands in the file."""
    compiled = re.compile(pattern)

    def check(text: str) -> str:
        if not compiled.fullmatch(text):
            raise PydanticCustomError("malformed", "{complaint}", {"complaint": complaint})
        return text

    return AfterValidator(check)


LONGEST = 30 * UNITS["d"]


def seconds(value: Any) -> int:
    """``90s``, ``30m``, ``2h`` or ``1d`` as seconds."""
    match = re.fullmatch(r"([0-9]{1,9})([smhd])", value.strip()) if isinstance(value, str) else None
    if not match:
        raise PydanticCustomError("malformed", "is not a duration")
    amount = int(match[1]) * UNITS[match[2]]
    if not 1 <= amount <= LONGEST:
        raise PydanticCustomError("malformed", "is too {size}", {"size": "long" if amount else "short"})
    return amount


Text = Annotated[str, Field(min_length=1), Allowed("text")]
Flag = Annotated[bool, Allowed("true or false")]
Duration = Annotated[int, BeforeValidator(seconds), Allowed("a duration such as 90s, 30m, 2h or 1d, at most 30d,")]
"""In seconds."""

NAME = r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}"
Name = Annotated[
    str,
    matching(NAME, "is not a name"),
    Allowed("a name of letters, digits, dots, dashes and underscores"),
]

Namespace = Annotated[
    str,
    matching(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", "is not a namespace's name"),
    Allowed("a Kubernetes namespace of lower-case letters, digits and dashes"),
]

Member = Annotated[
    str,
    matching(r"\*|[UWS][A-Z0-9]{2,}", "is not a Slack ID, use the Slack ID (U… or S…)"),
    Allowed(
        "the ID of a person (U… or W…, by Copy member ID in their profile), of a user group (S…), "
        'or "*" for every full member of the workspace'
    ),
]

Channel = Annotated[
    str,
    matching(r"[CG][A-Z0-9]{2,}", "is not a channel's ID, use the Slack ID (C… or G…)"),
    Allowed("a channel's ID, from the foot of the channel's details,"),
]

Registry = Annotated[
    str,
    matching(r"[A-Za-z0-9.\[\]-]+(:[0-9]+)?(/[a-z0-9._/-]+[a-z0-9])?", "is not a registry"),
    Allowed("a registry such as registry.example, or a path in one such as registry.example/team"),
]

ClusterName = Annotated[str, Refers("clusters"), Allowed("the name of a cluster")]
RoleName = Annotated[str, Refers("roles"), Allowed("the name of a role")]
CommandName = Annotated[str, Refers("commands", star=True), Allowed('the name of a command, or "*" for all')]
EnvironmentName = Annotated[
    str, Refers("environments", star=True), Allowed('the name of an environment, or "*" for all')
]

Named = Annotated[Mapping[Name, T], AfterValidator(MappingProxyType)]
"""A mapping of names to ``T`` that nobody can change."""
