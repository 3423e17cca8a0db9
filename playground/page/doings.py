"""What a person does on the page, carried to the workspace as Slack's client would. Data from a browser is untrusted.

Each doing is a JSON object ``{"do": NAME, …}``; what cannot be done raises ``NotPossible`` with the reason to show.
"""

from __future__ import annotations

from typing import Any

from playground.workspace import Channel, Message, NotPossible, User, View, Workspace

Json = dict[str, Any]


def say(workspace: Workspace, person: User, channel: Channel, doing: Json) -> None:
    text = str(doing.get("text", "")).strip()
    if text:
        workspace.say(person, channel, text, thread=doing.get("thread") or None, wait=False)


def click(workspace: Workspace, person: User, channel: Channel, doing: Json) -> None:
    """A control of a message (``ts``) or of a modal (``view``); ``values`` holds the other inputs beside it."""
    where = _place(workspace, person, channel, doing)
    action = str(doing.get("action"))
    workspace.click(person, where, action_id=action, option=doing.get("option"), values=_values(doing), wait=False)


def submit(workspace: Workspace, person: User, _channel: Channel, doing: Json) -> dict[str, str]:
    """Returns what the app found wrong, by block id; waits for its answer (three seconds at most)."""
    submission = workspace.submit(person, _modal(workspace, person, doing), _values(doing))
    return submission.errors


def dismiss(workspace: Workspace, person: User, _channel: Channel, doing: Json) -> None:
    workspace.dismiss(person, _modal(workspace, person, doing))


def _place(workspace: Workspace, person: User, channel: Channel, doing: Json) -> Message | View:
    if "view" in doing:
        return _modal(workspace, person, doing)
    ts = str(doing.get("ts"))
    with workspace.state.lock:
        private = next((m for m in workspace.private(person, channel) if m.ts == ts), None)
        found = private or workspace.state.message(channel.id, ts)
    if found is None:
        raise NotPossible("that message is gone")
    return found


def _modal(workspace: Workspace, person: User, doing: Json) -> View:
    found = next((view for view in workspace.open_modals(person) if view.id == doing.get("view")), None)
    if found is None:
        raise NotPossible("that form is closed already")
    return found


def _values(doing: Json) -> Json:
    """By block id, as the page's inputs are named."""
    given = doing.get("values")
    return given if isinstance(given, dict) else {}
