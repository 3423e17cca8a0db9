"""What no single value can know: that names refer to something, that no two things share one, that rules can be met.

The checks read the raw data, so that they find their problems in a file that has others too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from commands.config import shape
from commands.config.approvals import MOST
from commands.config.document import Document, Path, Problem
from commands.config.mistakes import nearest
from commands.config.permissions import ALL
from commands.config.root import Config
from commands.matching import seated
from commands.wording import counted

NOISE = frozenset({"to", "in", "on", "for"})
"""Words that the language puts before an environment or a duration: an environment of that name could not be said."""


def crosschecks(document: Document, commands: frozenset[str], pointless: Mapping[str, str]) -> Iterator[Problem]:
    """All of them. ``pointless``: the commands that no permission is about, with what to write instead."""
    yield from _dangling(document, commands)
    yield from _pointless(document, pointless)
    yield from _clashing_names(document)
    yield from _shared_namespaces(document)
    yield from _roles_of_nobody(document)
    yield from _kubernetes_own_groups(document)
    yield from _approvals(document)


def _dangling(document: Document, commands: frozenset[str]) -> Iterator[Problem]:
    for path, name, refers in shape.references(Config, document.data):
        known = sorted(commands) if refers.section == "commands" else list(_mapping(document.data, refers.section))
        if name in known or (refers.star and name == ALL):
            continue
        yield _problem(document, path, _unknown(document, name, refers.section, known))


def _unknown(document: Document, name: str, section: str, known: list[str]) -> str:
    canonical = {word: to for word, to, _ in _words(document)}.get(name) if section == "environments" else None
    if canonical:
        return f'"{name}" is an alias; allowed here: the environment\'s own name, {canonical}'
    singular = section.removesuffix("s")
    return f'there is no {singular} "{name}"{nearest(name, known)}; allowed here: {", ".join(known) or f"none: {section} is empty"}'


def _pointless(document: Document, pointless: Mapping[str, str]) -> Iterator[Problem]:
    """Who allows or denies what nothing judges would believe that something has changed."""
    rules = document.data.get("permissions")
    for index, rule in enumerate(rules if isinstance(rules, tuple) else ()):
        for place, name in enumerate(_strings(rule, "commands")):
            if name in pointless:
                said = f'"{name}" needs no permission of its own, so that this does nothing; {pointless[name]}'
                yield _problem(document, ("permissions", index, "commands", place), said)


def _clashing_names(document: Document) -> Iterator[Problem]:
    """A word must mean one environment, however it is spelled."""
    first: dict[str, tuple[str, Path]] = {}
    for word, name, path in _words(document):
        if word.casefold() in NOISE:
            said = f'"{word}" is a word of the language; allowed here: any name but {", ".join(sorted(NOISE))}'
            yield _problem(document, path, said)
        elif word.casefold() in first:
            other, where = first[word.casefold()]
            said = f'"{word}" already means {other} (line {document.line(where)}); allowed here: a name that no environment has, in any case of letters'
            yield _problem(document, path, said)
        else:
            first[word.casefold()] = (name, path)


def _words(document: Document) -> Iterator[tuple[str, str, Path]]:
    """Each name, then each alias, with the environment that it means and its place."""
    environments = _mapping(document.data, "environments")
    for name in environments:
        yield name, name, ("environments", name)
    for name, environment in environments.items():
        for index, alias in enumerate(_strings(environment, "aliases")):
            yield alias, name, ("environments", name, "aliases", index)


def _shared_namespaces(document: Document) -> Iterator[Problem]:
    """Two environments over one namespace would let the laxer rules of one bypass the other's."""
    first: dict[tuple[Any, Any], str] = {}
    for name, environment in _mapping(document.data, "environments").items():
        place = _field(environment, "cluster"), _field(environment, "namespace")
        if not all(isinstance(part, str) for part in place):
            continue
        if place in first:
            said = f"this is the same cluster and namespace as {first[place]}, so that its rules could be bypassed; give {first[place]} the alias {name} instead"
            yield _problem(document, ("environments", name), said)
        first.setdefault(place, name)


def _roles_of_nobody(document: Document) -> Iterator[Problem]:
    for name, role in _mapping(document.data, "roles").items():
        if isinstance(role, dict) and not {"members", "on_call"} & set(role):
            path = "roles", name, "members"
            here = shape.at(Config, path)
            yield _problem(document, path, f"this key is missing; {here.allowed if here else 'a list'} is needed here")


