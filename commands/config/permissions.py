"""``permissions``: which roles may run which commands where. What no rule allows is refused."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from commands.config.fields import CommandName, EnvironmentName, RoleName, Section

ALL = "*"


class Permission(Section):
    """One rule that allows."""

    roles: Annotated[tuple[RoleName, ...], Field(min_length=1)]
    commands: Annotated[tuple[CommandName, ...], Field(min_length=1)]
    environments: Annotated[tuple[EnvironmentName, ...], Field(min_length=1)]

    def covers(self, verb: str, environment: str | None) -> bool:
        """Whether the rule is about this command there; None stands for "somewhere"."""
        return _covers(self.commands, verb) and (environment is None or _covers(self.environments, environment))


def _covers(names: tuple[str, ...], name: str) -> bool:
    return ALL in names or name in names
