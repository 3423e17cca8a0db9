"""From words to a stored operation or question: one way in for slash commands, mentions and buttons.

Everything here happens before the ack (invariant 1): parse, authorise from cached data, store, enqueue. No Slack call
and no cluster call. What comes back is what to tell the person at once.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from bot.acquaintances import Acquaintances
from bot.controls import OperationControls
from bot.hints import Hints
from bot.views.ack import ack
from bot.views.refusal import refusal, sentence
from bot.views.report import report
from bot.views.view import View
from commands import transitions
from commands.concern import concerns_too
from commands.config import Rules
from commands.declaration import MEANT_ONCE, Answers, Changes, Controls, Effect, Locks, Reads
from commands.destination import destination
from commands.errors import MembershipUnknown, QuarterdeckError, Refusal, StoreUnavailable
from commands.grammar import Parsed, parse, render
from commands.invocation import Invocation, Person, Place
from commands.operation import Operation, Origin
from commands.policy import authorise, check_break_glass, offered, scope_of
from commands.registry import INNER, Registry, right_of
from commands.store import IdTaken, Question, Seen, Store

log = logging.getLogger(__name__)

CACHED = 3600.0
"""Seconds for which cached facts decide what the bot refuses at once; the worker decides again by fresher ones."""

HOUR = 3600
"""Seconds for which a delivery is remembered: Slack's signatures are good for five minutes."""

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""No characters that look alike: ids are read aloud."""


@dataclass(frozen=True, slots=True)
class Said:
    """What reached us. ``delivery`` tells repeated deliveries of the same words from new ones."""

    person: Person
    place: Place
    verb: str | None
    text: str
    delivery: str


@dataclass(frozen=True, slots=True)
class Heard:
    """What to answer at once, and the operation it became, if it became one.

    A question is answered by its answer, moments later. No word comes before it: what a command is told privately can
    neither be replaced nor taken away afterwards (github.com/slackapi/bolt-js/issues/2287, bolt-python/issues/1268).
    """

    view: View | None = None
    operation: str | None = None


class Intake:
    def __init__(
        self, rules: Rules, registry: Registry, store: Store, hints: Hints, controls: OperationControls,
        now: Callable[[], float],
    ) -> None:  # fmt: skip
        self._rules, self._registry, self._store, self._hints = rules, registry, store, hints
        self._controls, self._now = controls, now
        self._acquaintances = Acquaintances(store)

    def hear(self, said: Said) -> Heard:
        """Never raises: what goes wrong becomes a private sentence (one handler for all)."""
        try:
            return self._take(self._parsed(said), said)
        except StoreUnavailable as error:
            log.error("Redis cannot be reached: %r", error.__cause__)
            return Heard(refusal(error))
        except QuarterdeckError as error:
            return Heard(refusal(error))

    def refuse(self, said: Said, sentence: str) -> None:
        """Into the audit: what was not carried out and not even understood. Raises nothing, for the answer does not need it."""
        words = Invocation(said.verb or "", {}, None, said.person, said.place, _spoken(said), self._now())
        try:
            self._store.audit.refuse(words, sentence, self._now())
        except StoreUnavailable as error:
            log.error("a refusal could not be audited: %r", error.__cause__)

    def _parsed(self, said: Said) -> Parsed:
        try:
            return parse(said.text, said.verb, self._registry, self._rules.now.environment_names)
        except Refusal as error:
            self.refuse(said, str(error))
            raise

    def request(
        self, invocation: Invocation, delivery: str, origin: Origin | None = None, remembered: int = HOUR
    ) -> Operation:
        """Start an operation. Raises ``Refusal``'s kinds, which the caller audits, ``Seen`` and ``StoreUnavailable``."""
        self._authorise(invocation)
        self._check_break_glass(invocation)
        environment = invocation.environment or ""
        while True:
            id = _new_id("op")
            try:
                move = transitions.request(id, invocation, environment, self._now(), origin, self._store.key)
                operation = self._store.operations.apply(move, seen=delivery, seen_seconds=remembered)
            except IdTaken:
                continue
            concerns_too(operation.id, invocation.person.id)
            channel = destination(self._rules.now, environment, invocation)
            self._hints.enqueue("plan", operation.id, environment, channel)
            return operation

    def meant(self, verb: str, arguments: dict[str, Any], environment: str, person: Person, place: Place) -> Invocation:
        """What a button means, with the words that mean the same."""
        line = render(Parsed(self._registry.get(verb), arguments, environment))
        return Invocation(verb, arguments, environment, person, place, self._typed(line), self._now())

    def again(self, operation: Operation, person: Person, place: Place) -> Invocation:
        """The same words, said anew by somebody: what planning had fixed (a restart's time) is fixed anew."""
        said = operation.invocation
        arguments = self._registry.as_said(said)
        if MEANT_ONCE & arguments.keys():
            arguments = {name: value for name, value in arguments.items() if name not in MEANT_ONCE}
            return self.meant(said.verb, arguments, operation.environment, person, place)
        return replace(said, arguments=arguments, person=person, place=place, at=self._now())

    def ask(self, invocation: Invocation, delivery: str) -> None:
        """Put a question to the cluster. Raises as ``request`` does."""
        self._authorise(invocation)
        effect = self._registry.get(invocation.verb).effect
        assert isinstance(effect, Reads | Locks)  # noqa: S101 - callers ask only what a worker answers
        question = Question(
            _new_id("re"), invocation, effect.private, effect.seconds, self._now(), schema=invocation.schema
        )
        if self._store.reports.ask(question, delivery) == question.id:
            self._hints.enqueue("report", question.id, invocation.environment)

    def _take(self, parsed: Parsed, said: Said) -> Heard:
        """What was understood is carried out, or refused; every refusal is audited. Raises as ``request`` does."""
        arguments = dict(parsed.arguments)
        if INNER.issubset(arguments):  # the answer tells what to type
            arguments["line"] = self._typed(arguments["line"])
        invocation = Invocation(
            parsed.verb, arguments, parsed.environment, said.person, said.place, _spoken(said), self._now()
        )
        try:
            return self._carry_out(parsed.command.effect, invocation, said.delivery)
        except StoreUnavailable:
            raise  # there is nothing to write it into
        except QuarterdeckError as error:
            self._store.audit.refuse(
                invocation, str(error), self._now(),
                operation=invocation.argument("operation"), target=self._registry.lock_key(invocation),
            )  # fmt: skip
            raise

    def _carry_out(self, effect: Effect, invocation: Invocation, delivery: str) -> Heard:
        match effect:
            case Changes():
                return self._start(invocation, delivery)
            case Reads() | Locks():
                self.ask(invocation, delivery)
                return Heard()
            case Answers():
                return Heard(report(effect.answer(invocation, self._offered(invocation.person))))
            case Controls():
                told = self._controls.do(effect.action, invocation)
                return Heard(sentence(told))

    def _start(self, invocation: Invocation, delivery: str) -> Heard:
        try:
            operation = self.request(invocation, delivery)
        except Seen as error:
            operation = self._store.operations.load(error.id)
        where = destination(self._rules.now, operation.environment, invocation)
        return Heard(ack(operation, where), operation.id)

    def _authorise(self, invocation: Invocation) -> None:
        """Refuse at once what is known to be refused; what is not known yet, the worker decides."""
        if self._registry.is_anyones(invocation):
            return
        membership = self._acquaintances.membership(invocation.person.id)
        try:
            authorise(
                self._rules.now, membership, invocation.person, scope_of(invocation, right_of(invocation)),
                now=self._now(), max_age=CACHED,
            )  # fmt: skip
        except MembershipUnknown as error:
            self._store.people.want(error.wanted)

    def _check_break_glass(self, said: Invocation) -> None:
        """As ``_authorise``: what is not known yet, the worker decides."""
        membership = self._acquaintances.membership(said.person.id)
        try:
            check_break_glass(self._rules.now, membership, said, now=self._now(), max_age=CACHED)
        except MembershipUnknown as error:
            self._store.people.want(error.wanted)

    def _typed(self, line: str) -> str:
        return self._registry.typed(line, self._rules.now.slack.command_prefix)

    def _offered(self, person: Person) -> frozenset[str]:
        membership = self._acquaintances.membership(person.id)
        try:
            return offered(self._rules.now, membership, person, self._registry, now=self._now(), max_age=CACHED)
        except MembershipUnknown as error:
            self._store.people.want(error.wanted)
            raise Refusal("I don't know you yet and am asking Slack; say it again in a moment.") from error


def _spoken(said: Said) -> str:
    """The line as people type it; NUL and the like do not belong into an audit."""
    line = f"/{said.verb} {said.text}" if said.verb else said.text
    return "".join(c for c in line if c.isprintable())[:4000].strip()


def _new_id(kind: str) -> str:
    """Drawn at once: each look at the system's randomness costs an ack some 20 µs."""
    length, base = (4 if kind == "op" else 10), len(_ALPHABET)
    drawn = secrets.randbelow(base**length)
    return f"{kind}-{''.join(_ALPHABET[drawn // base**place % base] for place in range(length))}"
