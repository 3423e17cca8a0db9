"""What the API server answered, or did not, as our errors: done once, here.

Status objects and their texts are those of API server 1.37 (measured; facts/kubectl-wire.md, "Errors").
"""

from __future__ import annotations

import re
import ssl
from typing import Any

import msgspec
from urllib3 import exceptions as http

from commands.errors import (
    ClusterError,
    Conflict,
    Forbidden,
    Gone,
    Invalid,
    Missing,
    OutcomeUnknown,
    PreconditionFailed,
    Unanswered,
    Unreachable,
)
from commands.identity import Identity
from workers.cluster.calls import JSON_PATCH, Call
from workers.redact import redact

TEXT_LIMIT = 1_000

_QUOTED_OBJECT = re.compile(r'Invalid value: "\{.*\}": ', re.DOTALL)
_RBAC = re.compile(r"\bcannot (?:get|list|watch|create|update|patch|delete|deletecollection|impersonate) ")
_IMPERSONATING = re.compile(r"\bcannot impersonate(?: |-on:)")
_NOT_SENT = (http.NewConnectionError, http.ConnectTimeoutError, http.NameResolutionError, http.ProxyError)

_REASONS: tuple[tuple[type[Exception], str], ...] = (
    # The order counts: to urllib3 an unknown name is a failed connection, and that a kind of time-out.
    (http.NameResolutionError, "its address is not known here"),
    (http.NewConnectionError, "nothing listens at its address"),
    (http.ConnectTimeoutError, "it took too long to connect"),
    (http.ReadTimeoutError, "it took too long to answer"),
    (http.ProxyError, "the proxy before it does not answer"),
)


def refused(cluster: str, call: Call, code: int, body: bytes) -> ClusterError:
    """The error for an answer of 400 and more."""
    status = _status(body)
    text = redact(_text(status, body)) or f"HTTP {code}"  # admission quotes what it was given
    if code == 429 or code >= 500:
        return _overloaded(cluster, call, code, text)
    match code:
        case 401:
            error: ClusterError = _unauthenticated(cluster, call)
        case 403:
            error = _forbidden(call, text)
        case 404:
            error = Missing(f"There is no {call.target}.")
        case 409:
            error = Conflict(text)
        case 410:
            error = Gone(text)
        case 422 if call.content_type == JSON_PATCH and not status.get("details"):
            error = PreconditionFailed(f"{call.target} is no longer as it was when this was planned.")
        case _:
            error = Invalid(text)
    return error


def failed(cluster: str, call: Call, error: Exception) -> Unreachable:
    """The error for no answer, or half of one."""
    if call.writes and not isinstance(error, _NOT_SENT) and not _is_untrusted(error):
        return OutcomeUnknown(
            f"The cluster {cluster} took a change of {call.target}, and the connection broke before it answered."
        )
    why = _reason(error)
    return Unanswered(
        f"The cluster {cluster} cannot be reached: {why}.", why, waited=isinstance(error, http.ReadTimeoutError)
    )


def _is_untrusted(error: Exception) -> bool:
    """Whether TLS ended before anything was sent, for the certificate."""
    return isinstance(error, http.SSLError) and any(
        isinstance(cause, ssl.SSLCertVerificationError) for cause in error.args
    )


def _unauthenticated(cluster: str, call: Call) -> Forbidden:
    text = f"The cluster {cluster} does not accept Quarterdeck's credentials: renew the token or certificate it uses."
    return Forbidden(text, **_right(call))


def _forbidden(call: Call, text: str) -> ClusterError:
    """403 is RBAC's, but admission's too (quota, pod security, webhooks): only RBAC says ``cannot <verb>``."""
    if call.identity and _IMPERSONATING.search(text):
        return _not_as(call.identity)
    if not _RBAC.search(text):
        return Invalid(text)
    resource = call.resource.plural + (f"/{call.subresource}" if call.subresource else "")
    where = f" in namespace {call.namespace}" if call.namespace else ""
    there = "there" if call.namespace else "in the whole cluster"
    if call.identity:
        return Forbidden(
            f"The cluster does not let <@{call.identity.person}> {call.verb} {resource}{where}: there that is the user "
            f"{call.identity.user}{_with(call.identity)}. Its own RBAC decides that, not quarterdeck.yaml.",
            **_right(call),
        )
    return Forbidden(
        f"Quarterdeck's account may not {call.verb} {resource}{where}: grant it `{call.verb}` on `{call.permission}` {there}.",
        **_right(call),
    )


def _not_as(identity: Identity) -> Forbidden:
    return Forbidden(
        f"Quarterdeck's account may not act in the cluster as {identity.user}{_with(identity)} for <@{identity.person}>: "
        "grant it `impersonate` on exactly these names.",
        verb="impersonate",
        resource="users",
        namespace="",
    )


def _with(identity: Identity) -> str:
    return f" (with the groups {', '.join(identity.groups)})" if identity.groups else ""


def _right(call: Call) -> dict[str, str]:
    return {"verb": call.verb, "resource": call.permission, "namespace": call.namespace}


def _overloaded(cluster: str, call: Call, code: int, text: str) -> Unreachable:
    """429 was turned away before it was looked at. After a 5xx nobody knows (a gateway's 502 and 504 least of all)."""
    if call.writes and code >= 500:
        return OutcomeUnknown(f"The cluster {cluster} answered a change of {call.target} with {code}: {text}")
    return Unreachable(f"The cluster {cluster} is not able to answer now ({code}): {text}")


def _reason(error: Exception) -> str:
    if _is_untrusted(error):
        return f"its certificate is not accepted ({error})"
    return next((reason for kind, reason in _REASONS if isinstance(error, kind)), "the connection broke")


def _text(status: dict[str, Any], body: bytes) -> str:
    """The server's own words, without the whole object that it quotes when a patch does not fit (secrets included)."""
    text = str(status.get("message") or body.decode(errors="replace")).strip()
    return _QUOTED_OBJECT.sub("", text)[:TEXT_LIMIT]


def _status(body: bytes) -> dict[str, Any]:
    try:
        status = msgspec.json.decode(body)
    except msgspec.DecodeError:  # a proxy's page, or a text: "404 page not found"
        return {}
    return status if isinstance(status, dict) else {}
