"""What a person does on the page, carried to the workspace as Slack's client would. Data from a browser is untrusted.

Each doing is a JSON object ``{"do": NAME, …}``; what cannot be done raises ``NotPossible`` with the reason to show.
"""

from __future__ import annotations

from typing import Any

from playground.workspace import Channel, Message, NotPossible, User, View, Workspace
from playground.workspace.errors import NotEntered

Json = dict[str, Any]
LONGEST = 12_000
"""Characters that Slack's own composer sends as a message; longer text it offers to turn into a file."""


def say(workspace: Workspace, person: User, channel: Channel, doing: Json) -> None:
    text = str(doing.get("text", "")).strip()
    if len(text) > LONGEST:
        raise NotPossible(f"Slack takes {LONGEST:,} characters a message; these are {len(text):,}")
    if text:
        workspace.say(person, channel, text, thread=doing.get("thread") or None, wait=False)


def click(workspace: Workspace, person: User, channel: Channel, doing: Json) -> None:
    """A control of a message (``ts``) or of a modal (``view``); ``values`` holds the other inputs beside it."""
    where = _place(workspace, person, channel, doing)
    action = str(doing.get("action"))
    control = next((button for button in where.buttons() if button.action_id == action), None)
    if control is None:
        raise NotPossible("that button is gone")
    used = workspace.click(person, where, action_id=action, option=doing.get("option"), values=_values(doing))
    _heard(used.error)


def submit(workspace: Workspace, person: User, _channel: Channel, doing: Json) -> dict[str, str]:
    """Returns what the client or the app found wrong, by block id; waits for the app (three seconds at most)."""
    try:
        submission = workspace.submit(person, _modal(workspace, person, doing), _values(doing))
    except NotEntered as error:
        return {error.block_id: error.shown}
    _heard(submission.error)
    return submission.errors


def dismiss(workspace: Workspace, person: User, _channel: Channel, doing: Json) -> None:
    workspace.dismiss(person, _modal(workspace, person, doing))


def _heard(error: str) -> None:
    """Slack's client says so where the app does not answer."""
    if error:
        raise NotPossible(f"Quarterdeck did not answer ({error}): nothing was done. Try again.")


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
