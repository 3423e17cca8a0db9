"""Waiting for the workspace to change, without sleeping, and saying what it reads when it does not."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from playground.workspace.model import Message
from playground.workspace.state import State

LOOK_AGAIN = 0.05


def wait_for(state: State, predicate: Callable[[], Any], timeout: float, what: str) -> Any:
    """Asks at once, after every change, and every LOOK_AGAIN seconds, for a predicate may look at more than this.

    The lock is not held while asking: the predicate may wait for an acknowledgement.
    """
    deadline = time.monotonic() + timeout
    while True:
        with state.lock:
            seen = state.version
        if value := predicate():
            return value
        left = deadline - time.monotonic()
        if left <= 0:
            raise AssertionError(f"waited {timeout:g} s in vain for {what or 'a condition'}\n{dump(state)}")
        with state.lock:
            if state.version == seen:
                state.lock.wait(min(left, LOOK_AGAIN))


def dump(state: State) -> str:
    """All that can be read in the workspace, and the last refused calls."""
    lines = []
    for channel in state.channels.values():
        if channel.messages:
            lines.append(f"#{channel.name or channel.id}")
            lines += [_line(state, message) for message in channel.messages]
    lines += [f"only {state.names.get(m.seen_by or '', '?')} sees ({m.source}): {m.plain()}" for m in state.private]
    lines += [f"modal of {state.names.get(v.user, '?')}: {v.plain()}" for v in state.views.values() if v.is_open]
    lines += [f"{c.method} -> {c.error} {c.fault}" for c in state.calls[-50:] if c.error or c.fault]
    return "\n".join(lines) or "(nothing was said)"


def _line(state: State, message: Message) -> str:
    indent = "    " if message.thread_ts and message.thread_ts != message.ts else "  "
    edits = f" (edited {len(message.edits) - 1} times)" if len(message.edits) > 1 else ""
    text = message.plain().replace("\n", "\n" + indent + "  ")
    return f"{indent}{state.names.get(message.user, message.user)}: {text}{edits}"
