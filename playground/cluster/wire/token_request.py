"""Tokens for service accounts on request, as ``kubectl create token`` asks for them."""

from __future__ import annotations

from typing import Any

from playground.cluster.access.identity import service_account
from playground.cluster.access.tokens import Tokens
from playground.cluster.clock import stamp
from playground.cluster.kind import Kind
from playground.cluster.verbs import Verbs
from playground.cluster.wire import bodies
from playground.cluster.wire.call import Answer, Call

Json = dict[str, Any]
AUDIENCE = "https://kubernetes.default.svc"
USUAL_SECONDS = 3600


class TokenRequests:
    """The tokens do not expire here: a cluster on this machine ends sooner."""

    def __init__(self, verbs: Verbs, tokens: Tokens) -> None:
        self._verbs = verbs
        self._tokens = tokens

    def answer(self, kind: Kind, call: Call) -> Answer:
        """Raises StatusError 404."""
        asked = call.asked
        account = self._verbs.get(kind, asked.namespace, asked.name)
        spec = bodies.document(call, "TokenRequest").get("spec") or {}
        seconds = spec.get("expirationSeconds") or USUAL_SECONDS
        now = self._verbs.clock.now()
        meta = {"name": asked.name, "namespace": asked.namespace, "creationTimestamp": stamp(now)}
        token = self._tokens.issue(service_account(asked.namespace, asked.name, account["metadata"]["uid"]))
        return Answer(201, {
            "kind": "TokenRequest",
            "apiVersion": "authentication.k8s.io/v1",
            "metadata": meta,
            "spec": {
                "audiences": spec.get("audiences") or [AUDIENCE],
                "expirationSeconds": seconds,
                "boundObjectRef": spec.get("boundObjectRef"),
            },
            "status": {"token": token, "expirationTimestamp": stamp(now + seconds)},
        })  # fmt: skip
