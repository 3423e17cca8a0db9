"""``roles``: who holds them, by immutable Slack IDs (names can be changed)."""

from __future__ import annotations

from typing import Annotated

from commands.config.fields import Allowed, Member, Section, matching

EVERYONE = "*"
"""Full members of the home workspace: no guests, bots, deactivated or external people."""


UserGroup = Annotated[
    str,
    matching(r"S[A-Z0-9]{2,}", "is not a user group's ID, use the Slack ID (S…)"),
    Allowed("the ID of a user group (S…)"),
]


class Role(Section):
    """``members`` are user IDs, user-group IDs and ``*``. ``on_call`` is a user group that rotates: whoever is in it at the
    moment holds the role too, and is who people are told to ask first.
    """

    members: tuple[Member, ...] = ()
    on_call: UserGroup | None = None

    @property
    def everyone(self) -> bool:
        return EVERYONE in self.members

    @property
    def users(self) -> tuple[str, ...]:
        return tuple(m for m in self.members if m.startswith(("U", "W")))

    @property
    def groups(self) -> tuple[str, ...]:
        named = tuple(m for m in self.members if m.startswith("S"))
        return named if self.on_call is None else tuple(dict.fromkeys((self.on_call, *named)))
