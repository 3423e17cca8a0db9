"""``environments.<name>.approvals``: how many must say yes, who may, and for how long the question stands."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from commands.config.fields import Allowed, Duration, Flag, RoleName, Section

MOST = 20


class Approvals(Section):
    """``required`` distinct people who hold one of the roles ``approvers``, within ``expires`` seconds."""

    required: Annotated[int, Field(ge=1, le=MOST), Allowed(f"a whole number from 1 to {MOST}")]
    approvers: Annotated[tuple[RoleName, ...], Field(min_length=1), Allowed("a list with at least one role")]
    expires: Duration = 1800
    self_approval: Flag = False
