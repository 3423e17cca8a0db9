"""One request from its credentials to its answer: who asks, may they, what is meant, and then the one who does it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from playground.cluster.access.access import Access
from playground.cluster.kind import READ, Kind
from playground.cluster.status import StatusError, not_simulated
from playground.cluster.verbs import Verbs
from playground.cluster.wire import discovery, openapi, options, server_facts
from playground.cluster.wire.call import Answer, Call, Stream, refusal
from playground.cluster.wire.eviction import Evictions
from playground.cluster.wire.hooks import Disruption
from playground.cluster.wire.logs import Logs
from playground.cluster.wire.logsource import LogSource
from playground.cluster.wire.older import OlderVersion
from playground.cluster.wire.resources import Resources
from playground.cluster.wire.scale import Scaling
from playground.cluster.wire.token_request import TokenRequests

Handler = Callable[[Kind, Call], Answer | Stream]
NAMED = ("update", "patch", "delete")
NOT_PLAYED = {
    "pods": ("attach", "binding", "ephemeralcontainers", "exec", "portforward", "proxy", "resize"),
    "services": ("proxy",),
    "nodes": ("proxy",),
}
"""Subresources that a real cluster has, by resource."""
NOT_FOUND = Answer(404, content=b"404 page not found\n", content_type="text/plain; charset=utf-8")


class Api:
    """``helpers`` are the cluster's controllers: some of them answer questions beyond storing objects (see ``hooks``)."""

    def __init__(self, verbs: Verbs, access: Access, helpers: Iterable[object]) -> None:
        self.verbs = verbs
        self.resources = Resources(verbs)
        self._access = access
        known = list(helpers)
        self._subresources: dict[str, Handler] = {
            "scale": Scaling(verbs).answer,
            "eviction": Evictions(verbs, [one for one in known if isinstance(one, Disruption)]).answer,
            "log": Logs(verbs, [one for one in known if isinstance(one, LogSource)]).answer,
            "token": TokenRequests(verbs, access.tokens).answer,
        }
        olders = [OlderVersion(self.resources, kind, older) for kind in verbs.kinds.values() for older in kind.older]
        self._olders = {older.shown.api_version + older.shown.plural: older for older in olders}
        kinds = [*verbs.kinds.values(), *(older.shown for older in olders)]
        self._kinds = {(kind.group, kind.version, kind.plural): kind for kind in kinds}
        self._versions = {(kind.group, kind.version) for kind in kinds}
        self._groups = {kind.group for kind in verbs.kinds.values()}

    def answer(self, call: Call) -> Answer | Stream:
        """Refusals are answers too."""
        asked = call.asked
        try:
            self._access.authorizer.check(call.user, asked)
            if not asked.resource:
                return self._path(call)
            answer = self._resource(call)
            kind = self._kinds.get((asked.group, asked.version, asked.resource))
            return _warning(answer, kind.warning) if kind and kind.warning else answer
        except StatusError as error:
            return refusal(error)

    def _path(self, call: Call) -> Answer:
        path, kinds = call.asked.path, self._kinds.values()
        return (
            discovery.answer(path, call.accept, kinds)
            or openapi.answer(path, call, kinds)
            or server_facts.answer(path)
            or NOT_FOUND
        )

    def _resource(self, call: Call) -> Answer | Stream:
        asked = call.asked
        if (asked.group, asked.version) not in self._versions:
            if asked.group in self._groups:
                raise not_simulated(f"{asked.resource} of {asked.group}/{asked.version}".replace(" of /", " of "))
            return NOT_FOUND
        kind = self._kinds.get((asked.group, asked.version, asked.resource))
        if kind is None or not _scope_fits(kind, call):
            raise _no_such()
        if asked.subresource:
            return self._subresource(kind, call)
        across = kind.namespaced and not asked.namespace and asked.verb not in READ
        on_collection = asked.verb == "create" and asked.name
        if asked.verb not in kind.verbs or across or on_collection or (asked.verb in NAMED and not asked.name):
            raise _not_allowed()
        if older := self._olders.get(kind.api_version + kind.plural):
            return older.answer(call)
        return self._handler(asked.verb)(kind, call) if kind.stored else self._review(kind, call)

    def _review(self, kind: Kind, call: Call) -> Answer:
        review = self.resources.body(kind, call, options.asking(call))
        return Answer(201, self._access.reviews.answer(kind, review, call.user, self.verbs.clock.stamp()))

    def _subresource(self, kind: Kind, call: Call) -> Answer | Stream:
        name = call.asked.subresource
        declared = next((sub for sub in kind.subresources if sub.name == name), None)
        if declared is None:
            raise not_simulated(f"{kind.plural}/{name}") if name in NOT_PLAYED.get(kind.plural, ()) else _no_such()
        if call.asked.verb not in declared.verbs:
            raise _not_allowed()
        return self._subresources.get(name, self._handler(call.asked.verb))(kind, call)

    def _handler(self, verb: str) -> Handler:
        handler: Handler = getattr(self.resources, verb)
        return handler


def _warning(answer: Answer | Stream, warning: str) -> Answer | Stream:
    return replace(answer, warnings=(warning, *answer.warnings)) if isinstance(answer, Answer) else answer


def _scope_fits(kind: Kind, call: Call) -> bool:
    """Whether the path has a namespace where the kind wants one: only collections may go over all of them."""
    asked = call.asked
    if kind.namespaced:
        return bool(asked.namespace) or (not asked.name or asked.verb in {"list", "watch"})
    return not asked.namespace or kind.plural == "namespaces"


def _no_such() -> StatusError:
    return StatusError(404, "NotFound", "the server could not find the requested resource", {})


def _not_allowed() -> StatusError:
    message = "the server does not allow this method on the requested resource"
    return StatusError(405, "MethodNotAllowed", message, {})
