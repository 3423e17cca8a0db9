"""What the workspace answers when it refuses.

WorkspaceError
├── SlackError     a Web API refusal: `{"ok": false, "error": code, ...}`
└── NotPossible    a person tried something Slack's own client would not let them do (a test's mistake)
    └── NotEntered the client refuses to send a form: an input is empty or too long
"""

from __future__ import annotations

from typing import Any


class WorkspaceError(Exception):
    """Root of this package's errors."""


class SlackError(WorkspaceError):
    """A refusal as Slack words it: `code`, and `messages` that name the paths at fault.

    Shape: docs.slack.dev/apis/web-api (error responses), `response_metadata.messages` as in
    github.com/grafana-cold-storage/oncall/pull/5121 (a recorded `invalid_blocks` answer).
    """

    def __init__(self, code: str, problems: list[str] | None = None, **extra: Any) -> None:
        super().__init__(": ".join([code, *(problems or [])]))
        self.code = code
        self.problems = problems or []
        self.extra = extra

    def body(self) -> dict[str, Any]:
        answer: dict[str, Any] = {"ok": False, "error": self.code, **self.extra}
        if self.problems:
            answer["errors"] = self.problems
            answer["response_metadata"] = {"messages": [f"[ERROR] {problem}" for problem in self.problems]}
        return answer


class NotPossible(WorkspaceError):
    """Slack's client would not offer this: no such button, not in the channel, the modal is closed."""


class NotEntered(NotPossible):
    """What the client shows beside the input of that block, instead of sending the form."""

    def __init__(self, block_id: str, name: str, shown: str) -> None:
        super().__init__(f"{name!r}: Slack shows {shown!r}")
        self.block_id = block_id
        self.shown = shown
