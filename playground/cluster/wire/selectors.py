"""Label and field selectors: parsed as the API server parses them, with its words for mistakes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from playground.cluster.kind import Kind
from playground.cluster.status import bad_request

Json = dict[str, Any]
Predicate = Callable[[Json], bool]
_TOKEN = re.compile(r"\s*(==|!=|[=!,()<>]|[^\s=!,()<>]+)")
_END = ""
_SYMBOLS = {"=", "==", "!=", "!", ",", "(", ")", "<", ">"}


@dataclass(frozen=True)
class Requirement:
    """``operator`` is one of in, notin, exists, !, gt, lt."""

    key: str
    operator: str
    values: frozenset[str] = frozenset()

    def holds(self, labels: Mapping[str, str]) -> bool:
        value = labels.get(self.key)
        if self.operator in {"exists", "!"}:
            return (value is not None) == (self.operator == "exists")
        if self.operator in {"in", "notin"}:
            return (value in self.values) == (self.operator == "in")
        try:
            held, limit = int(value or ""), int(next(iter(self.values)))
        except ValueError:
            return False
        return held > limit if self.operator == "gt" else held < limit


def parse_labels(text: str) -> list[Requirement]:
    """Raises StatusError 400."""
    tokens = [match.group(1) for match in _TOKEN.finditer(text)]
    if tokens and tokens[0] in _SYMBOLS - {"!", ","}:
        raise bad_request(f"found '{tokens[0]}', expected: !, identifier, or 'end of string'")
    requirements: list[Requirement] = []
    while tokens:
        requirements.append(_requirement(tokens))
        found = tokens.pop(0) if tokens else _END
        if found not in {",", _END}:
            raise bad_request(f"found '{found}', expected: ',' or 'end of string'")
        following = tokens[0] if tokens else _END
        if found == "," and (following == _END or following in _SYMBOLS - {"!"}):
            raise bad_request(f"found '{following}', expected: identifier after ','")
    return requirements


def by_labels(text: str) -> Predicate:
    """A predicate over objects."""
    requirements = parse_labels(text)
    return lambda obj: all(each.holds(obj["metadata"].get("labels") or {}) for each in requirements)


def by_fields(kind: Kind, text: str) -> Predicate:
    """``a=b,c!=d`` over the fields that the kind supports; raises StatusError 400 for others."""
    terms = [_field_term(kind, term) for term in text.split(",") if term]
    return lambda obj: all((read(obj) == value) == equal for read, value, equal in terms)


def _field_term(kind: Kind, term: str) -> tuple[Callable[[Json], str], str, bool]:
    match = re.fullmatch(r"([^=!]*)(!=|==|=)(.*)", term)
    if match is None:
        raise bad_request(f"invalid selector: '{term}'; can't understand '{term}'")
    label, operator, value = match.groups()
    reader = kind.fields.get(label) or _COMMON.get(label)
    if reader is None or (label == "metadata.namespace" and not kind.namespaced):
        raise bad_request(f"field label not supported: {label}" if kind.fields else _not_known(label))
    return reader, value, operator != "!="


_COMMON: dict[str, Callable[[Json], str]] = {
    "metadata.name": lambda obj: str(obj["metadata"]["name"]),
    "metadata.namespace": lambda obj: str(obj["metadata"].get("namespace", "")),
}


def _not_known(label: str) -> str:
    """What kinds say that have no selectable fields of their own."""
    return f'"{label}" is not a known field selector: only "metadata.name", "metadata.namespace"'


def _requirement(tokens: list[str]) -> Requirement:
    first = tokens.pop(0)
    if first == "!":
        return Requirement(_identifier(tokens, ""), "!")
    key = _identifier([first], first)
    if not tokens or tokens[0] == ",":
        return Requirement(key, "exists")
    operator = tokens.pop(0)
    if operator in {"=", "==", "!="}:
        value = "" if not tokens or tokens[0] == "," else _identifier(tokens, "")
        return Requirement(key, "notin" if operator == "!=" else "in", frozenset({value}))
    if operator in {"in", "notin"}:
        return Requirement(key, operator, _values(tokens))
    if operator in {"<", ">"}:
        limit = _identifier(tokens, "")
        if not re.fullmatch(r"[+-]?\d+", limit):
            why = "for 'Gt', 'Lt' operators, the value must be an integer"
            raise bad_request(f'unable to parse requirement: values[0]: Invalid value: "{limit}": {why}')
        return Requirement(key, "gt" if operator == ">" else "lt", frozenset({limit}))
    expected = "in, notin, =, ==, !=, gt, lt"
    raise bad_request(f"unable to parse requirement: found '{operator}', expected: {expected}")


def _identifier(tokens: list[str], found: str) -> str:
    token = tokens.pop(0) if tokens else found
    if not token or token in _SYMBOLS:
        raise bad_request(f"unable to parse requirement: found '{token}', expected: identifier")
    return token


def _values(tokens: list[str]) -> frozenset[str]:
    found = tokens.pop(0) if tokens else _END
    if found != "(":
        raise bad_request(f"unable to parse requirement: found '{found}' expected: '('")
    values: set[str] = set()
    while tokens and tokens[0] != ")":
        values.add(tokens.pop(0))
    if not tokens:
        raise bad_request("unable to parse requirement: found '', expected: ',' or ')'")
    tokens.pop(0)
    return frozenset(values - {","})
