"""The Python face of the workspace: set it up, act as its people, read what they read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any, Self, TypeVar

from playground.workspace import posting
from playground.workspace.errors import NotPossible
from playground.workspace.faults import Faults
from playground.workspace.handles import Click, Handle, Said, Submission
from playground.workspace.model import Call, Channel, Message, Notification, User, View
from playground.workspace.people import People
from playground.workspace.ratelimit import RateLimits
from playground.workspace.server import Server
from playground.workspace.settings import Settings
from playground.workspace.waiting import wait_for

Json = dict[str, Any]
H = TypeVar("H", bound=Handle)


class Workspace(Settings):
    """A Slack workspace on a port of its own; see the package's docstring for a tour."""

    def __init__(self, *, rate_limits: bool = True, post_burst: int = 20, port: int = 0) -> None:
        super().__init__()
        self.rate_limits = RateLimits(self.state.clock, rate_limits, post_burst)
        self._server = Server(self.state, self.rate_limits)
        self._people = People(self._server)
        self._port = port
        self.install_all()

    def start(self) -> Self:
        self._server.start(self._port)
        return self

    def stop(self) -> None:
        self._server.stop()

    def __enter__(self) -> Self:
        return self if self.state.base_url else self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """The Web API's base, for SLACK_API_URL."""
        return f"{self.state.base_url}/api/"

    @property
    def faults(self) -> Faults:
        return self._server.faults

    def use_http(self, request_url: str) -> None:
        """Deliver to this URL whenever no socket is connected."""
        self._server.http.request_url = request_url

    def set_event_retries(self, *waits: float) -> None:
        """Seconds before each redelivery of an event that was not acknowledged (Slack: 0, 60, 300)."""
        self._server.courier.retry_waits = waits

    def set_ack_timeout(self, seconds: float) -> None:
        """From now on people read ``operation_timeout`` after so many (Slack: 3)."""
        self._server.courier.ack_timeout = seconds

    # ------------------------------------------------------------------ acting as people

    def say(
        self, user: User, channel: Channel, text: str, *, thread: Message | str | None = None, sent_ago: float = 0.0,
        wait: bool = True,
    ) -> Said:  # fmt: skip
        """Types `text` into a channel. `sent_ago` backdates the signature; without `wait` returns at once."""
        thread_ts = thread.thread_ts or thread.ts if isinstance(thread, Message) else thread
        return _waited(self._people.say(user, channel, text, thread_ts, sent_ago), wait)

    def redeliver(self, handle: Handle, *, wait: bool = True) -> Said:
        """What a retrying proxy or an attacker does: the same signed request once more."""
        return _waited(self._people.redeliver(handle), wait)

    def click(
        self, user: User, where: Message | View, text: str | None = None, *, action_id: str | None = None,
        option: Any = None, values: Json | None = None, stale: bool = False, wait: bool = True,
    ) -> Click:  # fmt: skip
        """Uses a control of a message or modal, found by its text or action ID; `option` is what is picked in a menu.

        With `stale` the control is looked for in the message as the test holds it: a client that has not redrawn yet.
        """
        target = where if stale else self._current(user, where)
        wanted = action_id or text or ""
        control = next((b for b in target.buttons() if wanted == (b.action_id if action_id else b.text)), None)
        if control is None:
            raise NotPossible(f"no control {wanted!r} in:\n{target.plain()}\ncontrols: {target.buttons()}")
        return _waited(self._people.click(user, target, control, option, values), wait)

    def open_modals(self, user: User) -> list[View]:
        """The modals `user` has open, the topmost last."""
        with self.state.lock:
            return [self.state.views[v] for v in self.state.modals.get(user.id, [])]

    def submit(self, user: User, modal: View, values: Json | None = None, *, wait: bool = True) -> Submission:
        """Fills in a modal (by block ID, action ID or label) and submits it."""
        self._current(user, modal)
        return _waited(self._people.submit(user, modal, values or {}), wait)

    def dismiss(self, user: User, modal: View) -> Handle | None:
        self._current(user, modal)
        return self._people.dismiss(user, modal)

    def shortcut(self, user: User, callback_id: str, message: Message | None = None, *, wait: bool = True) -> Handle:
        return _waited(self._people.use_shortcut(user, callback_id, message), wait)

    def open_home(self, user: User) -> View | None:
        """Opens the app's home tab: tells the app, and gives the tab as it is now."""
        if not self.state.app.home_tab:
            raise NotPossible("the app's manifest has no home tab")
        event = {"type": "app_home_opened", "user": user.id, "channel": self.dm(user).id, "tab": "home",
                 "event_ts": self.state.clock.ts()}  # fmt: skip
        self.state.emit("app_home_opened", event)
        return self.state.homes.get(user.id)

    def _current(self, user: User, where: Any) -> Any:
        """The message or modal as it is now, if `user` can see it."""
        with self.state.lock:
            if isinstance(where, View):
                if where not in self.open_modals(user) and where is not self.state.homes.get(user.id):
                    raise NotPossible(f"the modal {where.title!r} is not open for {user.name}")
                return where
            if where.seen_by:
                held = next((m for m in self.state.private if m.ts == where.ts and not m.deleted), None)
                visible = where.seen_by == user.id
            else:
                held = self.state.message(where.channel, where.ts)
                visible = user.id in self.state.channels[where.channel].members
            if held is None or not visible:
                raise NotPossible(f"{user.name} sees no message {where.ts}: {'deleted' if visible else 'not there'}")
            return held

    # ------------------------------------------------------------------ reading

    def messages(self, channel: Channel) -> list[Message]:
        """The channel's top-level messages, oldest first, as they read now."""
        with self.state.lock:
            return [m.snapshot() for m in channel.messages
                    if not m.deleted and (m.thread_ts in (None, m.ts) or m.broadcast)]  # fmt: skip

    def thread(self, channel: Channel, ts: str | Message) -> list[Message]:
        """The replies under a message, oldest first."""
        with self.state.lock:
            return [m.snapshot() for m in posting.replies(channel, ts.ts if isinstance(ts, Message) else ts)]

    def deleted(self, channel: Channel) -> list[Message]:
        with self.state.lock:
            return [m.snapshot() for m in channel.messages if m.deleted]

    def private(self, user: User, channel: Channel | None = None) -> list[Message]:
        """What only `user` sees: ephemeral acks and responses, chat.postEphemeral, Slackbot's refusals (`source`)."""
        with self.state.lock:
            shown = [m for m in self.state.private if m.seen_by == user.id and not m.deleted]
            return [m.snapshot() for m in shown if channel is None or m.channel == channel.id]

    def home(self, user: User) -> View | None:
        return self.state.homes.get(user.id)

    def file_content(self, file_id: str) -> bytes:
        """The bytes of an uploaded file."""
        with self.state.lock:
            return bytes(self.state.files[file_id]["content"])

    def notifications(self, user: User) -> list[Notification]:
        """What made `user`'s phone buzz: mentions in new messages (never edits), and direct messages."""
        with self.state.lock:
            return [n for n in self.state.notifications if n.user == user.id]

    def calls(self, method: str | None = None) -> list[Call]:
        with self.state.lock:
            return [call for call in self.state.calls if method in (None, call.method)]

    def wait(self, predicate: Callable[[], Any], timeout: float = 45.0, what: str = "") -> Any:
        """The predicate's first true value; asked again whenever the workspace changes. Fails with a dump of it all."""
        return wait_for(self.state, predicate, timeout, what)

    def wait_message(
        self,
        channel: Channel,
        predicate: Callable[[Message], Any] | str,
        timeout: float = 45.0,
        *,
        thread: str | None = None,
    ) -> Message:
        """The first message (or reply in `thread`) for which `predicate` holds, or that contains that text."""

        def holds(message: Message) -> Any:
            return predicate in message.plain() if isinstance(predicate, str) else predicate(message)

        def found() -> Message | None:
            shown: Iterable[Message] = self.thread(channel, thread) if thread else self.messages(channel)
            return next((m for m in shown if holds(m)), None)

        message: Message = wait_for(
            self.state, found, timeout, f"a message {predicate!r} in {channel.name or channel.id}"
        )
        return message

    # ------------------------------------------------------------------ sockets

    @property
    def sockets(self) -> int:
        """How many Socket Mode connections take payloads."""
        return self._server.sockets.count

    @property
    def sockets_greeted(self) -> int:
        """How many connections there have ever been."""
        return self._server.sockets.greeted

    @property
    def late_acks(self) -> int:
        """Answers that came after the person had read operation_timeout."""
        return self._server.courier.late_acks

    def wait_for_sockets(self, count: int = 1, timeout: float = 45.0) -> None:
        self.wait(lambda: self.sockets >= count, timeout, f"{count} connected sockets")

    def disconnect(self, reason: str = "refresh_requested") -> None:
        """Announce the end of every connection: warning, refresh_requested or link_disabled."""
        self._server.call(self._server.sockets.disconnect(reason))

    def close_sockets(self) -> None:
        """Cut every connection, as a network does."""

        async def abort() -> None:
            self._server.sockets.abort()

        self._server.call(abort())

    def mute_sockets(self, muted: bool = True) -> None:
        """Connections stay open but nothing passes either way, pongs included: what a dead NAT entry looks like."""
        self._server.sockets.muted = muted


def _waited(handle: H, wait: bool) -> H:
    if wait:
        handle.outcome()
    return handle
