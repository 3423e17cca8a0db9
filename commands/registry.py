"""All commands: discovered in ``commands/catalog/`` (one module, one ``COMMAND``), checked, and looked up by name.

Packages inside the catalog hold what commands share and are no commands. What is wrong in a declaration is a
programming error: a ``ValueError`` at start that names the command.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Final, Protocol

from commands import catalog
from commands.declaration import Argument, Changes, Command, Type
from commands.errors import NotFound
from commands.grammar.suggestions import nearest
from commands.grammar.usage import usage

UMBRELLA: Final = "ops"
SLACKS_OWN: Final = frozenset({
    "archive", "away", "dnd", "invite", "join", "leave", "me", "msg", "mute", "open", "remind", "rename", "search",
    "shrug", "status", "topic", "who",
})  # fmt: skip
"""Slash commands that Slack keeps for itself (facts/slack.md)."""
INNER: Final = frozenset({"command", "arguments"})
"""What a command about another one holds (see ``Parsed``). No declared argument may be called that."""
_RESERVED: Final = INNER | {"environment", "env"}
_NAME: Final = re.compile(r"[a-z][a-z-]{0,20}")


class Said(Protocol):
    """A ``Parsed`` or an ``Invocation``."""

    @property
    def verb(self) -> str: ...
    @property
    def arguments(self) -> dict[str, Any]: ...
    @property
    def environment(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Registry:
    """The commands by name, in alphabetical order. Build it with ``discover()``, or ``Registry.of`` a few."""

    by_name: Mapping[str, Command]
    by_word: Mapping[str, Command]
    """Aliases included."""

    @classmethod
    def of(cls, commands: Iterable[Command]) -> Registry:
        """Raises ``ValueError`` where two commands share a word, or a declaration contradicts itself."""
        by_word: dict[str, Command] = {}
        ordered = sorted(commands, key=lambda command: command.name)
        for command in ordered:
            _check(command)
            for word in (command.name, *command.aliases):
                if word in by_word:
                    raise ValueError(f"the commands {by_word[word].name} and {command.name} are both said {word!r}")
                by_word[word] = command
        return cls({command.name: command for command in ordered}, by_word)

    def __iter__(self) -> Iterator[Command]:
        return iter(self.by_name.values())

    def get(self, name: str) -> Command:
        """By canonical name. Raises ``NotFound``: a record may name a command that this version does not have."""
        if name not in self.by_name:
            raise NotFound(f"There is no command {name} in this version of Quarterdeck.")
        return self.by_name[name]

    def find(self, word: str) -> Command | None:
        """By name or alias, in any case."""
        return self.by_word.get(word.casefold())

    def nearest(self, word: str) -> Command | None:
        """Did you mean …"""
        near = nearest(word, self.by_word)
        return self.by_word[near[0]] if near else None

    def slash_names(self, prefix: str = "") -> dict[str, str | None]:
        """Slash command → verb, or None for the umbrella, which takes any: ``{"deploy": "deploy", …, "ops": None}``."""
        own = {f"{prefix}{command.name}": command.name for command in self if command.slash}
        return {**own, f"{prefix}{UMBRELLA}": None}

    def is_anyones(self, said: Said) -> bool:
        """Whether it needs no permission: ``help``, ``operations``, ``cancel`` (it checks for itself), one operation's status."""
        command = self.get(said.verb)
        about_an_operation = (a.type is Type.OPERATION and a.name in said.arguments for a in command.arguments)
        return command.anyone or any(about_an_operation)

    @property
    def pointless(self) -> Mapping[str, str]:
        """The commands that no permission is about, with what to write instead of one."""
        return {command.name: command.instead for command in self if not command.judged}

    def as_said(self, said: Said) -> dict[str, Any]:
        """The arguments without what planning added (a restart's time, a deploy's images): what Retry asks for anew."""
        if INNER.issubset(said.arguments):
            return dict(said.arguments)
        declared = {argument.name for argument in self.get(said.verb).words}
        return {name: value for name, value in said.arguments.items() if name in declared}

    def lock_key(self, said: Said) -> str | None:
        """``prod/web``: what a change is aimed at, as said, before the object is known; None for what changes nothing."""
        effect = self.get(said.verb).effect
        return f"{said.environment}/{said.arguments[effect.target]}" if isinstance(effect, Changes) else None

    def typed(self, line: str, prefix: str = "") -> str:
        """A line as it is typed into Slack: ``/deploy web 1.4.2 to prod``, ``/ops restart web in prod``."""
        return _typed(self.get(line.partition(" ")[0]), line, prefix)

    def command_table(self, prefix: str = "") -> str:
        """The README's table, in Markdown."""
        rows = [
            f"| `{_spoken(command, prefix)}` | {command.summary} | `{_example(command, prefix)}` |" for command in self
        ]
        return "\n".join(["| command | what it does | example |", "|---|---|---|", *rows])


