"""A lock: a person's "hands off" on a workload or a whole environment, for a purpose and a time. Only values.

It holds for everyone, whoever set it: it is owned by its purpose. ``commands.locks.locking`` moves locks.
A hold is a lock that an operation leaves behind which broke: without end, until somebody lifts it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC
from typing import Final

from commands.draft import Ref
from commands.times import wall

SCHEMA = 1

BY_ITSELF: Final = "quarterdeck"
"""Who owns holds, and moves what nobody moves."""


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
    until: float | None
    """None: until somebody lifts it."""
    version: int = 1
    nagged: bool = False
    operation: str | None = None
    """Whose hold it is, where it is one."""
    schema: int = field(default=SCHEMA)

    @property
    def target(self) -> str:
        """``prod/Deployment/web`` or ``prod``."""
        return target_of(self.environment, self.kind, self.name)

    @property
    def key(self) -> str:
        """What it is kept under: there is one lock on a target at a time, and one hold beside it."""
        return f"{self.target}#hold" if self.operation else self.target

    @property
    def what(self) -> str:
        """``web in prod``, or ``prod``."""
        return f"{self.name} in {self.environment}" if self.name else self.environment

    @property
    def told(self) -> str:
        """Who, why, since and until when: what follows a name in a sentence. Why something is held is sentences of its own."""
        by = f"held by {self.operation}" if self.operation else f"locked by <@{self.owner}>"
        why = f"{'.' if self.operation else ':'} {self.reason.rstrip('.')}."
        return f"{by} since {wall(self.since, UTC)}, until {self.ends}{why}"

    @property
    def ends(self) -> str:
        """What follows ``until``."""
        return "somebody lifts it" if self.until is None else wall(self.until, UTC)

    def holds(self, at: float) -> bool:
        return self.until is None or at < self.until

    def covers(self, environment: str, kind: str, name: str) -> bool:
        """Whether it is on that workload, or on all of its environment."""
        return self.target in {environment, target_of(environment, kind, name)}


def held(environment: str, target: Ref, operation: str, reason: str, at: float) -> Lock:
    """The hold that an operation leaves on its target."""
    return Lock(environment, target.kind, target.name, BY_ITSELF, reason, at, None, operation=operation)


def target_of(environment: str, kind: str | None, name: str | None) -> str:
    """No environment's name has a slash in it."""
    return f"{environment}/{kind}/{name}" if name else environment
