"""``roles``: who holds them, by immutable Slack IDs (names can be changed)."""

from __future__ import annotations

from commands.config.fields import Member, Section

EVERYONE = "*"
"""Full members of the home workspace: no guests, bots, deactivated or external people."""


class Role(Section):
    """``members`` are user IDs, user-group IDs and ``*``."""

    members: tuple[Member, ...]

    @property
    def everyone(self) -> bool:
        return EVERYONE in self.members

    @property
    def users(self) -> tuple[str, ...]:
        return tuple(m for m in self.members if m.startswith(("U", "W")))

    @property
    def groups(self) -> tuple[str, ...]:
        return tuple(m for m in self.members if m.startswith("S"))