def right_of(said: Said) -> str:
    """The verb whose right is needed: the inner one's for a command about another (``diff deploy …``), else its own."""
    if INNER.issubset(said.arguments):
        return str(said.arguments["command"])
    return said.verb


def arguments_of(said: Said) -> dict[str, Any]:
    """Where what it is about stands: the inner one's for a command about another, else its own."""
    inner: dict[str, Any] = said.arguments["arguments"] if INNER.issubset(said.arguments) else said.arguments
    return inner


def discover(package: ModuleType = catalog) -> Registry:
    """Every module of the package. Importing them has no effect: nothing connects at import."""
    modules = [m for m in pkgutil.iter_modules(package.__path__, f"{package.__name__}.") if not m.ispkg]
    return Registry.of(_declared(importlib.import_module(module.name)) for module in modules)


def _declared(module: ModuleType) -> Command:
    command = getattr(module, "COMMAND", None)
    if not isinstance(command, Command):
        raise ValueError(f"{module.__name__} declares no COMMAND")  # noqa: TRY004 - the module is wrong, not a type
    return command


def _check(command: Command) -> None:
    names = [argument.name for argument in command.words]
    problems = [
        *(
            f"{word!r} cannot be the name of a command"
            for word in (command.name, *command.aliases)
            if not _NAME.fullmatch(word)
        ),
        *(f"{name!r} is said of two arguments" for name in sorted({n for n in names if names.count(n) > 1})),
        *(f"no argument can be called {name!r}" for name in names if name in _RESERVED),
    ]
    if command.slash and command.name in SLACKS_OWN:
        problems.append("Slack keeps that slash command for itself")
    if isinstance(command.effect, Changes) and not _is_required(command, command.effect.target):
        problems.append(f"its target {command.effect.target!r} is no required argument")
    if command.judged == bool(command.instead):
        problems.append("what to write instead of a permission belongs to what no permission is about")
    keywords = {argument.name for argument in command.arguments if argument.keyword}
    problems += [
        f"what may be said instead of {argument.name!r} is no keyword of its own"
        for argument in command.arguments
        if not keywords.issuperset(argument.instead)
    ]
    if _optional_before_required(command.arguments):
        problems.append("an argument that may be left out stands before one that may not")
    if problems:
        raise ValueError(f"the command {command.name}: {'; '.join(problems)}")


def _is_required(command: Command, name: str) -> bool:
    return any(argument.name == name and argument.required for argument in command.arguments)


def _optional_before_required(arguments: tuple[Argument, ...]) -> bool:
    required = [argument.required for argument in arguments if not argument.keyword]
    return required != sorted(required, reverse=True)


def _typed(command: Command, line: str, prefix: str) -> str:
    return f"/{prefix}{line}" if command.slash else f"/{prefix}{UMBRELLA} {line}"


def _spoken(command: Command, prefix: str) -> str:
    return _typed(command, usage(command), prefix).replace("|", r"\|")  # or it would end the table's cell


def _example(command: Command, prefix: str) -> str:
    return _typed(command, command.examples[0] if command.examples else command.name, prefix)
