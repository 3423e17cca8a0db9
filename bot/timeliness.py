"""Whether a request reached us too late to be acknowledged in time: then it is not carried out (invariant 1).

Over HTTP the signed timestamp tells (whole seconds, so that one sent up to a second later may be refused too); over Socket Mode, which carries none, our receipt time at the
socket's callback does.
"""

from __future__ import annotations

from typing import Any

SLACKS_PATIENCE = 3.0
"""Seconds after which the person reads ``operation_timeout`` (docs.slack.dev, slash commands)."""

RECEIVED = "x-quarterdeck-received"
"""The header in which our own Socket Mode adapter notes the receipt time."""


def is_late(request: Any, now: float) -> bool:
    """``request`` is a BoltRequest; ``now`` is Unix seconds."""
    headers = request.headers
    if received := headers.get(RECEIVED):
        return now - float(received[0]) > SLACKS_PATIENCE - 0.5
    if signed := headers.get("x-slack-request-timestamp"):
        return now - float(signed[0]) >= SLACKS_PATIENCE
    return False
