"""Answers to the reviews: who am I, may I, may they, what all may I."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playground.cluster import faults
from playground.cluster.access.attributes import Attributes
from playground.cluster.access.authorizer import Authorizer, Decision
from playground.cluster.access.identity import Identity
from playground.cluster.access.tokens import Tokens
from playground.cluster.kind import Kind
from playground.cluster.status import Cause, StatusError, bad_request, invalid

Json = dict[str, Any]


class Reviews:
    def __init__(self, authorizer: Authorizer, tokens: Tokens) -> None:
        self._authorizer = authorizer
        self._tokens = tokens
        self._answers: dict[str, Callable[[Json, Identity], Json]] = {
            "SelfSubjectReview": lambda _, who: {"userInfo": who.document()},
            "TokenReview": self._token,
            "SelfSubjectAccessReview": self._access,
            "SubjectAccessReview": lambda spec, _: self._access(spec, _subject(spec)),
            "LocalSubjectAccessReview": lambda spec, _: self._access(spec, _subject(spec)),
            "SelfSubjectRulesReview": self._rules,
        }

    def answer(self, kind: Kind, review: Json, who: Identity, now: str) -> Json:
        """The review with its status; ``now`` is RFC 3339. Raises StatusError 400, 422."""
        spec, meta = review.get("spec") or {}, review.get("metadata") or {}
        if kind.kind == "LocalSubjectAccessReview":
            _check_namespace(spec, meta["namespace"])
        status = self._answers[kind.kind](spec, who)
        if kind.kind == "SelfSubjectReview":
            return {**_head(kind), "metadata": {**meta, "creationTimestamp": now}, "status": status}
        return {**_head(kind), "metadata": meta, "spec": spec, "status": status}

    def _access(self, spec: Json, who: Identity) -> Json:
        return _status(self._authorizer.decide(who, _attributes(spec)))

    def _rules(self, spec: Json, who: Identity) -> Json:
        namespace = spec.get("namespace")
        if not namespace:
            raise bad_request("no namespace on request")
        rules = list(self._authorizer.rules(who, namespace))
        resources = [rule for rule in rules if rule.get("resources")]
        paths = [rule for rule in rules if rule.get("nonResourceURLs")]
        return {"resourceRules": resources, "nonResourceRules": paths, "incomplete": False}

    def _token(self, spec: Json, _who: Identity) -> Json:
        try:
            found = self._tokens.identity(f"Bearer {spec.get('token', '')}")
        except StatusError:
            return {"user": {}, "error": "[invalid bearer token, token lookup failed]"}
        return {"authenticated": True, "user": found.document(), "audiences": ["https://kubernetes.default.svc"]}


def _head(kind: Kind) -> Json:
    return {"kind": kind.kind, "apiVersion": kind.api_version}


def _status(decision: Decision) -> Json:
    return {"allowed": decision.allowed, **({"reason": decision.reason} if decision.reason else {})}


def _attributes(spec: Json) -> Attributes:
    resource, path = spec.get("resourceAttributes"), spec.get("nonResourceAttributes")
    if path is not None and resource is None:
        return Attributes(path.get("verb", ""), path=path.get("path", ""))
    if path is not None or resource is None:
        why = "exactly one of nonResourceAttributes or resourceAttributes must be specified"
        raise _invalid(faults.invalid("spec", None, why))
    given = {
        key: resource.get(key, "")
        for key in ("verb", "group", "version", "resource", "subresource", "namespace", "name")
    }
    return Attributes(**given)


def _subject(spec: Json) -> Identity:
    if not spec.get("user") and not spec.get("groups"):
        raise _invalid(faults.invalid("spec.user", "", "at least one of user or group must be specified"))
    return Identity(spec.get("user", ""), tuple(spec.get("groups") or ()), spec.get("uid", ""))


def _check_namespace(spec: Json, namespace: str) -> None:
    given = (spec.get("resourceAttributes") or {}).get("namespace", "")
    if given != namespace:
        raise _invalid(
            faults.invalid("spec.resourceAttributes.namespace", given, f"must match metadata.namespace: {namespace}")
        )


def _invalid(cause: Cause) -> StatusError:
    """Without the review's kind or a name, as the API server says it."""
    return invalid("authorization.k8s.io", "", "", [cause])
