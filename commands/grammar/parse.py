"""From a line to a ``Parsed``: which command it is, and which environment it means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from commands.declaration import Changes, Command, Controls, Takes, Type
from commands.grammar.line import Line
from commands.grammar.parsed import Parsed
from commands.grammar.reading import Reading
from commands.grammar.render import render
from commands.grammar.suggestions import did_you_mean, listed, quoted
from commands.grammar.tokens import Token
from commands.grammar.usage import stands_alone

if TYPE_CHECKING:
    from commands.registry import Registry

DEPENDS = " Whether you may depends on the operation: `pending` lists what waits for your yes, `status` and its id shows how it stands."


def parse(text: str, verb: str | None, registry: Registry, environments: Mapping[str, str]) -> Parsed:
    """What was said. ``text`` is as Slack delivers it; ``verb`` is the slash command's own, None for the umbrella.

    ``environments``: every environment's name and alias → its canonical name, in the configuration's order.
    Raises ``UsageError`` for everything that is not understood; an empty umbrella is ``help``.
    """
    line = Line.of(text if verb is None else f"{verb} {text}", registry, environments)
    if not line.tokens:
        line = Line.of("help", registry, environments)
    return _parsed(line, line.tokens)


def _parsed(line: Line, tokens: tuple[Token, ...]) -> Parsed:
    command = _command(line, tokens[0])
    if unclosed := next((token for token in tokens if token.unclosed), None):
        raise line.mistake("The quote that opens here is never closed.", unclosed, command)
    if any(argument.type is Type.REST for argument in command.arguments):
        return _nested(line, command, tokens[1:])
    reading = Reading(line, command, tokens[1:])
    arguments = reading.arguments()
    return Parsed(command, arguments, _environment(line, command, reading))


def _command(line: Line, token: Token) -> Command:
    command = line.registry.find(token.text.removeprefix("/"))
    if command is None:
        hint = did_you_mean(token.text, line.registry.by_word)
        raise line.mistake(
            f"There is no command {quoted(token.text)}.{hint} I know {listed(line.registry.by_name, 'and')}.", token
        )
    return command


def _nested(line: Line, outer: Command, tokens: tuple[Token, ...]) -> Parsed:
    """A command about another one (``diff deploy …``, ``can deploy …``), which must be one that changes something."""
    changing = [command.name for command in line.registry if isinstance(command.effect, Changes)]
    if not tokens:
        raise line.mistake(f"{outer.name} of what? Say the command behind it: {listed(changing)}.", None, outer)
    effect = _command(line, tokens[0]).effect
    if not isinstance(effect, Changes):
        sentence = (
            f"{quoted(tokens[0].text)} changes nothing, and {outer.name} is about changes: it takes {listed(changing)}."
            f"{DEPENDS if isinstance(effect, Controls) else ''}"
        )
        raise line.mistake(sentence, tokens[0], outer)
    inner = _parsed(line, tokens)
    arguments = {"line": render(inner), "command": inner.verb, "arguments": inner.arguments}
    return Parsed(outer, arguments, inner.environment)


def _environment(line: Line, command: Command, reading: Reading) -> str | None:
    """The one that was said, else the only one there is; asked for where there are several. Never guessed.

    What may be about an operation instead needs one otherwise; what lists may be about all of them.
    """
    alone = [argument.name for argument in command.words if stands_alone(argument)]
    if any(name in reading.values for name in alone):
        _refuse_company(line, command, reading)
        return None
    if reading.environment or command.environment is Takes.NOTHING:
        return reading.environment
    if len(line.canonical) == 1:
        return line.canonical[0]
    if command.environment is Takes.MAYBE and not alone:
        return None
    if not line.canonical:
        raise line.mistake("No environment is configured: quarterdeck.yaml has to name one.", None, command)
    raise line.mistake(
        f"In which environment? There {'are' if line.canonical[1:] else 'is'} {listed(line.canonical, 'and')}.",
        None,
        command,
    )


def _refuse_company(line: Line, command: Command, reading: Reading) -> None:
    """An operation was named: it knows its own environment and workload. What was said beside it must not be ignored."""
    if reading.environment or len(reading.values) > 1:
        sentence = "An operation's id is enough: leave out everything else, or leave out the id."
        raise line.mistake(sentence, line.tokens[-1], command)
