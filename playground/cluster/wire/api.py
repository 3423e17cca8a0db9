"""One request from its credentials to its answer: who asks, may they, what is meant, and then the one who does it."""

from __future__ import annotations

from collections.abc import Callable

from playground.cluster.access.authorizer import Authorizer
from playground.cluster.kind import Kind
from playground.cluster.status import StatusError, not_simulated
from playground.cluster.verbs import Verbs
from playground.cluster.wire import discovery, openapi, server_facts
from playground.cluster.wire.call import Answer, Call, Stream, refusal
from playground.cluster.wire.resources import Resources

NOT_FOUND = Answer(404, content=b"404 page not found\n", content_type="text/plain; charset=utf-8")


class Api:
    def __init__(self, verbs: Verbs, authorizer: Authorizer) -> None:
        self.verbs = verbs
        self.resources = Resources(verbs)
        self._authorizer = authorizer
        self._kinds = {(kind.group, kind.version, kind.plural): kind for kind in verbs.kinds.values()}
        self._versions = {(kind.group, kind.version) for kind in verbs.kinds.values()}

    def answer(self, call: Call) -> Answer | Stream:
        """Refusals are answers too."""
        try:
            self._authorizer.check(call.user, call.asked)
            return self._resource(call) if call.asked.resource else self._path(call)
        except StatusError as error:
            return refusal(error)

    def _path(self, call: Call) -> Answer:
        path, kinds = call.asked.path, self._kinds.values()
        return (
            discovery.answer(path, call.accept, kinds)
            or openapi.answer(path, kinds)
            or server_facts.answer(path)
            or NOT_FOUND
        )

    def _resource(self, call: Call) -> Answer | Stream:
        asked = call.asked
        if (asked.group, asked.version) not in self._versions:
            return NOT_FOUND
        kind = self._kinds.get((asked.group, asked.version, asked.resource))
        if kind is None or not _scope_fits(kind, call):
            raise StatusError(404, "NotFound", "the server could not find the requested resource", {})
        if asked.subresource:
            return self._subresource(kind, call)
        if asked.verb not in kind.verbs:
            raise _not_allowed(call)
        return self._handler(asked.verb)(kind, call)

    def _subresource(self, kind: Kind, call: Call) -> Answer | Stream:
        declared = next((sub for sub in kind.subresources if sub.name == call.asked.subresource), None)
        if declared is None:
            raise not_simulated(f"{kind.plural}/{call.asked.subresource}")
        if call.asked.verb not in declared.verbs:
            raise _not_allowed(call)
        if declared.name != "status":
            raise not_simulated(f"{kind.plural}/{declared.name}")
        return self._handler(call.asked.verb)(kind, call)

    def _handler(self, verb: str) -> Callable[[Kind, Call], Answer | Stream]:
        handler: Callable[[Kind, Call], Answer | Stream] = getattr(self.resources, verb)
        return handler


def _scope_fits(kind: Kind, call: Call) -> bool:
    """Whether the path has a namespace where the kind wants one: only lists may go over all of them."""
    if kind.namespaced:
        return bool(call.asked.namespace) or (not call.asked.name or call.asked.verb in {"list", "watch"})
    return not call.asked.namespace or kind.plural == "namespaces"


def _not_allowed(call: Call) -> StatusError:
    details = {
        key: value
        for key, value in {"name": call.asked.name, "group": call.asked.group, "kind": call.asked.resource}.items()
        if value
    }
    return StatusError(
        405, "MethodNotAllowed", "the server does not allow this method on the requested resource", details
    )
