"""Waiting for the workspace to change, without sleeping, and saying what it reads when it does not."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from playground.workspace.model import Message
from playground.workspace.state import State


def wait_for(state: State, predicate: Callable[[], Any], timeout: float, what: str) -> Any:
    """Asks at once and after every change. The lock is not held while asking: the predicate may wait for an ack."""
    deadline = time.monotonic() + timeout
    while True:
        with state.lock:
            seen = state.version
        if value := predicate():
            return value
        with state.lock:
            while state.version == seen and (left := deadline - time.monotonic()) > 0:
                state.lock.wait(left)
            if state.version == seen:
                raise AssertionError(f"waited {timeout:g} s in vain for {what or 'a condition'}\n{dump(state)}")


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
