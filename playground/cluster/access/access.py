"""Who asks and whether they may, in one: tokens, impersonation, authorization and the questions about them."""

from __future__ import annotations

from playground.cluster.access.attributes import Attributes
from playground.cluster.access.authorizer import Authorizer
from playground.cluster.access.escalation import Escalation
from playground.cluster.access.identity import Identity
from playground.cluster.access.impersonation import Headers, Impersonation
from playground.cluster.access.reviews import Reviews
from playground.cluster.access.tokens import Tokens
from playground.cluster.verbs import Verbs


class Access:
    def __init__(self, verbs: Verbs) -> None:
        self.tokens = Tokens()
        self.authorizer = Authorizer(verbs)
        self.escalation = Escalation(self.authorizer)
        self.reviews = Reviews(self.authorizer, self.tokens)
        self._impersonation = Impersonation(self.authorizer)

    def impersonated(self, who: Identity, headers: Headers, asked: Attributes) -> Identity:
        """Raises StatusError 400, 403."""
        return self._impersonation.identity(who, headers, asked)