def _approvals(document: Document) -> Iterator[Problem]:
    """Each set of demands with its place: an environment's own, then its rules'."""
    for name, environment in _mapping(document.data, "environments").items():
        approvals, path = _field(environment, "approvals"), ("environments", name, "approvals")
        if isinstance(approvals, dict):
            rules = _field(approvals, "rules")
            rules = rules if isinstance(rules, tuple) else ()
            yield from _incomplete(document, approvals, path, own=True)
            yield from _impossible(document, approvals, approvals, path)
            for index, rule in enumerate(rules):
                if isinstance(rule, dict):
                    yield from _incomplete(document, rule, (*path, "rules", index), own="approvers" not in approvals)
                    yield from _impossible(document, rule, approvals, (*path, "rules", index))


def _incomplete(document: Document, asked: Mapping[str, Any], path: Path, *, own: bool) -> Iterator[Problem]:
    """``own``: there are no other approvers that ``required`` could be about."""
    if own and "required" in asked and "approvers" not in asked:
        yield _problem(
            document, (*path, "approvers"), "this key is missing; a list with at least one role is needed here"
        )
    if "approvers" in asked and "required" not in asked:
        yield _problem(
            document, (*path, "required"), f"this key is missing; a whole number from 1 to {MOST} is needed here"
        )
    if not {"required", "approvers", "each", "rules"} & set(asked):
        yield _problem(document, path, "nothing is asked for; required with approvers, or each, is needed here")


def _impossible(
    document: Document, asked: Mapping[str, Any], whole: Mapping[str, Any], path: Path
) -> Iterator[Problem]:
    """More approvals than there are people who could give them, nobody giving two."""
    approvers = _strings(asked, "approvers") or _strings(whole, "approvers")
    needs = [("required", _field(asked, "required"), approvers)]
    needs += [("each", number, (role,)) for role, number in _mapping(asked, "each").items()]
    known = [
        (key, number, members)
        for key, number, roles in needs
        if type(number) is int and number > 0 and (members := _people(document, roles)) is not None
    ]
    if not known:
        return
    people = [members for _, _, members in known]
    everyone = sorted(set().union(*people))
    fits = {person: [place for place, members in enumerate(people) if person in members] for person in everyone}
    most = sum(map(len, seated([number for _, number, _ in known], fits)))
    required = sum(number for _, number, _ in known)
    if most < required:
        said = f"{counted(required, 'approval')} can never be had: the roles of approvers have {counted(len(everyone), 'member')}; allowed here: at most {most}"
        yield _problem(document, (*path, known[0][0]), said)


def _kubernetes_own_groups(document: Document) -> Iterator[Problem]:
    """``{role}:masters`` and a role called ``system`` would make everybody who holds it master of the cluster."""
    for name, environment in _mapping(document.data, "environments").items():
        for place, template in enumerate(_strings(_field(environment, "impersonate"), "groups")):
            for role in _mapping(document.data, "roles"):
                if "{role}" in template and template.replace("{role}", role).startswith("system:"):
                    said = f'with the role "{role}" it is a group of Kubernetes\' own; name the role otherwise'
                    yield _problem(document, ("environments", name, "impersonate", "groups", place), said)


def _people(document: Document, roles: Iterable[str]) -> set[str] | None:
    """The user ids that the roles name; None where they name groups or everyone, or cannot be read."""
    named = [_mapping(document.data, "roles").get(role) for role in roles]
    listed = [_field(role, "members") for role in named if not _field(role, "on_call")]
    if not named or len(listed) < len(named) or not all(isinstance(members, tuple) for members in listed):
        return None
    people = {str(member) for members in listed for member in members}
    return people if all(member.startswith(("U", "W")) for member in people) else None


def _problem(document: Document, path: Path, text: str) -> Problem:
    return Problem(document.line(path), path, text)


def _field(data: Any, key: str) -> Any:
    return data.get(key) if isinstance(data, dict) else None


def _mapping(data: Any, key: str) -> Mapping[str, Any]:
    value = _field(data, key)
    return value if isinstance(value, dict) else {}


def _strings(data: Any, key: str) -> tuple[str, ...]:
    value = _field(data, key)
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, tuple) else ()
