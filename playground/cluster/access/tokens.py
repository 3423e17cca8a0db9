"""Who a bearer token belongs to: people by static tokens, service accounts by those they were given."""

from __future__ import annotations

import secrets

from playground.cluster.access.identity import ANONYMOUS, AUTHENTICATED, Identity
from playground.cluster.status import StatusError


class Tokens:
    def __init__(self) -> None:
        self._identities: dict[str, Identity] = {}

    def add(self, name: str, groups: tuple[str, ...] = ()) -> str:
        """Give a user a token. Its uid is its name."""
        return self.issue(Identity(name, (*groups, AUTHENTICATED), uid=name))

    def issue(self, identity: Identity) -> str:
        token = secrets.token_hex(16)
        self._identities[token] = identity
        return token

    def identity(self, authorization: str) -> Identity:
        """Of an Authorization header, which may be empty. Raises StatusError 401."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer":
            return ANONYMOUS
        found = self._identities.get(token.strip())
        if found is None:
            raise unauthorized()
        return found


def unauthorized() -> StatusError:
    return StatusError(401, "Unauthorized", "Unauthorized")
