"""Impersonation: where an environment has ``impersonate``, may the worker's account act as the people whom the rules name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

from commands.config import Config
from commands.declaration import Changes
from commands.policy import Scope
from commands.policy.impersonation import groups_of, user_of
from commands.policy.rights import roles_for
from commands.policy.sentences import listed
from commands.registry import Registry
from commands.wording import counted, plural
from quarterdeck.checks.finding import Finding
from workers.cluster import Cluster


def check(cluster: Cluster, config: Config, registry: Registry, environment: str) -> Iterator[Finding]:
    """Nothing where the worker writes as itself. Raises ``ClusterError``."""
    rule = config.environment(environment).impersonate
    if rule is None:
        return
    roles = _changing(config, registry, environment)
    people = dict.fromkeys(person for role in roles for person in config.roles[role].users)
    wanted = {
        "users": [user_of(rule, person) for person in people],
        "groups": list(groups_of(rule, list(config.roles))),
    }
    missing = {resource: _refused(cluster, resource, names) for resource, names in wanted.items()}
    yield from _told(environment, wanted, missing)
    unnamed = [role for role in roles if config.roles[role].everyone or config.roles[role].groups]
    if unnamed:
        what = f"{environment}: whether the account may act as each who holds the role {listed(unnamed)}"
        yield Finding(
            "skip", what, "the rules name no IDs there; the plan of a person's change says so where it may not"
        )


def _changing(config: Config, registry: Registry, environment: str) -> list[str]:
    """The roles that some rule lets change something there."""
    verbs = [command.name for command in registry if isinstance(command.effect, Changes)]
    return list(dict.fromkeys(role for verb in verbs for role in roles_for(config, Scope(verb, environment))))


def _refused(cluster: Cluster, resource: str, names: list[str]) -> list[str]:
    with ThreadPoolExecutor(8) as pool:
        allowed = list(pool.map(lambda name: cluster.can_i("impersonate", "", resource, "", name=name), names))
    return [name for name, may in zip(names, allowed, strict=True) if not may]


def _told(environment: str, wanted: Mapping[str, list[str]], missing: Mapping[str, list[str]]) -> Iterator[Finding]:
    for resource, names in missing.items():
        if names:
            noun = plural(len(names), resource.removesuffix("s"), resource)
            what = f"{environment}: the account may not impersonate the {noun} {listed(names, 'and')}"
            mend = f"add the verb `impersonate` on `{resource}` with {plural(len(names), 'that name', 'those names')} as resourceNames to a ClusterRole of its own"
            yield Finding("fail", what, mend)
    if not any(missing.values()) and any(wanted.values()):
        each = [counted(len(names), resource.removesuffix("s")) for resource, names in wanted.items() if names]
        yield Finding("ok", f"{environment}: it may act as {listed(each, 'and')} that the rules name")
