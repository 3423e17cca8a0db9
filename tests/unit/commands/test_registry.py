"""The registry: commands are discovered, checked, and everything else about them is derived."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from commands import catalog
from commands.declaration import Argument, Changes, Command, Reads, Type
from commands.errors import NotFound, UsageError
from commands.grammar import parse, render, usage
from commands.registry import Registry, discover, right_of
from tests.unit.commands.saying import ENVIRONMENTS, REGISTRY, answered, invocation, said

NEW_FILE = '''
"""``pause``: a command that a test drops into the catalog."""

from commands.declaration import Argument, Changes, Command, Type


def plan(invocation, live):
    raise NotImplementedError


COMMAND = Command(
    name="pause",
    summary="Hold a rollout",
    effect=Changes(plan),
    arguments=(Argument("workload", Type.WORKLOAD, "what is held"),),
    examples=("pause web in prod",),
    aliases=("hold",),
    slash=True,
)
'''


@pytest.fixture
def with_pause(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    """The catalog with one more file, from somewhere else on the disk."""
    (tmp_path / "pause.py").write_text(NEW_FILE)
    monkeypatch.setattr(catalog, "__path__", [*catalog.__path__, str(tmp_path)])
    yield discover()
    sys.modules.pop("commands.catalog.pause", None)
    vars(catalog).pop("pause", None)


class TestOneFileIsAWholeCommand:
    def test_it_is_understood_by_name_and_alias(self, with_pause: Registry) -> None:
        parsed = parse("hold web in prod reason=tired", None, with_pause, ENVIRONMENTS)
        assert (parsed.verb, parsed.arguments, parsed.environment) == (
            "pause",
            {"workload": "web", "reason": "tired"},
            "prod",
        )

    def test_its_usage_is_in_its_mistakes(self, with_pause: Registry) -> None:
        with pytest.raises(UsageError, match=r"Usage: pause WORKLOAD in ENVIRONMENT \[reason=TEXT\]"):
            parse("pause", None, with_pause, ENVIRONMENTS)

    def test_a_misspelling_suggests_it(self, with_pause: Registry) -> None:
        found = with_pause.nearest("puase")
        assert found is not None
        assert found.name == "pause"

    @pytest.mark.usefixtures("with_pause")
    def test_help_shows_it_to_those_who_may(self) -> None:
        assert "pause WORKLOAD in ENVIRONMENT" in str(answered("help", "pause"))
        assert "pause" not in str(answered("help", "deploy"))

    def test_the_manifest_and_the_readme_name_it(self, with_pause: Registry) -> None:
        assert with_pause.slash_names("qd-")["qd-pause"] == "pause"
        assert "| `/pause WORKLOAD in ENVIRONMENT" in with_pause.command_table()

    def test_it_can_be_previewed_and_locks_its_workload(self, with_pause: Registry) -> None:
        assert parse("diff pause web in prod", None, with_pause, ENVIRONMENTS).arguments["command"] == "pause"
        assert with_pause.lock_key(parse("pause web in prod", None, with_pause, ENVIRONMENTS)) == "prod/web"


class TestDerivedFromTheCatalog:
    def test_the_commands(self) -> None:
        assert list(REGISTRY.by_name) == [
            "approve", "audit", "can", "cancel", "deny", "deploy", "diff", "freezes", "help", "history", "lock", "locks", "logs",
            "operations", "pending", "restart", "rollback", "scale", "status", "unlock", "withdraw",
        ]  # fmt: skip

    def test_slash_commands(self) -> None:
        assert REGISTRY.slash_names() == {"deploy": "deploy", "rollback": "rollback", "scale": "scale", "ops": None}
        assert REGISTRY.slash_names("qd-")["qd-ops"] is None

    def test_the_readmes_table(self) -> None:
        table = REGISTRY.command_table().splitlines()
        assert table[0] == "| command | what it does | example |"
        assert "| `/ops status [WORKLOAD \\| OPERATION] [in ENVIRONMENT]` |" in "\n".join(table)
        assert {row.replace("\\|", "").count("|") for row in table} == {4}

    @pytest.mark.parametrize(
        ("name", "line"),
        [
            (
                "deploy",
                "deploy WORKLOAD VERSION to ENVIRONMENT [container=NAMES] [reason=TEXT] [link=URL] [supersede] [break-glass]",
            ),
            (
                "rollback",
                "rollback WORKLOAD in ENVIRONMENT [to REVISION] [reason=TEXT] [link=URL] [supersede] [break-glass]",
            ),
            ("diff", "diff COMMAND …"),
            ("cancel", "cancel OPERATION"),
            ("operations", "operations [in ENVIRONMENT]"),
        ],
    )
    def test_usage_lines(self, name: str, line: str) -> None:
        assert usage(REGISTRY.get(name)) == line

    def test_look_ups(self) -> None:
        assert REGISTRY.find("UNDO") is REGISTRY.get("rollback")
        assert REGISTRY.find("nothing") is None
        with pytest.raises(NotFound, match="no command drain in this version"):
            REGISTRY.get("drain")


class TestWhoseRight:
    @pytest.mark.parametrize(
        ("line", "right"),
        [
            ("deploy web 1 to prod", "deploy"),
            ("undo web in prod", "rollback"),
            ("diff undo web in prod", "rollback"),
            ("help deploy", "help"),
        ],
    )
    def test_is_the_verbs_or_the_inner_ones(self, line: str, right: str) -> None:
        assert right_of(said(line)) == right
        assert right_of(invocation(line)) == right

    @pytest.mark.parametrize(
        ("line", "anyones"),
        [
            ("help", True), ("operations", True), ("cancel op-7k3f", True), ("status op-7k3f", True),
            ("status web in prod", False), ("deploy web 1 to prod", False), ("diff deploy web 1 to prod", False),
        ],
    )  # fmt: skip
    def test_is_anyones(self, line: str, anyones: bool) -> None:
        assert REGISTRY.is_anyones(invocation(line)) is anyones

    def test_what_is_locked(self) -> None:
        assert REGISTRY.lock_key(said("deploy sts/db:1 to prod")) == "prod/StatefulSet/db"
        assert REGISTRY.lock_key(said("status web in prod")) is None


def test_a_retry_asks_for_what_was_said_and_not_for_what_was_planned() -> None:
    """With its old time, a restart would be "already so"."""
    asked = invocation("restart web in prod reason=stuck")
    planned = replace(
        asked, arguments={**asked.arguments, "workload": "Deployment/web", "restarted_at": "2026-07-28T10:00:00Z"}
    )
    assert REGISTRY.as_said(planned) == {"workload": "Deployment/web", "reason": "stuck"}
    assert REGISTRY.as_said(said("diff restart web in prod"))["command"] == "restart"


WORKLOAD = Argument("workload", Type.WORKLOAD, "what")
GOOD = Command("pause", "Hold a rollout", REGISTRY.get("restart").effect, (WORKLOAD,), aliases=("hold",))
READS = Reads(lambda _invocation, _live: pytest.fail("never asked"))


class TestADeclarationThatContradictsItself:
    @pytest.mark.parametrize(
        ("command", "problem"),
        [
            (replace(GOOD, name="Pause it"), "'Pause it' cannot be the name of a command"),
            (replace(GOOD, arguments=(WORKLOAD, WORKLOAD)), "'workload' is said of two arguments"),
            (
                replace(GOOD, arguments=(WORKLOAD, Argument("reason", Type.TEXT, "x", keyword=True))),
                "'reason' is said of two",
            ),
            (replace(GOOD, arguments=(WORKLOAD, Argument("env", Type.NAME, "x"))), "no argument can be called 'env'"),
            (
                replace(GOOD, effect=Changes(lambda *_: pytest.fail("never planned"), target="pod")),
                "its target 'pod' is no required argument",
            ),
            (
                replace(GOOD, arguments=(Argument("a", Type.NAME, "x", required=False), WORKLOAD)),
                "may be left out stands before",
            ),
            (
                replace(GOOD, arguments=(WORKLOAD, Argument("a", Type.NAME, "x", instead=("b",)))),
                "what may be said instead of 'a' is no keyword",
            ),
            (Command("who", "x", READS, slash=True), "Slack keeps that slash command for itself"),
            (Command("free", "x", READS, anyone=True), "what to write instead of a permission"),
            (replace(GOOD, instead="leave it out"), "what to write instead of a permission"),
        ],
    )
    def test_is_refused_at_start(self, command: Command, problem: str) -> None:
        with pytest.raises(ValueError, match=problem):
            Registry.of([command])

    @pytest.mark.parametrize("other", [replace(GOOD, aliases=()), replace(GOOD, name="hold", aliases=())])
    def test_no_word_means_two_commands(self, other: Command) -> None:
        with pytest.raises(ValueError, match="are both said"):
            Registry.of([GOOD, other])

    def test_a_module_without_a_command_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "empty_command.py").write_text('"""Nothing."""\n')
        package = ModuleType("commands.catalog")
        package.__path__ = [str(tmp_path)]
        catalog.__path__.append(str(tmp_path))
        try:
            with pytest.raises(ValueError, match=r"commands\.catalog\.empty_command declares no COMMAND"):
                discover(package)
        finally:
            catalog.__path__.remove(str(tmp_path))
            sys.modules.pop("commands.catalog.empty_command", None)


@pytest.mark.parametrize(
    ("said_as", "typed"),
    [
        ("deploy web 1.4.2 in prod", "/qd-deploy web 1.4.2 to prod"),
        ("deploy deploy/web 1.4.2 prod container=app", "/qd-deploy deployment/web 1.4.2 to prod container=app"),
        ("undo sts/db to 12 prod", "/qd-rollback statefulset/db in prod to 12"),
        ("restart web prod", "/qd-ops restart web in prod"),
    ],
)
def test_a_line_as_it_is_typed(said_as: str, typed: str) -> None:
    assert REGISTRY.typed(render(said(said_as)), "qd-") == typed
