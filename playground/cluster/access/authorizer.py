"""Whether somebody may do something."""

from __future__ import annotations

from playground.cluster.access.attributes import Attributes
from playground.cluster.access.identity import MASTERS, Identity
from playground.cluster.verbs import Verbs


class Authorizer:
    def __init__(self, verbs: Verbs) -> None:
        self._verbs = verbs

    def check(self, who: Identity, asked: Attributes) -> None:
        """Raises StatusError 403."""
        if not self.allows(who, asked):
            raise asked.refusal(who.name)

    def allows(self, who: Identity, asked: Attributes) -> bool:  # noqa: ARG002
        return MASTERS in who.groups
