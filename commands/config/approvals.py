"""``environments.<name>.approvals``: how many must say yes, who may, for how long the question stands, and what asks for more."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from commands.config.fields import Allowed, CommandName, Duration, Flag, Registry, RoleName, Section
from commands.config.freezes import Weekly, Zone
from commands.config.permissions import ALL

MOST = 20

Count = Annotated[int, Field(ge=1, le=MOST), Allowed(f"a whole number from 1 to {MOST}")]
Roles = Annotated[tuple[RoleName, ...], Field(min_length=1), Allowed("a list with at least one role")]
Each = Annotated[Mapping[RoleName, Count], AfterValidator(MappingProxyType), Allowed("a mapping of roles to numbers")]


def percent(value: Any) -> int:
    """``50%`` as 50."""
    match = re.fullmatch(r"([0-9]{1,3})%", value.strip()) if isinstance(value, str) else None
    if not match or int(match[1]) > 100:
        raise PydanticCustomError("malformed", "is not a percentage")
    return int(match[1])


Percent = Annotated[int, BeforeValidator(percent), Allowed('a percentage from "0%" to "100%"')]


class Asked(Section):
    """``required`` people who hold one of the roles ``approvers``, and of ``each`` role so many besides.

    All of them are distinct people: who is in two groups says yes for one of them.
    """

    required: Count | None = None
    approvers: Roles = ()
    each: Annotated[Each, Field(default_factory=lambda: MappingProxyType({}))]


class When(Section):
    """What a change is like; all that is said has to hold. What cannot be read from the cluster counts as if it held.

    ``to_zero``: no replica would be left. ``more_than``: more than this share of the pods may be gone or replaced at the same
    time. ``registries_outside``: a new image comes from none of these. ``no_disruption_budget``: no PodDisruptionBudget covers
    the pods. ``one_replica``: there is one pod, or none. ``weekly``: it is in these hours, as clocks in ``timezone`` show
    them.
    """

    to_zero: Flag | None = None
    more_than: Percent | None = None
    registries_outside: Annotated[tuple[Registry, ...], Field(min_length=1)] = ()
    no_disruption_budget: Flag | None = None
    one_replica: Flag | None = None
    weekly: tuple[Weekly, ...] = ()
    timezone: Zone = "UTC"


class ApprovalRule(Asked):
    """What some changes ask for on top: those of these ``commands`` that are as ``when`` says.

    ``required`` without ``approvers`` is about the environment's own. Of the same group the largest number counts.
    """

    commands: Annotated[tuple[CommandName, ...], Field(min_length=1)] = (ALL,)
    when: When = When()


class Approvals(Asked):
    """What every change asks for, within ``expires`` seconds; ``rules`` ask some changes for more. The requester does not
    count, unless ``self_approval``. ``confirm``: whoever presses Approve is asked once more.
    """

    expires: Duration = 1800
    self_approval: Flag = False
    confirm: Flag = False
    rules: tuple[ApprovalRule, ...] = ()
