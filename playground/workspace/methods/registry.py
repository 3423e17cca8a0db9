"""What the Web API can do: one entry per method, filled by the decorator in this package's other modules.

Arguments are declared in a small notation, `"channel ts blocks:json limit:int inclusive:bool"`; what is not declared is
refused. That is stricter than Slack, which ignores it: a mistyped argument must not pass unnoticed in a test.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, NoReturn

from playground.workspace.errors import SlackError
from playground.workspace.state import State

Json = dict[str, Any]


@dataclass(frozen=True)
class Context:
    """One call being answered: its method, its arguments, parsed, and the state it may change (the lock is held)."""

    state: State
    method: str
    args: Json

    def need(self, *scopes: str) -> None:
        """Refuse with `missing_scope` unless all `scopes` are granted (docs.slack.dev/reference/scopes)."""
        require_scopes(scopes, self.state.app.scopes)


@dataclass(frozen=True)
class Method:
    name: str
    run: Callable[[Context], Json]
    scopes: tuple[str, ...]
    caller: str
    required: dict[str, str]
    optional: dict[str, str]

    def parse(self, raw: Json) -> Json:
        """The declared arguments with their types; `invalid_arguments` names every one that is amiss."""
        known = self.required | self.optional | COMMON
        problems = [f"invalid additional property: {name} [json-pointer:/{name}]" for name in raw if name not in known]
        problems += [
            f"missing required field: {n} [json-pointer:/{n}]" for n in self.required if raw.get(n) in (None, "")
        ]
        parsed = {}
        for name, value in raw.items():
            if name in known and value is not None:
                try:
                    parsed[name] = _PARSERS[known[name]](value)
                except ValueError:
                    problems.append(f"must be a valid {known[name]} [json-pointer:/{name}]")
        if problems:
            raise SlackError("invalid_arguments", problems)
        return parsed


METHODS: dict[str, Method] = {}
# Bolt's client sends the team with every call (slack_bolt/app/app.py, WebClient.default_params); org tokens need it.
COMMON = {"team_id": "string"}


def method(
    name: str, *, scopes: str = "", caller: Literal["bot", "app"] = "bot", required: str = "", optional: str = ""
) -> Callable[[Callable[[Context], Json]], Callable[[Context], Json]]:
    """Registers a function as Web API method `name`, callable with the bot's or the app's token."""

    def register(run: Callable[[Context], Json]) -> Callable[[Context], Json]:
        METHODS[name] = Method(name, run, tuple(scopes.split()), caller, _declared(required), _declared(optional))
        return run

    return register


def require_scopes(needed: tuple[str, ...], granted: frozenset[str]) -> None:
    if not set(needed) <= granted:
        missing = next(scope for scope in needed if scope not in granted)
        raise SlackError("missing_scope", needed=missing, provided=",".join(sorted(granted)))


def _declared(notation: str) -> dict[str, str]:
    pairs = (word.partition(":") for word in notation.split())
    return {name: kind or "string" for name, _, kind in pairs}


def _string(value: Any) -> str:
    return _refuse() if isinstance(value, dict | list) else str(value)


def _integer(value: Any) -> int:
    return _refuse() if isinstance(value, bool) else int(value)


def _boolean(value: Any) -> bool:
    flags = {"true": True, "1": True, "false": False, "0": False, "": False}
    return flags[str(value).lower()] if str(value).lower() in flags else _refuse()


def _json(value: Any) -> Any:
    """Structured arguments come as JSON text in a form, and as either in a JSON body."""
    return json.loads(value) if isinstance(value, str) else value


def _refuse() -> NoReturn:
    raise ValueError


_PARSERS: dict[str, Callable[[Any], Any]] = {"string": _string, "int": _integer, "bool": _boolean, "json": _json,
                                            "any": lambda value: value}  # fmt: skip
