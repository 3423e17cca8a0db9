"""A lock: a person's "hands off" on a workload or a whole environment, for a purpose and a time. Only values.

It holds for everyone, whoever set it: it is owned by its purpose. ``commands.locks.locking`` moves locks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC

from commands.times import wall

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Lock:
    """Times are Unix seconds by Redis's clock. Without ``kind`` and ``name`` it is on the whole environment.

    ``since``: when it was first set; ``version`` counts its writes. ``nagged``: its owner has been told that it ends soon.
    """

    environment: str
    kind: str | None
    name: str | None
    owner: str
    reason: str
    since: float
    until: float
    version: int = 1
    nagged: bool = False
    schema: int = field(default=SCHEMA)

    @property
    def target(self) -> str:
        """``prod/Deployment/web`` or ``prod``: there is one lock on a target at a time."""
        return target_of(self.environment, self.kind, self.name)

    @property
    def what(self) -> str:
        """``web in prod``, or ``prod``."""
        return f"{self.name} in {self.environment}" if self.name else self.environment

    @property
    def told(self) -> str:
        """Who, why, since and until when: what follows a name in a sentence."""
        since, until = wall(self.since, UTC), wall(self.until, UTC)
        return f"locked by <@{self.owner}> since {since}, until {until}: {self.reason.rstrip('.')}."

    def holds(self, at: float) -> bool:
        return at < self.until

    def covers(self, environment: str, kind: str, name: str) -> bool:
        """Whether it is on that workload, or on all of its environment."""
        return self.target in {environment, target_of(environment, kind, name)}


def target_of(environment: str, kind: str | None, name: str | None) -> str:
    """No environment's name has a slash in it."""
    return f"{environment}/{kind}/{name}" if name else environment
