"""A Slack workspace on this machine."""

from playground.workspace.errors import NotPossible, SlackError
from playground.workspace.handles import Click, Handle, Said, Submission
from playground.workspace.model import Call, Channel, Message, Notification, User, UserGroup, View
from playground.workspace.reading import Button
from playground.workspace.workspace import Workspace

__all__ = ["Button", "Call", "Channel", "Click", "Handle", "Message", "NotPossible", "Notification", "Said", "SlackError",
           "Submission", "User", "UserGroup", "View", "Workspace"]  # fmt: skip
