"""What ``quarterdeck policy test`` reads: who says what, when, and what is expected to come of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from commands.config.fields import Allowed, Channel, Flag, Named, Section, Text, matching

UserId = Annotated[
    str, matching(r"[UW][A-Z0-9]{2,}", "is not a user's ID"), Allowed("the Slack ID of a person (U… or W…)")
]
GroupId = Annotated[
    str, matching(r"S[A-Z0-9]{2,}", "is not a user group's ID"), Allowed("the Slack ID of a user group (S…)")
]


def _moment(value: Any) -> float:
    """YAML may have made a date or a time of it; without a zone it is UTC."""
    try:
        at = value if isinstance(value, dt.datetime) else dt.datetime.fromisoformat(str(value))
    except ValueError:
        raise PydanticCustomError("malformed", "is no time") from None
    return (at if at.tzinfo else at.replace(tzinfo=dt.UTC)).timestamp()


At = Annotated[float, BeforeValidator(_moment), Allowed("a time such as 2026-12-24T10:00+01:00")]
Count = Annotated[int, Field(ge=0, le=1_000_000), Allowed("a whole number")]
Outcome = Annotated[
    Literal["allowed", "needs approval", "refused"], Allowed('"allowed", "needs approval" or "refused"')
]
Labels = Annotated[Mapping[str, Text], AfterValidator(MappingProxyType), Allowed("a mapping of labels to values")]


class Who(Section):
    """A person: a full member of the workspace, in these user groups, unless it says otherwise."""

    user: UserId
    groups: tuple[GroupId, ...] = ()
    guest: Flag = False
    external: Flag = False


class Described(Section):
    """The workload as it stands before the change. What is left out of it is unknown to rules that are about it.

    ``at_once``: percent of its pods that may be replaced at the same time. ``budgets``: its PodDisruptionBudgets.
    """

    replicas: Count = 3
    image: Text = "registry.example/app:1"
    labels: Annotated[Labels, Field(default_factory=lambda: MappingProxyType({}))]
    kind: Annotated[Literal["Deployment", "StatefulSet", "DaemonSet"], Allowed("a kind of workload")] = "Deployment"
    container: Text | None = None
    budgets: tuple[Text, ...] | None = None
    at_once: Annotated[int, Field(ge=0, le=100), Allowed("a percentage from 0 to 100")] | None = None


class Case(Section):
    """``says`` is what is typed, without the slash. ``approvals``: how many of which role, exactly. ``because``: words of a reason."""

    who: Who
    says: Text
    where: Channel = "C0ANYWHERE"
    at: At | None = None
    target: Described | None = None
    expected: Outcome
    approvals: Named[Count] | None = None
    because: Text | None = None


class Cases(Section):
    cases: Annotated[tuple[Case, ...], Field(min_length=1), Allowed("a list with at least one case")]
