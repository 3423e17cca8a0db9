"""``help``: what a person may say, and how. Never more than they may."""

from __future__ import annotations

from commands.declaration import Answers, Argument, Command, Takes, Type
from commands.grammar.suggestions import quoted
from commands.grammar.usage import usage
from commands.invocation import Invocation
from commands.registry import discover
from commands.report import Code, Fields, Prose, Report, Table

_MORE = "Everything about one of them: help and its name. The words to, in and on may be left out."


def answer(invocation: Invocation, offered: frozenset[str]) -> Report:
    """One command in full, or the list of those that are ``offered``."""
    registry = discover()
    shown = [command for command in registry if command.name in offered]
    verb = invocation.argument("verb")
    if verb is None:
        return _all(shown)
    command = registry.get(verb)
    return (
        _one(command) if command in shown else Report(f"No rule lets you run {quoted(verb)}; help lists what you may.")
    )


def _all(shown: list[Command]) -> Report:
    table = Table(("Say", "What it does"), tuple((usage(command), command.summary) for command in shown))
    return Report("What you can say", (table, Prose(_MORE)))


def _one(command: Command) -> Report:
    arguments = Fields(tuple((argument.name, argument.help) for argument in command.words))
    also = (Prose(f"Also said: {', '.join(command.aliases)}"),) if command.aliases else ()
    examples = Code("\n".join(command.examples))
    return Report(
        f"{command.name}: {command.summary}",
        (
            Code(usage(command)),
            *((arguments,) if command.words else ()),
            *also,
            Prose("For example", strong=True),
            examples,
        ),
    )


COMMAND = Command(
    name="help",
    summary="Show what you can say",
    effect=Answers(answer),
    arguments=(Argument("verb", Type.VERB, "about which command", required=False),),
    environment=Takes.NOTHING,
    examples=("help", "help deploy"),
    anyone=True,
    instead="leave it out: it shows each person what that person may say",
)
