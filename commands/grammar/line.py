"""One line that was said, with all that is needed to read it and to point into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from commands.declaration import Command
from commands.errors import UsageError
from commands.grammar import pointing
from commands.grammar.slack import readable
from commands.grammar.suggestions import did_you_mean, listed, quoted
from commands.grammar.tokens import Token, tokenise

if TYPE_CHECKING:
    from commands.registry import Registry


@dataclass(frozen=True, slots=True)
class Line:
    """``text`` is what the person sees, verb included; tokens know their place in it."""

    text: str
    tokens: tuple[Token, ...]
    registry: Registry
    environments: Mapping[str, str]

    @classmethod
    def of(cls, text: str, registry: Registry, environments: Mapping[str, str]) -> Line:
        shown = readable(text).strip()
        return cls(shown, tokenise(shown), registry, environments)

    @property
    def canonical(self) -> tuple[str, ...]:
        """The environments' names, without aliases."""
        return tuple(dict.fromkeys(self.environments.values()))

    def environment(self, word: str) -> str | None:
        """The canonical name of what the word says, exactly or but for its case."""
        if word in self.environments:
            return self.environments[word]
        folded = {name.casefold(): canonical for name, canonical in self.environments.items()}
        return folded.get(word.casefold())

    def mistake(self, sentence: str, at: Token | None = None, command: Command | None = None) -> UsageError:
        return pointing.mistake(sentence, self.text, at, command)

    def no_environment(self, at: Token, command: Command, sentence: str = "") -> UsageError:
        """The word names none."""
        known = (
            f" There {'are' if self.canonical[1:] else 'is'} {listed(self.canonical, 'and')}." if self.canonical else ""
        )
        hint = did_you_mean(at.text, self.environments)
        return self.mistake(f"{sentence}There is no environment {quoted(at.text)}.{hint}{known}", at, command)
