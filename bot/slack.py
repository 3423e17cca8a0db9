"""The one wrapper of Slack's Web API. It turns Slack's errors into ours, and retries nothing by itself.

SlackProblem
├── RateLimited     429; ``seconds`` to wait
├── Unanswered      a connection error, a 5xx or a time-out: what was sent may have landed
└── Refused         Slack said no; ``code`` is its error
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.webhook import WebhookClient

from bot.meter import Meter
from bot.pauses import Pauses, limited_by
from bot.views.view import View
from commands.canonical import digest_of
from commands.errors import QuarterdeckError

Json = dict[str, Any]


FILES = "files.upload"
"""What the calls of an upload are called together, for whoever counts them and for Slack's limits."""


class SlackProblem(QuarterdeckError):
    """Slack did not do it."""

    @property
    def result(self) -> str:
        """One word for it, for counting: a label, so not Slack's own error, of which there may be any."""
        return type(self).__name__.lower()


class RateLimited(SlackProblem):
    """``name``: what is limited (see ``pauses.limited_by``)."""

    def __init__(self, name: str, seconds: float) -> None:
        super().__init__(f"Slack limits {name}: wait {seconds:g} s.")
        self.name, self.seconds = name, seconds


class Unanswered(SlackProblem):
    """Whether it happened is not known. ``over``: Slack itself said so, and it happens no later than now."""

    def __init__(self, message: str, *, over: bool = False) -> None:
        super().__init__(message)
        self.over = over


class Refused(SlackProblem):
    def __init__(self, method: str, code: str) -> None:
        super().__init__(f"Slack refused {method}: {code}")
        self.method, self.code = method, code


class Slack:
    """Thread-safe: slack_sdk's client opens a connection a call. While Slack limits something, no bot calls it."""

    def __init__(self, client: WebClient, meter: Meter, pauses: Pauses) -> None:
        client.retry_handlers = []  # a repeated chat.postMessage would post twice
        self._client, self._meter, self._pauses = client, meter, pauses

    def call(self, method: str, **arguments: Any) -> Json:
        """One Web API method. Raises ``SlackProblem``'s kinds."""
        with self._unless_paused(limited_by(method, arguments.get("channel"))):
            try:
                answer = self._call(method, arguments)
            except SlackProblem as problem:
                self._meter.called(method, problem.result)
                raise
            self._meter.called(method, "ok")
            return answer

    @contextmanager
    def _unless_paused(self, name: str) -> Iterator[None]:
        """What Slack limits is not tried; a new ``Retry-After`` is told to all bots."""
        if (seconds := self._pauses.left(name)) > 0:
            raise RateLimited(name, seconds)
        try:
            yield
        except RateLimited as limited:
            self._pauses.begin(name, limited.seconds)
            raise

    def _call(self, method: str, arguments: Json) -> Json:
        given = {name: value for name, value in arguments.items() if value is not None}
        try:
            answer = (
                self._client.api_call(method, json=given)
                if method in _JSON
                else self._client.api_call(method, params=given)
            )
        except SlackApiError as error:
            raise _problem(method, limited_by(method, given.get("channel")), error) from error
        except (SlackClientError, URLError, OSError) as error:
            raise Unanswered(f"Slack did not answer {method}: {error}") from error
        return dict(answer.data) if isinstance(answer.data, dict) else {}

    def post(self, channel: str, view: View, *, thread: str | None = None, metadata: Json | None = None) -> str:
        """Returns the message's ``ts``."""
        answer = self.call(
            "chat.postMessage", channel=channel, text=view.text, blocks=list(view.blocks) or None,
            thread_ts=thread, metadata=metadata, unfurl_links=False, unfurl_media=False,
        )  # fmt: skip
        return str(answer["ts"])

    def update(self, channel: str, ts: str, view: View, metadata: Json | None = None) -> None:
        self.call("chat.update", channel=channel, ts=ts, text=view.text, blocks=list(view.blocks), metadata=metadata)

    def whisper(self, channel: str, user: str, view: View, thread: str | None = None) -> None:
        """Only the user sees it, and only while looking."""
        self.call(
            "chat.postEphemeral", channel=channel, user=user, text=view.text, blocks=list(view.blocks) or None,
            thread_ts=thread,
        )  # fmt: skip

    def respond(self, response_url: str, view: View, *, in_channel: bool = False) -> None:
        """Answer by a command's or click's ``response_url`` (5 uses in 30 minutes), leaving the message alone."""
        name = f"response_url:{digest_of(response_url)}"  # one person's; the hook itself is nobody else's to know
        with self._unless_paused(name):
            self._respond(response_url, name, view, "in_channel" if in_channel else "ephemeral")

    def _respond(self, response_url: str, name: str, view: View, response_type: str) -> None:
        client = WebhookClient(response_url, retry_handlers=[])
        try:
            answer = client.send(
                text=view.text, blocks=list(view.blocks) or None, replace_original=False, response_type=response_type
            )
        except (SlackClientError, URLError, OSError) as error:
            raise Unanswered(f"Slack did not answer on a response_url: {error}") from error
        if answer.status_code == 429:
            raise RateLimited(name, _retry_after(answer.headers))
        if answer.status_code >= 500:
            raise Unanswered(f"Slack answered a response_url with {answer.status_code}")
        if answer.status_code != 200:
            raise Refused("response_url", answer.body[:80])

    def upload(self, channel: str, name: str, text: str, *, thread: str | None = None) -> None:
        """A text file, in three calls: where it goes, the bytes, and who sees it (docs.slack.dev/messaging/working-with-files).

        What ended without an answer may be there all the same; nobody sees it before the last call.
        """
        with self._unless_paused(FILES):
            try:
                self._client.files_upload_v2(
                    filename=name, content=text.encode(), title=name, channel=channel, thread_ts=thread
                )
            except SlackApiError as error:
                problem = _problem(FILES, FILES, error)
                self._meter.called(FILES, problem.result)
                raise problem from error
            except (SlackClientError, URLError, OSError) as error:
                self._meter.called(FILES, "unanswered")
                raise Unanswered(f"Slack did not take a file: {error}") from error
            self._meter.called(FILES, "ok")

    def pages(self, method: str, key: str, **arguments: Any) -> Iterator[Any]:
        """Every item of a method that pages by cursor."""
        cursor: str | None = None
        while True:
            answer = self.call(method, cursor=cursor, **arguments)
            yield from answer.get(key, [])
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                return


_JSON = frozenset({"chat.postMessage", "chat.update", "chat.postEphemeral", "views.open", "views.update"})


def _problem(method: str, name: str, error: SlackApiError) -> SlackProblem:
    response = error.response
    status = getattr(response, "status_code", 0)
    if status == 429:
        return RateLimited(name, _retry_after(response.headers))
    if status >= 500:
        return Unanswered(f"Slack answered {method} with {status}", over=_slacks_own(status, response.get("error")))
    code = response.get("error") if hasattr(response, "get") else None
    return Refused(method, str(code or status))


def _slacks_own(status: int, code: object) -> bool:
    """Slack's 500 names an error in JSON; behind a gateway's page (502, 503, 504) Slack may still be at work.

    slack_sdk puts a sentence where the error stands if there was no JSON.
    """
    return status == 500 and isinstance(code, str) and code.isidentifier()


def _retry_after(headers: Mapping[str, str]) -> float:
    """Seconds. Header names come in any case (HTTP/2 and proxies send them in lower case)."""
    return next((float(value) for name, value in headers.items() if name.lower() == "retry-after"), 1.0)
