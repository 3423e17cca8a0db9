"""``break_glass``: who may change something without approvals and whatever is frozen, and who looks at it afterwards."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from commands.config.fields import Channel, Duration, RoleName, Section


class BreakGlass(Section):
    """Who holds one of the ``roles`` may say ``break-glass reason="…"`` with any change that a permission allows them.

    Each use is told in ``channel``. Somebody else who holds one of ``reviewers`` (left out: of the roles) has to
    acknowledge it within ``review_within``; where nobody has, it is said there once more.
    """

    roles: Annotated[tuple[RoleName, ...], Field(min_length=1)]
    channel: Channel
    reviewers: tuple[RoleName, ...] = ()
    review_within: Duration = 86_400

    @property
    def acknowledged_by(self) -> tuple[str, ...]:
        """The roles whose holders may."""
        return self.reviewers or self.roles
