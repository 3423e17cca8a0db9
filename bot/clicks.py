"""What buttons do. Decided from the record before the ack; answered afterwards by the click's own ``response_url``."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from contextvars import copy_context
from typing import Any

from bot.controls import OperationControls
from bot.intake import Intake, Said
from bot.slack import Slack, SlackProblem
from bot.undo import undo
from bot.views import actions, modal
from bot.views.refusal import refusal, sentence
from bot.views.view import View
from bot.whispers import Whispers
from commands.errors import NotAllowed, NotFound, QuarterdeckError, Refusal, StoreError, StoreUnavailable
from commands.invocation import Person, Place
from commands.operation import Origin
from commands.policy import check_plan, check_request
from commands.store import Seen, Store, pressed

log = logging.getLogger(__name__)

Json = dict[str, Any]

DAY = 86400


class Clicks:
    def __init__(
        self, intake: Intake, controls: OperationControls, store: Store, slack: Slack, whispers: Whispers,
        later: Executor, now: Callable[[], float],
    ) -> None:  # fmt: skip
        self._intake, self._controls, self._store, self._slack = intake, controls, store, slack
        self._whispers, self._later, self._now = whispers, later, now

    def press(self, action: str, value: str, person: Person, place: Place, body: Json) -> None:
        """One press of one button: carried out, or answered privately with why not, and that is audited."""
        try:
            with self._audited(action, value, person, place):
                told = self._do(action, actions.read(value), person, place, body)
        except QuarterdeckError as error:
            self.tell(place, person, refusal(error))
            return
        if told:
            self.tell(place, person, sentence(told))

    def say(self, line: str, person: Person, place: Place, trigger: str) -> None:
        """What was picked from a menu, as if it had been typed: one code path, and the rights of who picked it."""
        heard = self._intake.hear(Said(person, place, None, line, f"say:{trigger}"))
        if heard.view:
            self.tell(place, person, heard.view)

    def deny(self, metadata: str, person: Person, reason: str) -> str | None:
        """A submitted form. Returns what is wrong, to stand in the form."""
        try:
            with self._audited(actions.DENY, metadata, person):
                click = actions.read(metadata)
                self._controls.deny(click.operation, person, click.digest or "", reason)
        except (Refusal, StoreError) as error:
            return str(error)
        return None

    def tell(self, place: Place, person: Person, view: View) -> None:
        """Privately, after the ack."""
        self._after_ack(self._telling, place, person, view)

    def _after_ack(self, do: Callable[..., None], *given: object) -> None:
        """In another thread, whose log lines are about the same."""
        self._later.submit(copy_context().run, do, *given)

    @contextmanager
    def _audited(self, action: str, value: str, person: Person, place: Place | None = None) -> Iterator[None]:
        """Whatever is refused inside becomes one audit entry. Raises on."""
        try:
            yield
        except StoreUnavailable:
            raise  # there is nothing to write it into
        except QuarterdeckError as refused:
            channel, about = place.channel if place else None, actions.about(value)
            self._store.audit.refuse_click(
                action, about.operation if about else None, person.id, channel, str(refused), self._now(),
                digest=about.digest if about else None,
                environment=self._environment(about.operation) if about else None,
            )  # fmt: skip
            raise

    def _environment(self, id: str) -> str | None:
        """None where the record is gone, or a newer version's."""
        try:
            return self._store.operations.load(id).environment
        except (NotFound, StoreError):
            return None

    def _do(self, action: str, click: actions.Click, person: Person, place: Place, body: Json) -> str | None:
        match action:
            case actions.APPROVE:
                self._controls.approve(click.operation, person, click.digest or "", place.response_url)
            case actions.DENY:
                operation = self._controls.check_deny(click.operation, person, click.digest or "")
                self._after_ack(self._open, body["trigger_id"], modal.deny(operation))
            case actions.WITHDRAW:
                return self._controls.withdraw(click.operation, person)
            case actions.SUPERSEDE:
                return self._controls.supersede(click.operation, person)
            case actions.ACKNOWLEDGE:
                return self._controls.acknowledge(click.operation, person)
            case actions.CANCEL:
                return self._controls.cancel(click.operation, person)
            case actions.RETRY | actions.ROLLBACK:
                return self._follow(action, click.operation, person, place)
            case actions.LOGS:
                self._about("logs", click.operation, person, place, body["trigger_id"])
            case actions.LIFT:
                self._about("unlock", click.operation, person, place, body["trigger_id"])
            case _:
                raise Refusal("That button is not one of mine.")
        return None

    def _follow(self, action: str, id: str, person: Person, place: Place) -> str:
        """Roll back and Retry make a new, linked operation with its own rights and approvals."""
        before = self._store.operations.load(id)
        if not before.state.final:
            raise NotAllowed(f"{id} is still {before.state.value}; wait for its end, or cancel it.")
        check_request(before, self._store.key)  # or words that were written into Redis would be signed as this person's
        origin = Origin(id, action, before.origin.undone if before.origin and action == actions.RETRY else None)
        if origin.undone:  # a Retry of a Roll back means what that meant; its words alone would not tell
            undone = self._store.operations.load(origin.undone)
            way_back = undo(undone)
            check_plan(undone, self._store.key)
            invocation = self._intake.meant(*way_back, before.environment, person, place)
        else:
            invocation = self._intake.again(before, person, place)
        try:
            after = self._intake.request(invocation, pressed(action, id), origin, remembered=90 * DAY)
        except Seen as error:
            raise Refusal(f"That button was pressed already: it became {error.id}.") from error
        return f"{after.id}: {invocation.text} is being planned ({action} of {id})."

    def _about(self, verb: str, id: str, person: Person, place: Place, trigger: str) -> None:
        """Say it of the operation's workload, with the rights of who pressed."""
        operation = self._store.operations.load(id)
        workload = f"{operation.target.kind}/{operation.target.name}" if operation.target else ""
        if not workload:
            raise Refusal(f"{id} has no workload yet.")
        invocation = self._intake.meant(verb, {"workload": workload}, operation.environment, person, place)
        self._intake.ask(invocation, f"{verb}:{trigger}")

    def _open(self, trigger: str, view: Json) -> None:
        try:
            self._slack.call("views.open", trigger_id=trigger, view=view)
        except SlackProblem as error:
            log.warning("a form could not be opened: %s", error)

    def _telling(self, place: Place, person: Person, view: View) -> None:
        try:
            self._whispers.whisper(place, person.id, view)
        except (SlackProblem, StoreError) as error:
            log.warning("a private answer could not be given: %s", error)
