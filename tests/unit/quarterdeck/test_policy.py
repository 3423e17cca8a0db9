"""``quarterdeck policy``: rules are tried out before they go live, without Redis, Slack or a cluster."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.unit.quarterdeck.run import quarterdeck

RULES = """\
clusters: {main: {}}
environments:
  staging: {cluster: main, namespace: staging}
  prod:
    cluster: main
    namespace: prod
    approvals: {required: 1, approvers: [sre]}
    limits: {replicas: {min: 1, max: 20, step: 3}, images: {registries: [registry.example], refuse_tags: [latest]}}
roles:
  developer: {members: ["*"]}
  sre: {members: [U0SAM, S0ONCALL]}
permissions:
  - {roles: [developer], commands: [deploy, scale, status], environments: ["*"]}
  - {roles: [sre], commands: ["*"], environments: ["*"]}
  - {roles: [developer], commands: [scale], environments: [prod], workloads: ["pay-*"], deny: true}
freezes:
  - {name: christmas, environments: [prod], timezone: Europe/Berlin, dates: [{from: 2026-12-20, to: 2027-01-03}]}
"""
ASK = "Ask whoever keeps quarterdeck.yaml if that is wrong."
DEPENDS = "whether of this one depends on the operation: `pending` lists what waits for a person's yes, `status` and its id shows how it stands"
CASES = """\
cases:
  - who: {user: U0DANA}
    says: deploy web 1.4.2 to prod
    at: 2026-11-28
    target: {image: "registry.example/web:1.4.1"}
    expected: needs approval
    approvals: {sre: 1}
  - {who: {user: U0DANA}, says: deploy web 2 to prod, at: "2026-12-24T10:00+01:00", expected: refused, because: christmas}
  - {who: {user: U0DANA}, says: scale pay-api 3 in prod, expected: refused, because: "permissions[2] (line 15)"}
  - {who: {user: U0DANA, guest: true}, says: status in prod, expected: refused}
  - {who: {user: U0OLGA, groups: [S0ONCALL]}, says: restart web in staging, expected: allowed}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "quarterdeck.yaml").write_text(RULES)
    (tmp_path / "cases.yaml").write_text(CASES)
    return tmp_path


def policy(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return quarterdeck("--config", str(folder / "quarterdeck.yaml"), "policy", *words)


def test_cases_that_come_out_as_expected(folder: Path) -> None:
    done = policy(folder, "test", str(folder / "cases.yaml"))
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("ok  ") == 5
    assert done.stdout.endswith("5 cases, none failed\n")


def test_a_case_that_comes_out_otherwise_is_shown_with_why(folder: Path) -> None:
    wrong = CASES.replace("approvals: {sre: 1}", "approvals: {sre: 2}").replace(
        "expected: allowed", "expected: refused"
    )
    (folder / "cases.yaml").write_text(wrong)
    done = policy(folder, "test", str(folder / "cases.yaml"))
    assert done.returncode == 1
    assert "- approvals: sre 2\n       + approvals: sre 1\n" in done.stdout
    assert "- refused\n       + allowed\n         allowed by permissions[1] (line 14), as sre\n" in done.stdout
    assert done.stdout.endswith("5 cases, 2 failed\n")


def test_a_file_of_cases_with_mistakes_is_told_whole(folder: Path) -> None:
    (folder / "cases.yaml").write_text("cases:\n  - {who: {user: dana}, says: 3}\n")
    done = policy(folder, "test", str(folder / "cases.yaml"))
    assert done.returncode == 1
    for problem in (
        'cases[0].who.user: "dana" is not a user\'s ID',
        "cases[0].says: 3 is not text",
        "cases[0].expected: this key is missing",
    ):
        assert f"cases.yaml:2: {problem}" in done.stderr


def test_an_explanation_names_rule_line_and_whose_yes_it_takes(folder: Path) -> None:
    said = (
        "explain",
        "--user",
        "U0DANA",
        "--image",
        "registry.example/web:1",
        "--at",
        "2026-11-28",
        "deploy web 2 to prod",
    )
    done = policy(folder, *said)
    assert done.returncode == 0
    assert done.stdout.splitlines()[:3] == [
        "deploy web 2 to prod: needs approval",
        "  allowed by permissions[0] (line 13), as developer",
        "  needs 1 from the role sre",
    ]


def test_who_sets_an_autoscalers_bounds_is_supposed_to_have_one(folder: Path) -> None:
    done = policy(folder, "explain", "--user", "U0DANA", "--at", "2026-11-28", "scale web min=3 max=20 in prod")
    assert done.stdout.startswith("scale web min=3 max=20 in prod: needs approval\n")
    done = policy(folder, "explain", "--user", "U0DANA", "--at", "2026-11-28", "scale web max=21 in prod")
    assert "prod allows no more than 20 replicas" in done.stdout


def test_a_refusal_is_explained_too(folder: Path) -> None:
    done = policy(folder, "explain", "--user", "U0DANA", "--at", "2026-12-24", "deploy web latest to prod")
    assert done.returncode == 1
    assert "refused: prod takes no image whose tag is latest" in done.stdout
    assert "refused: prod is frozen until Mon 2027-01-04 00:00 CET" in done.stdout


@pytest.mark.parametrize(
    ("who", "says", "told"),
    [
        ("U0SAM", "approve op-7k3f", ["allowed", "allowed by environments.prod.approvals (line 7), as sre", DEPENDS]),
        ("U0DANA", "approve op-7k3f", ["refused", f"refused: No environment's approvals name a role that you hold. {ASK}"]),
        ("U0DANA", "withdraw op-7k3f", ["refused", f"refused: No environment's approvals name a role that you hold. {ASK}"]),
        ("U0DANA", "cancel op-7k3f", ["allowed", "allowed by its declaration: of what you asked for, or may run yourself", DEPENDS]),
        ("U0DANA", "unlock web in prod", ["allowed", "allowed by its declaration: of your own locks", "of others': `unlock` in prod needs the role sre"]),
        ("U0SAM", "unlock web in prod", ["allowed", "allowed by permissions[1] (line 14), as sre"]),
        ("U0DANA", "pending", ["allowed", "allowed by its declaration: anyone may, and is shown only what they may see"]),
    ],
)  # fmt: skip
def test_what_no_permission_is_about_is_explained_as_far_as_rules_can(
    folder: Path, who: str, says: str, told: list[str]
) -> None:
    done = policy(folder, "explain", "--user", who, says)
    first, *rest = done.stdout.splitlines()
    assert first == f"{says}: {told[0]}"
    for line, wanted in zip(rest, told[1:], strict=False):
        assert line.startswith(f"  {wanted}"), done.stdout


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("--user", "U0DANA", "deploi web 2 to prod"), 2, "Did you mean `deploy`?"),
        (("--user", "dana", "deploy web 2 to prod"), 1, 'who.user: "dana" is not a user\'s ID'),
        (("--user", "U0DANA", "--label", "team", "deploy web 2 to prod"), 2, "'team' is not KEY=VALUE"),
        (("deploy web 2 to prod",), 2, "Missing option '--user'"),
    ],
)
def test_mistakes_are_told(folder: Path, words: tuple[str, ...], code: int, told: str) -> None:
    done = policy(folder, "explain", *words)
    assert (done.returncode, told in done.stderr) == (code, True), done.stderr
