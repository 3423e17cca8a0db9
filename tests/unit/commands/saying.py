"""Say a line as in the channel, and get what it means: an invocation, a draft or a report."""

from __future__ import annotations

from dataclasses import replace

from commands.declaration import Answers, Changes, Reads
from commands.draft import Draft, Promise
from commands.errors import UsageError
from commands.grammar import Parsed, parse
from commands.invocation import Invocation, Person, Place
from commands.registry import discover
from commands.report import Report
from tests.unit.commands.live import FakeLive

ENVIRONMENTS = {"staging": "staging", "prod": "prod", "production": "prod"}
NOW = 1_785_232_800.0  # 2026-07-28 10:00:00 UTC
REGISTRY = discover()


def said(line: str, environments: dict[str, str] | None = None) -> Parsed:
    """What ``/ops <line>`` means."""
    return parse(line, None, REGISTRY, ENVIRONMENTS if environments is None else environments)


def slash(verb: str, text: str) -> Parsed:
    """What ``/<verb> <text>`` means."""
    return parse(text, verb, REGISTRY, ENVIRONMENTS)


def refused(line: str, environments: dict[str, str] | None = None) -> str:
    """The usage error that the line gives."""
    try:
        parsed = said(line, environments)
    except UsageError as error:
        return str(error)
    raise AssertionError(f"{line!r} was understood as {parsed}")


def reason(line: str, environments: dict[str, str] | None = None) -> str:
    """The sentence of the usage error."""
    return refused(line, environments).splitlines()[0]


def pointed_at(line: str) -> str:
    """What the carets of the usage error stand under; empty where they stand behind the end."""
    _, _, shown, carets, *_ = refused(line).splitlines()
    return shown[carets.index("^") : carets.rindex("^") + 1]


def invocation(line: str) -> Invocation:
    parsed = said(line)
    return Invocation(
        parsed.verb, parsed.arguments, parsed.environment, Person("U0DANA", "T0HOME"), Place("C0DEPLOYS"), line, NOW
    )


def planned(line: str, live: FakeLive) -> Draft:
    return plan(invocation(line), live)


def plan(asked: Invocation, live: FakeLive) -> Draft:
    effect = REGISTRY.get(asked.verb).effect
    assert isinstance(effect, Changes)
    return effect.plan(asked, live)


def absolute(asked: Invocation, made: Draft | Promise) -> Invocation:
    """The invocation as an operation keeps it once it is planned (``transitions.planned``)."""
    return replace(asked, arguments={**asked.arguments, **made.arguments})


def reported(line: str, live: FakeLive) -> Report:
    asked = invocation(line)
    effect = REGISTRY.get(asked.verb).effect
    assert isinstance(effect, Reads)
    return effect.report(asked, live)


def answered(line: str, *allowed: str) -> Report:
    asked = invocation(line)
    effect = REGISTRY.get(asked.verb).effect
    assert isinstance(effect, Answers)
    return effect.answer(asked, frozenset(allowed))
