"""Usage lines, derived from the declarations."""

from __future__ import annotations

from collections.abc import Mapping

from commands.declaration import Argument, Command, Takes, Type


def usage(command: Command) -> str:
    """``deploy WORKLOAD VERSION to ENVIRONMENT [container=NAME] [reason=TEXT] [link=URL] [supersede] [break-glass]``."""
    instead = {a.name: _word(a) for a in command.words if any(a.name in each.instead for each in command.words)}
    early = _alternatives([a for a in command.words if not a.keyword and not is_late(a)], instead)
    late = [_word(a) for a in command.words if (a.keyword or is_late(a)) and a.name not in instead]
    return " ".join([command.name, *early, *_environment(command), *late])


def placeholder(argument: Argument) -> str:
    """What stands for its value: its own name where it is positional, what kind of word it is where it is a keyword."""
    return argument.type.value.upper() if argument.keyword else argument.name.upper()


def needed(command: Command) -> tuple[Argument, ...]:
    """What cannot be left out."""
    return tuple(argument for argument in command.words if argument.required)


def is_late(argument: Argument) -> bool:
    """It is said behind the environment: ``[to REVISION]``."""
    return argument.preposition is not None and not argument.required


def stands_alone(argument: Argument) -> bool:
    """An operation that may be named instead of everything else: ``[WORKLOAD | OPERATION]``."""
    return argument.type is Type.OPERATION and not argument.required


def before_environment(command: Command) -> str:
    """A version goes *to* an environment, everything else happens *in* it."""
    return "to" if any(a.type is Type.IMAGE for a in command.arguments) else "in"


def _alternatives(arguments: list[Argument], instead: Mapping[str, str]) -> list[str]:
    """``(REPLICAS | [min=COUNT] [max=COUNT])``: one of both has to be said. ``instead``: keywords by name, as they are written."""
    words: list[str] = []
    for argument in arguments:
        if stands_alone(argument) and words:
            words[-1] = f"{words[-1].removesuffix(']')} | {placeholder(argument)}]"
        elif argument.instead:
            words.append(f"({placeholder(argument)} | {' '.join(instead[name] for name in argument.instead)})")
        else:
            words.append(_word(argument))
    return words


def _word(argument: Argument) -> str:
    said = placeholder(argument)
    if argument.type is Type.FLAG:
        said = argument.name
    elif argument.keyword:
        said = f"{argument.name}={said}"
    elif argument.type is Type.REST:
        said = "COMMAND …"
    elif is_late(argument):
        said = f"{argument.preposition} {said}"
    return f"[{said}]" if argument.optional else said


def _environment(command: Command) -> list[str]:
    if command.environment is Takes.NOTHING or any(a.type is Type.REST for a in command.arguments):
        return []
    said = f"{before_environment(command)} ENVIRONMENT"
    return [said if command.environment is Takes.ENVIRONMENT else f"[{said}]"]
