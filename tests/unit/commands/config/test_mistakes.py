"""Every mistake has one line: file, line, path, what is wrong, what is allowed there. Each row changes the design's file."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commands.config import Config, Environment, load
from commands.errors import ConfigError
from commands.registry import discover
from tests.unit.commands.config.building import COMMANDS, DESIGN, changed, problems, write

ID = (
    "the ID of a person (U… or W…, by Copy member ID in their profile), of a user group (S…), "
    'or "*" for every full member of the workspace'
)
DURATION = "a duration such as 90s, 30m, 2h or 1d, at most 30d,"
ENVIRONMENT_KEYS = ", ".join(Environment.model_fields)
SECTIONS = ", ".join(Config.model_fields)


class Mistake(NamedTuple):
    old: str
    new: str
    said: str


TYPES = [
    Mistake("required: 1", "required: two", '10: environments.prod.approvals.required: "two" is not a number; a whole number from 1 to 20 is allowed here'),
    Mistake("required: 1", 'required: "1"', '10: environments.prod.approvals.required: "1" is not a number; a whole number from 1 to 20 is allowed here'),
    Mistake("required: 1", "required: 1.5", "10: environments.prod.approvals.required: 1.5 is not a number; a whole number from 1 to 20 is allowed here"),
    Mistake("required: 1", "required: yes", "10: environments.prod.approvals.required: yes is not a number; a whole number from 1 to 20 is allowed here"),
    Mistake("required: 1", "required: 0", "10: environments.prod.approvals.required: 0 is too small; a whole number from 1 to 20 is allowed here"),
    Mistake("required: 1", "required: 21", "10: environments.prod.approvals.required: 21 is too large; a whole number from 1 to 20 is allowed here"),
    Mistake("approvers: [sre]", "approvers: sre", '10: environments.prod.approvals.approvers: "sre" is not a list; a list with at least one role is allowed here'),
    Mistake("approvers: [sre]", "approvers: []", "10: environments.prod.approvals.approvers: an empty list is not enough; a list with at least one role is allowed here"),
    Mistake("expires: 30m", "expires: 30", f"10: environments.prod.approvals.expires: 30 is not a duration; {DURATION} is allowed here"),
    Mistake("expires: 30m", "expires: 1:30", f'10: environments.prod.approvals.expires: "1:30" is not a duration; {DURATION} is allowed here'),
    Mistake("expires: 30m", "expires: soon", f'10: environments.prod.approvals.expires: "soon" is not a duration; {DURATION} is allowed here'),
    Mistake("expires: 30m", "expires: -5m", f'10: environments.prod.approvals.expires: "-5m" is not a duration; {DURATION} is allowed here'),
    Mistake("expires: 30m", "expires: 2026-13-45", f'10: environments.prod.approvals.expires: "2026-13-45" is not a duration; {DURATION} is allowed here'),
    Mistake("expires: 30m", "expires: 0m", f'10: environments.prod.approvals.expires: "0m" is too short; {DURATION} is allowed here'),
    Mistake("expires: 30m", "expires: 31d", f'10: environments.prod.approvals.expires: "31d" is too long; {DURATION} is allowed here'),
    Mistake("expires: 30m", "self_approval: maybe", '10: environments.prod.approvals.self_approval: "maybe" is not a yes or no; true or false is allowed here'),
    Mistake("namespace: prod", "namespace: 12", "7: environments.prod.namespace: 12 is not text; a Kubernetes namespace of lower-case letters, digits and dashes is allowed here"),
    Mistake("namespace: prod", "namespace: Prod_1", '7: environments.prod.namespace: "Prod_1" is not a namespace\'s name; a Kubernetes namespace of lower-case letters, digits and dashes is allowed here'),
    Mistake("namespace: prod", "namespace:", "7: environments.prod.namespace: nothing is not text; a Kubernetes namespace of lower-case letters, digits and dashes is allowed here"),
    Mistake("C0DEPLOYS", '"#deploys"', "9: environments.prod.channel: \"#deploys\" is not a channel's ID, use the Slack ID (C… or G…); a channel's ID, from the foot of the channel's details, is allowed here"),
    Mistake("context: prod", "context: [prod]", "2: clusters.main.context: a list is not text; text is allowed here"),
    Mistake("context: prod", "context: {a: b}", "2: clusters.main.context: a mapping is not text; text is allowed here"),
    Mistake("context: prod", "context: {}", "2: clusters.main.context: an empty mapping is not text; text is allowed here"),
    Mistake("context: prod", "context: ''", '2: clusters.main.context: "" is empty; text is allowed here'),
    Mistake('developer: {members: ["*"]}', "developer: [U0SAM]", "12: roles.developer: a list is not a mapping; a mapping with the keys members, on_call is allowed here"),
    Mistake('developer: {members: ["*"]}', "developer: {}", f"12: roles.developer.members: this key is missing; a list (each entry: {ID}) is needed here"),
    Mistake("  staging: {cluster: main, namespace: staging}", "  staging:", f"4: environments.staging: nothing is not a mapping; a mapping with the keys {ENVIRONMENT_KEYS} is allowed here"),
    Mistake("cluster: main, namespace: staging", "cluster: main", "4: environments.staging.namespace: this key is missing; a Kubernetes namespace of lower-case letters, digits and dashes is needed here"),
]  # fmt: skip

KEYS = [
    Mistake("aliases:", "alias:", f'8: environments.prod.alias: there is no such key (did you mean "aliases"?); allowed here: {ENVIRONMENT_KEYS}'),
    Mistake("expires: 30m", "Expires: 30m", '10: environments.prod.approvals.Expires: there is no such key (did you mean "expires"?); allowed here: required, approvers, each, expires, self_approval, confirm, rules'),
    Mistake("permissions:", "permisions:", f'14: permisions: there is no such key (did you mean "permissions"?); allowed here: {SECTIONS}'),
    Mistake("aliases:", "zzz:", f"8: environments.prod.zzz: there is no such key; allowed here: {ENVIRONMENT_KEYS}"),
    Mistake("  staging: {", "  stag ing: {", '4: environments.stag ing: "stag ing" is not a name; a name of letters, digits, dots, dashes and underscores is allowed here'),
]  # fmt: skip

MEMBERS = [
    Mistake("U0SAM", said, f'13: roles.sre.members[0]: "{said.strip(chr(34))}" is not a Slack ID, use the Slack ID (U… or S…); {ID} is allowed here')
    for said in ('"@sam"', "sam@example.com", "Sam Spade", "sam", '"<@U0SAM>"', "u0sam", "T0TEAM", "U0SAM!", '""')
]  # fmt: skip

REFERENCES = [
    Mistake("cluster: main, namespace: staging", "cluster: mian, namespace: staging", '4: environments.staging.cluster: there is no cluster "mian" (did you mean "main"?); allowed here: main'),
    Mistake("approvers: [sre]", "approvers: [srs]", '10: environments.prod.approvals.approvers[0]: there is no role "srs" (did you mean "sre"?); allowed here: developer, sre'),
    Mistake("roles: [developer, sre]", "roles: [developer, ops]", '16: permissions[1].roles[1]: there is no role "ops"; allowed here: developer, sre'),
    Mistake("roles: [developer, sre]", 'roles: ["*"]', '16: permissions[1].roles[0]: there is no role "*"; allowed here: developer, sre'),
    Mistake("[status, history, logs]", "[statsu, logs]", '15: permissions[0].commands[0]: there is no command "statsu" (did you mean "status"?); allowed here: deploy, history, logs, restart, rollback, scale, status'),
    Mistake("[staging, prod]", "[staging, prd]", '16: permissions[1].environments[1]: there is no environment "prd" (did you mean "prod"?); allowed here: staging, prod'),
    Mistake("[staging, prod]", "[production]", "16: permissions[1].environments[0]: \"production\" is an alias; allowed here: the environment's own name, prod"),
    Mistake("[staging, prod]", "[]", '16: permissions[1].environments: an empty list is not enough; a list (each entry: the name of an environment, or "*" for all) is allowed here'),
]  # fmt: skip

CLASHES = [
    Mistake("[production]", "[Staging]", '8: environments.prod.aliases[0]: "Staging" already means staging (line 4); allowed here: a name that no environment has, in any case of letters'),
    Mistake("[production]", "[live, LIVE]", '8: environments.prod.aliases[1]: "LIVE" already means prod (line 8); allowed here: a name that no environment has, in any case of letters'),
    Mistake("[production]", "[prod]", '8: environments.prod.aliases[0]: "prod" already means prod (line 5); allowed here: a name that no environment has, in any case of letters'),
    Mistake("[production]", "[to]", '8: environments.prod.aliases[0]: "to" is a word of the language; allowed here: any name but for, in, on, to'),
    Mistake("namespace: prod", "namespace: staging", "5: environments.prod: this is the same cluster and namespace as staging, so that its rules could be bypassed; give staging the alias prod instead"),
    Mistake("    channel: C0DEPLOYS", "    cluster: main", "9: environments.prod.cluster: this key stands already in line 6; YAML would silently take the last: keep one"),
    Mistake("roles:\n", "environments: {}\nroles:\n", "11: environments: this key stands already in line 3; YAML would silently take the last: keep one"),
]  # fmt: skip


@pytest.mark.parametrize("mistake", [*TYPES, *KEYS, *MEMBERS, *REFERENCES, *CLASHES], ids=lambda m: m.new.strip()[:40])
def test_a_mistake_is_told_with_its_line_and_what_is_allowed(tmp_path: Path, mistake: Mistake) -> None:
    assert f"quarterdeck.yaml:{mistake.said}" in problems(tmp_path, changed(mistake.old, mistake.new))


@pytest.mark.parametrize("mistake", [*TYPES, *MEMBERS, *CLASHES[:6]], ids=lambda m: m.new.strip()[:40])
def test_one_mistake_is_one_line(tmp_path: Path, mistake: Mistake) -> None:
    assert len(problems(tmp_path, changed(mistake.old, mistake.new))) == 1


@pytest.mark.parametrize("deny", ["", ", deny: true"])
@pytest.mark.parametrize(("name", "instead"), discover().pointless.items())
def test_a_permission_for_what_nothing_judges_is_told(tmp_path: Path, name: str, instead: str, deny: str) -> None:
    """Also beside others that do something; and unlock, which its owner needs no right to, is judged for others."""
    registry = discover()
    rule = f'{{roles: [developer], commands: [deploy, {name}], environments: ["*"]{deny}}}'
    path = write(tmp_path, f"{DESIGN}  - {rule}\n")
    with pytest.raises(ConfigError) as refused:
        load(path, registry_names=frozenset(registry.by_name), pointless=registry.pointless)
    told = f'{path}:17: permissions[2].commands[1]: "{name}" needs no permission of its own, so that this does nothing; {instead}'
    assert refused.value.problems == (told,)
    write(tmp_path, f"{DESIGN}  - {rule.replace(f'{name}]', 'unlock]')}\n")
    assert load(path, registry_names=frozenset(registry.by_name), pointless=registry.pointless)


@pytest.mark.parametrize(
    ("prefix", "said"),
    [
        ("qd_", 'slack.command_prefix: "qd_" cannot begin a slash command\'s name'),
        ("/qd", 'slack.command_prefix: "/qd" cannot begin a slash command\'s name'),
        ("a" * 17, f'slack.command_prefix: "{"a" * 17}" cannot begin a slash command\'s name'),
    ],
)
def test_a_prefix_must_fit_slacks_command_names(tmp_path: Path, prefix: str, said: str) -> None:
    [problem] = problems(tmp_path, f"{DESIGN}slack: {{command_prefix: '{prefix}'}}\n")
    assert problem.startswith(f"quarterdeck.yaml:17: {said}; at most 16 lower-case letters, digits and dashes")


@pytest.mark.parametrize(
    ("members", "required", "possible"),
    [
        ("[U0SAM, U0ROBIN]", 2, True),
        ("[U0SAM, U0ROBIN]", 3, False),
        ("[U0SAM, U0SAM]", 2, False),
        ("[]", 1, False),
        ("[U0SAM, S0ONCALL]", 20, True),
        ('[U0SAM, "*"]', 20, True),
    ],
)
def test_more_approvals_than_approvers_are_refused(tmp_path: Path, members: str, required: int, possible: bool) -> None:
    text = changed("[U0SAM, U0ROBIN, S0ONCALL]", members).replace("required: 1", f"required: {required}")
    found = problems(tmp_path, text)
    assert (found == []) is possible
    assert all("can never be had: the roles of approvers have" in problem for problem in found)


YAML = [
    ("", 1, "the file is empty; needed here: clusters, environments"),
    ("# nothing yet\n", 1, "the file is empty"),
    ("- a\n", 1, "this is not a mapping; needed here: clusters"),
    ("clusters\n", 1, "this is not a mapping"),
    ("clusters: {\n", 2, "this is not YAML: while parsing a flow"),
    ("clusters:\n  main: {}\n environments: {}\n", 3, "look for a wrong indentation"),
    ("clusters:\n\tmain: {}\n", 2, "indent with spaces, not tabs"),
    ("roles:\n  sre: {members: [*]}\n", 2, 'write the star in quotes: "*"'),
    ("roles:\n  sre: {members: [@sam]}\n", 2, "people are written by their Slack ID (U… or S…), not by their name"),
    ("roles: 'open\n", 2, "look for a missing quote"),
    ("a: b: c\n", 1, "text with a colon that needs quotes"),
    ("clusters: {}\n---\nroles: {}\n", 2, "only one document"),
    ("clusters: !!python/object/apply:os.system [true]\nroles: !x y\n", 2, "this is not YAML: could not determine a constructor"),
    ("clusters: {}\nx: \x00\n", 2, "the character U+0000 cannot stand in a YAML file; remove it"),
    ("? [a, b]\n: c\n", 1, "a key has to be one word"),
    ("clusters: &a\n  main: *a\n", 2, "refers to itself"),
    ("clusters: " + "[" * 5000, 1, "nested too deeply"),
    ("clusters: {}\nx: *nowhere\n", 2, "found undefined alias"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "said"), YAML, ids=[said[:40] for _, _, said in YAML])
def test_what_is_no_configuration_at_all(tmp_path: Path, text: str, line: int, said: str) -> None:
    found = problems(tmp_path, text)
    assert any(p.startswith(f"quarterdeck.yaml:{line}:") and said in p for p in found), found


def test_a_file_that_is_not_utf_8(tmp_path: Path) -> None:
    found = problems(tmp_path, b"clusters: {}\n# caf\xe9\n")
    assert found == ["quarterdeck.yaml:2: the file is not UTF-8; save it in that encoding"]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"quarterdeck\.yaml: there is no such file; name another with --config"):
        load(tmp_path / "quarterdeck.yaml", registry_names=COMMANDS)


def test_a_folder_instead_of_a_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"cannot be read \(Is a directory\)"):
        load(tmp_path, registry_names=COMMANDS)


def test_all_problems_are_told_at_once_in_the_files_order(tmp_path: Path) -> None:
    text = (
        DESIGN.replace("cluster: main, namespace: staging", "cluster: mian, namepace: staging")
        .replace("required: 1", "required: two")
        .replace("U0SAM", '"@sam"')
        .replace("[status, history, logs]", "[statsu]")
        .replace("[staging, prod]", "[prd]")
    )
    lines = [int(problem.split(":")[1]) for problem in problems(tmp_path, text)]
    assert lines == [4, 4, 4, 10, 13, 15, 16]


def test_what_is_broken_itself_is_not_compared_with_other_things(tmp_path: Path) -> None:
    """The cross-checks read the raw file: whatever stands in it, each mistake is told, and only as what it is."""
    text = """\
