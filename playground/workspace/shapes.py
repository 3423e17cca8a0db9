"""A small language for what JSON may look like, and the words Slack uses when it does not.

Every shape has `check(value, path, problems)`, which adds a message for each thing amiss. Words as recorded in
github.com/grafana-cold-storage/oncall/pull/5121, such as
`must be less than 3001 characters [json-pointer:/blocks/0/text/text]`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from playground.workspace.rules import rule

Json = dict[str, Any]


@dataclass
class Problems:
    """What was found amiss, in order; `error` is the code of the first rule broken, if that is not the general one."""

    messages: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def add(self, message: str, path: str, error: str = "") -> None:
        self.messages.append(f"{message} [json-pointer:{path}]")
        if error:
            self.errors.append(error)


class Shape(Protocol):
    def check(self, value: Any, path: str, problems: Problems) -> None: ...


@dataclass(frozen=True)
class Text:
    """A string; `limit` names the rule with its greatest length in characters."""

    limit: str = ""
    least: int = 0

    def check(self, value: Any, path: str, problems: Problems) -> None:
        if not isinstance(value, str):
            problems.add("must be a string", path)
            return
        if len(value) < self.least:
            problems.add(f"must be more than {self.least - 1} characters", path)
        if self.limit and len(value) > rule(self.limit).limit:
            problems.add(f"must be less than {rule(self.limit).limit + 1} characters", path, rule(self.limit).error)


@dataclass(frozen=True)
class Flag:
    def check(self, value: Any, path: str, problems: Problems) -> None:
        if not isinstance(value, bool):
            problems.add("must be a boolean", path)


@dataclass(frozen=True)
class Number:
    """An integer between `least` and the limit of the rule."""

    limit: str = ""
    least: int = 0

    def check(self, value: Any, path: str, problems: Problems) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            problems.add("must be an integer", path)
        elif value < self.least:
            problems.add(f"must be more than {self.least - 1}", path)
        elif self.limit and value > rule(self.limit).limit:
            problems.add(f"must be less than {rule(self.limit).limit + 1}", path)


@dataclass(frozen=True)
class Choice:
    values: tuple[str, ...]

    def check(self, value: Any, path: str, problems: Problems) -> None:
        if value not in self.values:
            problems.add("must be a valid enum value", path)


@dataclass(frozen=True)
class Many:
    """A list of `least` items up to the limit of the rule."""

    item: Shape
    limit: str = ""
    least: int = 1

    def check(self, value: Any, path: str, problems: Problems) -> None:
        if not isinstance(value, list):
            problems.add("must be an array", path)
            return
        if len(value) < self.least:
            problems.add(f"no less than {self.least} items allowed", path)
        if self.limit and len(value) > rule(self.limit).limit:
            problems.add(f"no more than {rule(self.limit).limit} items allowed", path, rule(self.limit).error)
        for index, item in enumerate(value):
            self.item.check(item, f"{path}/{index}", problems)


@dataclass(frozen=True)
class Fields:
    """An object with these fields and no others. A required field ends in `!`. `also` checks the fields together."""

    fields: Mapping[str, Shape]
    also: Callable[[Json, str, Problems], None] | None = None

    def check(self, value: Any, path: str, problems: Problems) -> None:
        if not isinstance(value, dict):
            problems.add("must be an object", path)
            return
        known = {name.removesuffix("!"): shape for name, shape in self.fields.items()}
        for name in value:
            if name not in known:
                problems.add(f"invalid additional property: {name}", path)
        for name in self.fields:
            if name.endswith("!") and value.get(name[:-1]) is None:
                problems.add(f"missing required field: {name[:-1]}", path)
        for name, shape in known.items():
            if value.get(name) is not None:
                shape.check(value[name], f"{path}/{name}", problems)
        if self.also:
            self.also(value, path, problems)


@dataclass(frozen=True)
class ByType:
    """One of several objects, told apart by their `type`."""

    kinds: Mapping[str, Shape]

    def check(self, value: Any, path: str, problems: Problems) -> None:
        if not isinstance(value, dict):
            problems.add("must be an object", path)
        elif "type" not in value:
            problems.add("missing required field: type", path)
        elif not isinstance(value["type"], str) or value["type"] not in self.kinds:
            problems.add(f"unsupported type: {value['type']}", f"{path}/type")
        else:
            self.kinds[value["type"]].check(value, path, problems)
