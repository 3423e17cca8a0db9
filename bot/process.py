"""The bot: listeners on one side, the publisher, the ballots and the directory in the background on the other."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from threading import Event
from typing import Protocol

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.answers import Answers
from bot.attendance import Attendance
from bot.ballots import Ballots
from bot.budget import Budget
from bot.clicks import Clicks
from bot.controls import OperationControls
from bot.delivery import Delivery
from bot.directory import Directory, DirectoryLoop
from bot.hints import Hints
from bot.intake import Intake
from bot.listeners import build_app
from bot.loops import Loops
from bot.membership import MembershipNews
from bot.meter import Meter
from bot.pauses import Pauses
from bot.posts import Posts
from bot.publisher import Publisher
from bot.pulse import EVERY, Pulse
from bot.roll_call import RollCall
from bot.rush import Rush
from bot.slack import Slack
from bot.whispers import Whispers
from commands import transitions
from commands.concern import concerning
from commands.config import Rules
from commands.errors import QuarterdeckError, Refusal, Stale
from commands.operation import State
from commands.queue import Queue
from commands.registry import Registry
from commands.store import Store
from commands.transition import BY_ITSELF

log = logging.getLogger(__name__)

PUBLISHERS = 2


class Front(Protocol):
    """Socket Mode or HTTP."""

    def start(self) -> None: ...
    def stop(self) -> None: ...
    def connected(self) -> bool: ...
    def told(self) -> str:
        """In words, what ``connected`` rests on."""


@dataclass(frozen=True, slots=True)
class BotParts:
    """What the composition root builds. ``hurried`` is the store of listeners, ``store`` that of background work.

    ``now`` is everyone's time, for what is stored; ``machine`` is this machine's, for what Slack has stamped. Unix seconds.
    """

    rules: Rules
    registry: Registry
    client: WebClient
    store: Store
    hurried: Store
    queue: Queue
    now: Callable[[], float]
    machine: Callable[[], float]
    meter: Meter
    signing_secret: str | None = None


class Bot:
    def __init__(self, parts: BotParts, identity: AuthorizeResult) -> None:
        self._parts, self._stopping = parts, Event()
        now, store = parts.now, parts.store
        slack = Slack(parts.client, parts.meter, Pauses(parts.hurried, now))
        self.pulse = Pulse(slack, time.monotonic)
        home = identity.team_id or ""
        store.people.home(home, identity.url or "")
        self._later = ThreadPoolExecutor(4, thread_name_prefix="later")
        self._directory = Directory(slack, store, parts.rules, home, now)
        self._roll_call = RollCall(slack, store, self._directory, now)
        budget = Budget(store, now)
        posts = Posts(slack, store, budget, identity.bot_user_id or "", now)
        self._whispers = Whispers(slack, store, now)
        self._delivery = Delivery(slack, store, parts.rules, budget, posts, self._whispers, now)
        answers = Answers(slack, store, posts, self._whispers)
        self._publisher = Publisher(store, self._delivery, answers, now)
        self._attendance = Attendance(store, parts.queue, self._whispers, now)
        self._ballots = Ballots(slack, store, parts.queue, parts.rules, self._directory, now)
        self.rush = Rush()
        self._hints = Hints(parts.queue, self.rush, store)
        controls = OperationControls(parts.rules, parts.hurried, now)
        intake = Intake(parts.rules, parts.registry, parts.hurried, self._hints, controls, now)
        clicks = Clicks(intake, controls, parts.hurried, slack, self._whispers, self._later, now)
        news = MembershipNews(parts.hurried, self._directory.facts, parts.rules, now)
        self.app: App = build_app(
            parts.client, identity, parts.registry, parts.rules.now.slack.command_prefix, intake, clicks, news, parts.machine,
            signing_secret=parts.signing_secret,
        )  # fmt: skip
        self._loops = Loops(store, self._stopping)

    def start(self) -> None:
        """The background. Listeners begin with the front."""
        directory = DirectoryLoop(self._directory, self._parts.store, self._parts.now)
        self._loops.add("directory", directory.step, 5, "wanted")
        self._loops.add("roll call", self._roll_call.step, 5)
        self._loops.add("ballots", self._ballots.step, 2, "votes")
        self._loops.add("attendance", self._attendance.step, 5, "attendance")
        for number in range(PUBLISHERS):
            self._loops.add(f"publisher-{number}", lambda: self._publisher.step(self._stopping), 0.3, "outbox")

    def feel_pulse(self) -> None:
        """For a front without a socket."""
        self._loops.add("pulse", self.pulse.step, EVERY)

    def stop(self) -> None:
        """Within some seconds: what was taken and not delivered is handed out again."""
        self._stopping.set()
        self._hints.stop()
        self._later.shutdown(wait=True, cancel_futures=False)
        self._loops.join(4)

    def unacknowledged(self, id: str) -> None:
        """The ack of what this operation began with is known to have failed: call it off, unless it has acted already."""
        with concerning(id):
            self._unacknowledged(id)

    def _unacknowledged(self, id: str) -> None:
        try:
            for _ in range(5):  # a worker plans it this very moment, so it moves under our hands
                with suppress(Stale):
                    self._call_off(id)
                    return
            log.warning("%s: could not be called off, it moves too fast", id)
        except Refusal as error:
            log.warning("%s: could not be called off: %s", id, error)
        except QuarterdeckError:
            log.exception("%s: could not be called off", id)

    def _call_off(self, id: str) -> None:
        operation = self._parts.hurried.operations.load(id)
        if operation.state in {State.PLANNING, State.AWAITING, State.QUEUED}:
            told = "Slack could not be told in time that I had heard it, so it was called off; nothing was changed."
            self._parts.hurried.operations.apply(transitions.cancel(operation, BY_ITSELF, told, self._parts.now()))

    def alive(self) -> bool:
        return self._loops.alive()
