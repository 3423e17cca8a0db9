"""Which word is which argument. The order of the steps is the grammar:

1. ``key=value`` and ``--key value``; 2. ``to``, ``in``, ``on`` and what follows; 3. ``web:1.4.2`` in two;
4. an operation's id, and flags; 5. an environment said without a preposition; 6. the rest, in the declared order.

Every word is used once or is an error: nothing is ignored.
"""

from __future__ import annotations

import re
from typing import Any, Final

from commands.declaration import Argument, Command, Takes, Type
from commands.grammar import words
from commands.grammar.line import Line
from commands.grammar.suggestions import did_you_mean, quoted
from commands.grammar.tokens import Token
from commands.grammar.usage import needed, stands_alone
from commands.grammar.values import WordError, is_readable, read
from commands.wording import article

NOISE: Final = frozenset({"to", "in", "on"})
ENVIRONMENT_KEYS: Final = frozenset({"environment", "env"})
_OPERATION: Final = re.compile(r"op-[a-z0-9]{4,32}", re.ASCII | re.IGNORECASE)


class Reading:
    """Reads the words behind a verb. ``arguments()`` once; then ``environment`` is what was said, if anything."""

    def __init__(self, line: Line, command: Command, tokens: tuple[Token, ...]) -> None:
        self.line, self.command = line, command
        self.values: dict[str, Any] = {}
        self.environment: str | None = None
        self.environment_at: Token | None = None
        self.declared = {argument.name: argument for argument in command.words}
        self.positional = [argument for argument in command.words if not argument.keyword]
        self.tokens = tokens

    def arguments(self) -> dict[str, Any]:
        """The values by name. Raises ``UsageError``."""
        if not self.tokens and needed(self.command):
            raise self._bare_verb()
        rest = self._keywords(self.tokens)
        rest = self._prepositions(rest)
        rest = self._image_in_two(rest)
        rest = self._recognised(rest)
        rest = self._bare_environment(rest)
        self._in_order(rest)
        self._nothing_beside()
        self._nothing_missing()
        return self.values

    def _keywords(self, tokens: tuple[Token, ...]) -> list[Token]:
        rest: list[Token] = []
        queue = list(tokens)
        while queue:
            token = queue.pop(0)
            keyword = words.keyword(token)
            if keyword is None:
                rest.append(token)
            elif self._is_flag(keyword.key) and keyword.value is None:
                self._set(self.declared[keyword.key], "true", token)
            else:
                value = keyword.value if keyword.value is not None else self._following(keyword, queue)
                self._set_key(keyword, value)
        return rest

    def _following(self, keyword: words.Keyword, queue: list[Token]) -> Token:
        self._known_key(keyword)
        if not queue or words.keyword(queue[0]):
            raise self._refused(f"{quoted(keyword.at.text)} needs a value behind it.", keyword.at)
        return queue.pop(0)

    def _set_key(self, keyword: words.Keyword, value: Token) -> None:
        self._known_key(keyword)
        if keyword.key in ENVIRONMENT_KEYS:
            self._set_environment(value)
        else:
            self._set(self.declared[keyword.key], value.text, value)

    def _known_key(self, keyword: words.Keyword) -> None:
        if words.is_temporary(self.command, keyword.key):
            raise self._refused(words.not_yet(self.command, keyword.at.text), keyword.at)
        takes = self.command.environment is not Takes.NOTHING
        keys = {*self.declared, *(ENVIRONMENT_KEYS if takes else ())}
        if keyword.key not in keys:
            hint = did_you_mean(keyword.key, keys)
            raise self._refused(f"{self.command.name} has no {quoted(keyword.key)}.{hint}", keyword.at)

    def _prepositions(self, tokens: list[Token]) -> list[Token]:
        rest: list[Token] = []
        queue = list(tokens)
        while queue:
            token = queue.pop(0)
            said = token.text.casefold() if token.plain else ""
            introduced = next((a for a in self.positional if a.preposition == said), None)
            if rest and words.is_temporary(self.command, said):
                following = queue[0].text if queue else "…"
                raise self._refused(words.not_yet(self.command, f"{said} {following}"), token)
            if introduced is None and (said not in NOISE or self.command.environment is Takes.NOTHING):
                rest.append(token)
            elif not queue:
                raise self._refused(f"{quoted(token.text)} what? The line ends there.", token)
            else:
                self._introduced(queue.pop(0), introduced)
        return rest

    def _introduced(self, token: Token, argument: Argument | None) -> None:
        """The word behind a preposition: the argument that it introduces, if it can be one, else the environment."""
        if argument and is_readable(token.text, argument.type):
            self._set(argument, token.text, token)
        elif argument and self.environment:
            self._set(argument, token.text, token)  # says why it cannot be one
        else:
            self._set_environment(token, f"That is no {argument.name} either. " if argument else "")

    def _image_in_two(self, tokens: list[Token]) -> list[Token]:
        types = [argument.type for argument in self._open()[:2]]
        if not tokens or types != [Type.WORKLOAD, Type.IMAGE]:
            return tokens
        return [*words.split_image(self.command, tokens[0], self._refused), *tokens[1:]]

    def _recognised(self, tokens: list[Token]) -> list[Token]:
        """Words that can be told by their looks, wherever they stand."""
        operation = next((a for a in self.positional if a.type is Type.OPERATION), None)
        rest: list[Token] = []
        for place, token in enumerate(tokens):
            if operation and token.plain and operation.name not in self.values and _OPERATION.fullmatch(token.text):
                self._set(operation, token.text, token)
            elif place and token.plain and self._is_flag(token.text):
                self._set(self.declared[token.text], "true", token)
            else:
                rest.append(token)
        return rest

    def _bare_environment(self, tokens: list[Token]) -> list[Token]:
        """``deploy web 1.4.2 prod``: the last word, if it names one; else the only one that does where a word is too many."""
        if self.environment or not tokens or self.command.environment is Takes.NOTHING:
            return tokens
        naming = [place for place, token in enumerate(tokens) if self.line.environment(token.text)]
        too_many = len(tokens) > len(self._open())
        if naming and (naming[-1] == len(tokens) - 1 or (too_many and len(naming) == 1)):
            self._set_environment(tokens[naming[-1]])
            return [token for place, token in enumerate(tokens) if place != naming[-1]]
        return tokens

    def _in_order(self, tokens: list[Token]) -> None:
        for token in tokens:
            slots = self._open()
            if not slots:
                raise self._too_many(token)
            self._set(slots[0], token.text, token)

    def _open(self) -> list[Argument]:
        """Positional arguments still without a value; where words are told by their looks, they are not told by order."""
        return [a for a in self.positional if a.name not in self.values and not stands_alone(a)]

    def _set(self, argument: Argument, word: str, at: Token) -> None:
        if argument.name in self.values:
            raise self._refused(f"The {argument.name} is said twice.", at)
        self.values[argument.name] = self._value(argument, word, at)

    def _value(self, argument: Argument, word: str, at: Token) -> Any:
        if argument.type is Type.VERB:
            return self._verb(word, at)
        try:
            return read(word, argument.type)
        except WordError as problem:
            raise self._refused(str(problem), at) from None

    def _verb(self, word: str, at: Token) -> str:
        command = self.line.registry.find(word.removeprefix("/"))
        if command is None:
            hint = did_you_mean(word, self.line.registry.by_word)
            raise self._refused(f"There is no command {quoted(word)}.{hint}", at)
        return command.name

    def _set_environment(self, token: Token, sentence: str = "") -> None:
        name = self.line.environment(token.text)
        if name is None:
            raise self.line.no_environment(token, self.command, sentence)
        if self.environment:
            raise self._twice(token)
        self.environment, self.environment_at = name, token

    def _twice(self, token: Token) -> Exception:
        """Keywords are read before other words: what stands first in the line is told first, the other pointed at."""
        both = sorted((each for each in (self.environment_at, token) if each), key=lambda each: each.start)
        said = " and ".join(quoted(each.text) for each in both)
        return self._refused(f"The environment is said twice: {said}.", both[-1])

    def _is_flag(self, word: str) -> bool:
        return word in self.declared and self.declared[word].type is Type.FLAG

    def _too_many(self, token: Token) -> Exception:
        if self.environment and self.line.environment(token.text):
            return self._twice(token)
        if token.plain and token.text.startswith("-"):
            return self._refused(f"{self.command.name} has no option {quoted(token.text)}.", token)
        sentence = f"{quoted(token.text)} is one word too many: I don't know what it means here."
        if self.environment is None and self.command.environment is not Takes.NOTHING:
            return self.line.no_environment(token, self.command, f"{sentence} ")
        keys = [*self.declared, *NOISE]
        return self._refused(f"{sentence}{did_you_mean(token.text, keys)}", token)

    def _nothing_beside(self) -> None:
        for argument in self.positional:
            if argument.name in self.values and (beside := self.values.keys() & set(argument.instead)):
                others = " and ".join(f"{name}=" for name in argument.instead if name in beside)
                raise self._refused(f"Say either the {argument.name} or {others}, not both.", None)

    def _nothing_missing(self) -> None:
        missing = [a for a in needed(self.command) if not self.values.keys() & {a.name, *a.instead}]
        if missing:
            said = " and ".join(f"{article(a.name)} ({a.help}){_or_instead(a)}" for a in missing)
            taken = f" I read {quoted(self.environment)} as the environment." if self.environment else ""
            raise self._refused(f"{self.command.name} needs {said}.{taken}", None)

    def _bare_verb(self) -> Exception:
        said = " and ".join(f"{article(argument.name)}{_or_instead(argument)}" for argument in needed(self.command))
        example = f" For example: {quoted(self.command.examples[0])}." if self.command.examples else ""
        return self._refused(f"{self.command.name} needs {said}.{example}", None)

    def _refused(self, sentence: str, at: Token | None) -> Exception:
        return self.line.mistake(sentence, at, self.command)


def _or_instead(argument: Argument) -> str:
    return f", or {' or '.join(f'{name}=' for name in argument.instead)}" if argument.instead else ""
