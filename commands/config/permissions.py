"""``permissions``: which roles may run which commands where. What no rule allows is refused."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

from pydantic import AfterValidator, Field

from commands.config.fields import (
    Allowed,
    Channel,
    CommandName,
    EnvironmentName,
    Flag,
    RoleName,
    Section,
    Text,
    matching,
)

ALL = "*"


Pattern = Annotated[
    str,
    matching(r"[a-z0-9*?\[\]!.-]{1,253}", "is not a pattern of workloads' names"),
    Allowed('the name of a workload, or a pattern such as "pay-*"'),
]
LabelKey = Annotated[str, matching(r"([a-z0-9.-]+/)?[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?", "is not a label's key")]
Labels = Annotated[Mapping[LabelKey, Text], AfterValidator(MappingProxyType), Allowed("a mapping of labels to values")]


class Permission(Section):
    """One rule: these roles may (or, with ``deny``, may never) run these commands in these environments.

    Optionally only for workloads of these names (patterns) that bear all these ``labels``, and said in these channels.
    A rule that denies beats every rule that allows.
    """

    roles: Annotated[tuple[RoleName, ...], Field(min_length=1)]
    commands: Annotated[tuple[CommandName, ...], Field(min_length=1)]
    environments: Annotated[tuple[EnvironmentName, ...], Field(min_length=1)]
    workloads: tuple[Pattern, ...] = ()
    labels: Annotated[Labels, Field(default_factory=lambda: MappingProxyType({}))]
    channels: tuple[Channel, ...] = ()
    deny: Flag = False

    def covers(self, verb: str, environment: str | None) -> bool:
        """Whether the rule is about this command there; None stands for "somewhere"."""
        return _covers(self.commands, verb) and (environment is None or _covers(self.environments, environment))

    @property
    def everywhere(self) -> bool:
        """In every environment, for every workload, from every channel."""
        return ALL in self.environments and not (self.workloads or self.labels or self.channels)


def _covers(names: tuple[str, ...], name: str) -> bool:
    return ALL in names or name in names
