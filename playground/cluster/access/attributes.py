"""What is asked for, as authorization sees it, and the sentence the API server refuses it with."""

from __future__ import annotations

from dataclasses import dataclass

from playground.cluster.status import StatusError, forbidden


@dataclass(frozen=True)
class Attributes:
    """A verb on a resource, or on a ``path`` that is none (``resource`` is then empty)."""

    verb: str
    group: str = ""
    version: str = ""
    resource: str = ""
    subresource: str = ""
    namespace: str = ""
    name: str = ""
    path: str = ""

    @property
    def full_resource(self) -> str:
        return f"{self.resource}/{self.subresource}" if self.subresource else self.resource

    def refusal(self, user: str, reason: str = "") -> StatusError:
        """403 with the words of the API server; ``reason`` is what an authorizer had to add."""
        if not self.resource:
            said = f'User "{user}" cannot {self.verb} path "{self.path}"'
        else:
            where = f'in the namespace "{self.namespace}"' if self.namespace else "at the cluster scope"
            said = (
                f'User "{user}" cannot {self.verb} resource "{self.full_resource}" in API group "{self.group}" {where}'
            )
        return forbidden(self.group, self.resource, self.name, f"{said}: {reason}" if reason else said)
