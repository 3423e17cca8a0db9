"""What can be said, line by line: this is the language's manual."""

# ruff: noqa: RUF001 - the quotes that phones insert are what is tested
from __future__ import annotations

from typing import Any

import pytest

from tests.unit.commands.saying import REGISTRY, said, slash

DIGEST = "sha256:" + "0123456789abcdef" * 4

UNDERSTOOD: list[tuple[str, dict[str, Any], str | None]] = [
    ("deploy web 1.4.2 to prod", {"workload": "web", "version": "1.4.2"}, "prod"),
    ("deploy web:1.4.2 prod", {"workload": "web", "version": "1.4.2"}, "prod"),
    (f"deploy web@{DIGEST} to prod container=app", {"workload": "web", "version": DIGEST, "container": "app"}, "prod"),
    (f"deploy web @{DIGEST} to prod", {"workload": "web", "version": DIGEST}, "prod"),
    (f"deploy web:1.4.2@{DIGEST} prod", {"workload": "web", "version": f"1.4.2@{DIGEST}"}, "prod"),
    ("deploy web registry/web:1.4.2 to prod", {"workload": "web", "version": "registry/web:1.4.2"}, "prod"),
    (
        "deploy web r.example:5000/team/web:1.4.2 prod",
        {"workload": "web", "version": "r.example:5000/team/web:1.4.2"},
        "prod",
    ),
    ("deploy sts/web:1.4.2 prod", {"workload": "StatefulSet/web", "version": "1.4.2"}, "prod"),
    ("deploy prod web 1.4.2", {"workload": "web", "version": "1.4.2"}, "prod"),
    ("deploy prod 1.4.2 to prod", {"workload": "prod", "version": "1.4.2"}, "prod"),
    ("deploy to prod web 1.4.2", {"workload": "web", "version": "1.4.2"}, "prod"),
    ("deploy workload=web version=1.4.2 env=prod", {"workload": "web", "version": "1.4.2"}, "prod"),
    ("scale web 6 in prod", {"workload": "web", "replicas": 6}, "prod"),
    ("scale web +2 in prod", {"workload": "web", "replicas": "+2"}, "prod"),
    ("scale web \u22121 in prod", {"workload": "web", "replicas": "-1"}, "prod"),
    ("scale web to 6 in prod", {"workload": "web", "replicas": 6}, "prod"),
    ("scale web 0 prod", {"workload": "web", "replicas": 0}, "prod"),
    ("rollback web in prod", {"workload": "web"}, "prod"),
    ("rollback web to prod", {"workload": "web"}, "prod"),
    ("rollback web in prod to 12", {"workload": "web", "revision": 12}, "prod"),
    ("rollback web to 12 in prod", {"workload": "web", "revision": 12}, "prod"),
    ("rollback web 12 prod", {"workload": "web", "revision": 12}, "prod"),
    ("undo web in prod", {"workload": "web"}, "prod"),
    ("restart ds/agent in prod", {"workload": "DaemonSet/agent"}, "prod"),
    ("status web in prod", {"workload": "web"}, "prod"),
    ("status web prod", {"workload": "web"}, "prod"),
    ("status prod", {}, "prod"),
    ("status prod in staging", {"workload": "prod"}, "staging"),
    ("status op-7k3f", {"operation": "op-7k3f"}, None),
    ("status deploy/op-7k3f in prod", {"workload": "Deployment/op-7k3f"}, "prod"),
    ("operations", {}, None),
    ("operations in prod", {}, "prod"),
    ("history web on prod", {"workload": "web"}, "prod"),
    (
        "logs web in prod since=1h30m tail=20 previous",
        {"workload": "web", "since": 5400, "tail": 20, "previous": True},
        "prod",
    ),
    ("logs po/web-5c9 in prod --previous", {"workload": "pod/web-5c9", "previous": True}, "prod"),
    ("logs previous in prod", {"workload": "previous"}, "prod"),
    ("cancel op-7k3f", {"operation": "op-7k3f"}, None),
    ("help", {}, None),
    ("help Undo", {"verb": "rollback"}, None),
]


@pytest.mark.parametrize(("line", "arguments", "environment"), UNDERSTOOD, ids=[row[0] for row in UNDERSTOOD])
def test_understood(line: str, arguments: dict[str, Any], environment: str | None) -> None:
    parsed = said(line)
    assert (parsed.arguments, parsed.environment) == (arguments, environment)


def test_a_slash_command_carries_its_verb() -> None:
    assert slash("deploy", "web 1.4.2 to prod") == said("deploy web 1.4.2 to prod")


@pytest.mark.parametrize("text", ["", "   ", "\x00", "\u200b"])
def test_an_empty_umbrella_is_help(text: str) -> None:
    assert said(text).verb == "help"


@pytest.mark.parametrize(
    "option", ["container=app", "--container=app", "--container app", "\u2014container app", "Container=app"]
)
def test_ways_to_say_a_keyword(option: str) -> None:
    assert said(f"deploy web {option} 1.4.2 to prod").arguments["container"] == "app"


@pytest.mark.parametrize("kind", ["deploy", "deployment", "Deployments", "deployment.apps", "deployments.v1.apps"])
def test_kinds_are_said_as_kubectl_does(kind: str) -> None:
    assert said(f"restart {kind}/web in prod").arguments == {"workload": "Deployment/web"}


def test_verbs_and_environments_in_any_case() -> None:
    assert said("DEPLOY web 1.4.2 To Production").environment == "prod"
    assert said("deploy web 1.4.2 to prod", {"Prod": "Prod", "other": "other"}).environment == "Prod"


def test_quoted_words_are_never_syntax() -> None:
    assert said('restart "to" in prod').arguments == {"workload": "to"}


def test_a_reason_and_a_link_with_any_change() -> None:
    parsed = said("restart web in prod reason=“it’s stuck” link=<https://tickets.example/7|T-7>")
    assert parsed.arguments == {"workload": "web", "reason": "it’s stuck", "link": "https://tickets.example/7"}


def test_diff_holds_the_other_command_understood() -> None:
    parsed = said("diff deploy web:1.4.2 production")
    inner = said("deploy web 1.4.2 to prod")
    assert parsed.arguments == {"line": "deploy web 1.4.2 to prod", "command": "deploy", "arguments": inner.arguments}
    assert parsed.environment == "prod"


class TestTheEnvironmentLeftOut:
    ONE = {"prod": "prod", "production": "prod"}  # noqa: RUF012

    def test_is_the_only_one_there_is(self) -> None:
        assert said("deploy web 1.4.2", self.ONE).environment == "prod"
        assert said("status", self.ONE).environment == "prod"

    def test_is_none_of_an_operation(self) -> None:
        assert said("status op-7k3f", self.ONE).environment is None


@pytest.mark.parametrize("line", [example for command in REGISTRY for example in command.examples])
def test_every_example_is_understood(line: str) -> None:
    assert said(line).verb == line.split(maxsplit=1)[0]


@pytest.mark.parametrize("command", list(REGISTRY), ids=lambda command: command.name)
def test_every_command_has_an_example_of_each_use(command: Any) -> None:
    assert command.examples
