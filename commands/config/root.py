"""The whole file as one frozen value, and what the other modules ask of it."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Annotated, Self

from pydantic import Field, PrivateAttr

from commands.config.break_glass import BreakGlass
from commands.config.clusters import ClusterEntry
from commands.config.document import Path
from commands.config.environments import Environment
from commands.config.fields import Named, Section
from commands.config.freezes import Freeze
from commands.config.permissions import Permission
from commands.config.roles import Role
from commands.config.slack import Slack
from commands.errors import NotFound


class Config(Section):
    """Built by ``load`` alone, which has also checked that every name refers to something."""

    clusters: Annotated[Named[ClusterEntry], Field(min_length=1)]
    environments: Annotated[Named[Environment], Field(min_length=1)]
    roles: Annotated[Named[Role], Field(default_factory=lambda: MappingProxyType({}))]
    permissions: tuple[Permission, ...] = ()
    freezes: tuple[Freeze, ...] = ()
    break_glass: BreakGlass | None = None
    slack: Slack = Slack()
    _lines: Mapping[Path, int] = PrivateAttr(default_factory=dict)

    def line(self, *path: str | int) -> int | None:
        """Where in the file it stands; None for what was not read from one."""
        return self._lines.get(path)

    def read_from(self, lines: Mapping[Path, int]) -> Self:
        """The same, knowing the line of everything."""
        self._lines = lines
        return self

    @cached_property
    def environment_names(self) -> Mapping[str, str]:
        """Every name and alias, as written, → the canonical name; in the file's order, each name before its aliases."""
        named = self.environments.items()
        return MappingProxyType({word: name for name, e in named for word in (name, *e.aliases)})

    def canonical(self, word: str) -> str | None:
        """The environment that someone means by a name or an alias, in any case of letters."""
        folded = {known.casefold(): name for known, name in self.environment_names.items()}
        return folded.get(word.casefold())

    def environment(self, name: str) -> Environment:
        """By its canonical name. Raises ``NotFound``, which tells the nearest."""
        if name not in self.environments:
            raise NotFound(self._no_such(name))
        return self.environments[name]

    def _no_such(self, name: str) -> str:
        canonical = self.canonical(name)
        if canonical:
            return f"{name} is another name of {canonical}; here the environment's own name is needed."
        near = difflib.get_close_matches(name, self.environment_names, n=1)
        hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(self.environments)}."
        return f"There is no environment {name}. {hint}"

    @cached_property
    def group_ids(self) -> frozenset[str]:
        """Every user group that a role names."""
        return frozenset(group for role in self.roles.values() for group in role.groups)

    @cached_property
    def channels(self) -> frozenset[str]:
        """Every channel in which something is to be posted."""
        told = {self.break_glass.channel} if self.break_glass else set()
        return frozenset(e.channel for e in self.environments.values() if e.channel) | told
