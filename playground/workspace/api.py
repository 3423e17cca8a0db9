"""Answers one Web API call: who asks, may they, too often?, then the method itself. No HTTP here (web.py has that)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from typing import Any

import playground.workspace.methods  # noqa: F401  (registers the methods)
from playground.workspace.errors import SlackError
from playground.workspace.methods.registry import METHODS, Context, Method, require_scopes
from playground.workspace.model import Call
from playground.workspace.ratelimit import RateLimits
from playground.workspace.state import State

Json = dict[str, Any]


@dataclass(frozen=True)
class Reply:
    """Header names are in lower case, as Slack's servers send them: a client must not depend on capitals."""

    status: int
    body: Json
    headers: dict[str, str] = field(default_factory=dict)


class Api:
    def __init__(self, state: State, limits: RateLimits) -> None:
        self.state = state
        self.limits = limits

    def handle(self, name: str, token: str | None, raw: Json, fault: str = "") -> Reply:
        """The reply to a call, which is logged. `raw` holds the arguments as received, without the token."""
        with self.state.lock:
            reply = self._reply(name, token, raw)
            self.log(name, raw, reply, fault)
            return reply

    def log(self, name: str, raw: Json, reply: Reply, fault: str = "") -> None:
        with self.state.lock:
            at = self.state.clock.now()
            self.state.calls.append(Call(name, _redacted(raw), reply.status, _redacted(reply.body), at, fault))
            self.state.changed()

    def _reply(self, name: str, token: str | None, raw: Json) -> Reply:
        headers: dict[str, str] = {}
        try:
            found = _method(name)
            granted = self._authorise(found, token)
            headers["x-oauth-scopes"] = ",".join(sorted(granted))
            if wait := self.limits.refuse_for(name, str(raw.get("channel", ""))):
                return Reply(429, {"ok": False, "error": "ratelimited"}, {"retry-after": str(wait)})
            require_scopes(found.scopes, granted)
            body = {"ok": True, **found.run(Context(self.state, name, found.parse(raw)))}
        except SlackError as error:
            body = error.body()
        return Reply(200, body, headers)

    def _authorise(self, found: Method, token: str | None) -> frozenset[str]:
        """The scopes of the token (docs.slack.dev/authentication/tokens); refuses a wrong one."""
        app = self.state.app
        if not token:
            raise SlackError("not_authed")
        kinds = {"bot": app.bot_token, "app": app.app_token}
        kind = next((k for k, known in kinds.items() if hmac.compare_digest(known.encode(), token.encode())), None)
        if kind is None:
            raise SlackError("invalid_auth")
        if app.revoked:
            raise SlackError("token_revoked")
        if found.caller != kind and found.name != "auth.test":
            raise SlackError("not_allowed_token_type")
        return app.scopes if kind == "bot" else app.app_scopes


def _method(name: str) -> Method:
    if name not in METHODS:
        raise SlackError("unknown_method", req_method=name)
    return METHODS[name]


def _redacted(args: Json) -> Json:
    """Without what opens doors: tokens, and the ticket in a socket's or an upload's URL."""
    return {k: "(redacted)" if k in ("token", "url", "upload_url") else v for k, v in args.items()}