clusters: {main: {}}
environments:
  a: {aliases: [1, x]}
  b: {aliases: y, approvals: {required: two, approvers: [few, production]}}
  c: {cluster: main, namespace: c, aliases: [production]}
roles: {few: {members: [U0SAM]}}
permissions: [{roles: [few], commands: [deploy], environments: [7]}]
"""
    assert [said.split(";")[0].removeprefix("quarterdeck.yaml:") for said in problems(tmp_path, text)] == [
        "3: environments.a.cluster: this key is missing",
        "3: environments.a.namespace: this key is missing",
        "3: environments.a.aliases[0]: 1 is not text",
        '4: environments.b.approvals.approvers[1]: there is no role "production"',
        "4: environments.b.cluster: this key is missing",
        "4: environments.b.namespace: this key is missing",
        '4: environments.b.aliases: "y" is not a list',
        '4: environments.b.approvals.required: "two" is not a number',
        "7: permissions[0].environments[0]: 7 is not text",
    ]


def test_too_many_approvals_of_no_number_are_only_no_number(tmp_path: Path) -> None:
    text = changed("[U0SAM, U0ROBIN, S0ONCALL]", "[U0SAM]").replace("required: 1", "required: two")
    assert len(problems(tmp_path, text)) == 1


def test_a_name_where_there_are_none_to_choose_from(tmp_path: Path) -> None:
    text = "clusters: {main: {}}\nenvironments: {a: {cluster: main, namespace: a}}\npermissions: [{roles: [x], commands: [logs], environments: [a]}]\n"
    said = 'there is no role "x"; allowed here: none: roles is empty'
    assert problems(tmp_path, text) == [f"quarterdeck.yaml:3: permissions[0].roles[0]: {said}"]


def test_two_sections_are_needed(tmp_path: Path) -> None:
    assert problems(tmp_path, "roles: {}\n") == [
        "quarterdeck.yaml:1: clusters: this key is missing; a mapping of names to settings is needed here",
        "quarterdeck.yaml:1: environments: this key is missing; a mapping of names to settings is needed here",
    ]


def test_a_long_value_is_not_repeated_whole(tmp_path: Path) -> None:
    [problem] = problems(tmp_path, changed("U0SAM", "x" * 5000))
    assert len(problem) < 400


FRAGMENTS = st.lists(
    st.sampled_from([
        *DESIGN.replace("{", " { ").replace("[", " [ ").split(" "), "\n", "  ", "*", "&a", "*a", "<<:", "!!int", "!!bool",
        "~", "- ", "? ", ": ", "'", '"', "|", ">", "\t", "0b_", "9" * 5000,
    ]),
    max_size=30,
).map(" ".join)  # fmt: skip


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.one_of(st.text(max_size=60), FRAGMENTS, FRAGMENTS.map(lambda tail: DESIGN + tail)))
def test_any_text_gives_a_configuration_or_lines_of_problems(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, text.encode("utf-8", "surrogatepass"))
    try:
        load(path, registry_names=COMMANDS)
    except ConfigError as error:
        assert error.problems  # noqa: PT017 - either outcome is right, and nothing else is
        assert all(problem.startswith(str(path)) and "\n" not in problem for problem in error.problems)  # noqa: PT017
