"""What a test holds after a person did something: did the app answer, how fast, and with what."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from playground.workspace.delivery import Delivery, Outcome
from playground.workspace.model import Message

Json = dict[str, Any]


class Handle:
    """An interaction on its way. Reading `ack`, `error` or `ms` waits for the app's answer (or Slack's verdict)."""

    def __init__(self, delivery: Delivery | None, outcome: Future[Outcome] | None, error: str = "") -> None:
        self.delivery = delivery
        self._outcome = outcome
        self._error = error

    @property
    def payload(self) -> Json:
        return self.delivery.payload if self.delivery else {}

    @property
    def trigger_id(self) -> str:
        return str(self.payload.get("trigger_id", ""))

    @property
    def response_url(self) -> str:
        return str(self.payload.get("response_url", ""))

    def outcome(self) -> Outcome:
        return self._outcome.result() if self._outcome else Outcome(None if self._error else {}, self._error)

    @property
    def error(self) -> str:
        """What Slack tells the person went wrong (`operation_timeout`, `dispatch_failed`...), or ""."""
        return self.outcome().error

    @property
    def ack(self) -> Json | str:
        """The acknowledgement's payload ({} when empty), or the error as Slack shows it."""
        outcome = self.outcome()
        return outcome.error if outcome.body is None else outcome.body

    @property
    def ack_ms(self) -> float:
        return self.outcome().ms

    def __repr__(self) -> str:
        state = self.ack if self._outcome is None or self._outcome.done() else "waiting"
        return f"{type(self).__name__}({self.payload.get('command') or self.payload.get('type', '')}: {state})"


class Said(Handle):
    """Something said: a slash command, or a message (then `message` is what stands in the channel)."""

    def __init__(
        self,
        delivery: Delivery | None,
        outcome: Future[Outcome] | None,
        error: str = "",
        message: Message | None = None,
    ) -> None:
        super().__init__(delivery, outcome, error)
        self.message = message


class Click(Handle):
    """A control used: `confirm` is the confirmation dialog the person was shown (and said yes to), if there is one."""

    def __init__(self, delivery: Delivery, outcome: Future[Outcome], confirm: Json | None) -> None:
        super().__init__(delivery, outcome)
        self.confirm = confirm


class Submission(Handle):
    """A modal submitted. `errors` maps block IDs to what the app found wrong; `closed` when the modal went away."""

    def __init__(self, delivery: Delivery, outcome: Future[Outcome], is_open: Callable[[], bool]) -> None:
        super().__init__(delivery, outcome)
        self._is_open = is_open

    @property
    def errors(self) -> dict[str, str]:
        ack = self.ack
        return dict(ack.get("errors", {})) if isinstance(ack, dict) else {}

    @property
    def action(self) -> str:
        """The `response_action`: errors, update, push or clear; "" when the modal just closes."""
        ack = self.ack
        return str(ack.get("response_action", "")) if isinstance(ack, dict) else ""

    @property
    def closed(self) -> bool:
        self.outcome()
        return not self._is_open()
