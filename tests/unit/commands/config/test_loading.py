"""A good file: what it means, what is left out, and what ``Config`` offers to the rest."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from commands.config import Approvals, Cluster, Config
from commands.errors import NotFound
from tests.unit.commands.config.building import DESIGN, changed, loaded

SMALLEST = """\
clusters: {main: {}}
environments: {prod: {cluster: main, namespace: default}}
"""


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return loaded(tmp_path, DESIGN)


def test_the_designs_file_works_as_it_stands(config: Config) -> None:
    prod = config.environment("prod")
    assert config.clusters == {"main": Cluster(kubeconfig="/etc/quarterdeck/kubeconfig", context="prod")}
    assert (prod.cluster, prod.namespace, prod.channel) == ("main", "prod", "C0DEPLOYS")
    assert prod.approvals == Approvals.model_validate({"required": 1, "approvers": ("sre",), "expires": "30m"})
    assert prod.approvals.expires == 30 * 60
    assert config.environment("staging").approvals is None
    assert config.roles["sre"].users == ("U0SAM", "U0ROBIN")
    assert config.roles["sre"].groups == ("S0ONCALL",)
    assert config.roles["developer"].everyone
    assert not config.roles["sre"].everyone


def test_what_a_small_file_leaves_out_has_safe_values(tmp_path: Path) -> None:
    config = loaded(tmp_path, SMALLEST)
    prod = config.environment("prod")
    assert (prod.aliases, prod.channel, prod.approvals, prod.deadline) == ((), None, None, 600)
    assert (dict(config.roles), config.permissions) == ({}, ())
    assert config.slack.command_prefix == ""


def test_approvals_left_short_last_half_an_hour_and_never_count_the_requester(tmp_path: Path) -> None:
    config = loaded(tmp_path, changed(", expires: 30m", ""))
    approvals = config.environment("prod").approvals
    assert approvals
    assert (approvals.expires, approvals.self_approval) == (1800, False)


@pytest.mark.parametrize("cluster", ["{}", "", "~", "{kubeconfig: ~/.kube/config}", "{context: kind-dev}"])
def test_a_cluster_needs_neither_key(tmp_path: Path, cluster: str) -> None:
    line = "{kubeconfig: /etc/quarterdeck/kubeconfig, context: prod}"
    assert list(loaded(tmp_path, changed(line, cluster)).clusters) == ["main"]


@pytest.mark.parametrize(
    ("written", "seconds"), [("90s", 90), ("30m", 1800), ("2h", 7200), ("1d", 86400), ('"5m"', 300), ("30d", 2592000)]
)
def test_durations_are_seconds(tmp_path: Path, written: str, seconds: int) -> None:
    approvals = loaded(tmp_path, changed("expires: 30m", f"expires: {written}")).environment("prod").approvals
    assert approvals
    assert approvals.expires == seconds


def test_names_and_aliases_lead_to_the_canonical_name_in_the_files_order(config: Config) -> None:
    assert list(config.environment_names.items()) == [
        ("staging", "staging"), ("prod", "prod"), ("production", "prod"),
    ]  # fmt: skip
    assert config.canonical("PRODuction") == "prod"
    assert config.canonical("prd") is None


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("stagin", "There is no environment stagin. Did you mean staging?"),
        ("production", "production is another name of prod; here the environment's own name is needed."),
        ("x", "There is no environment x. There are: staging, prod."),
    ],
)
def test_an_environment_is_asked_for_by_its_canonical_name(config: Config, name: str, sentence: str) -> None:
    with pytest.raises(NotFound) as refused:
        config.environment(name)
    assert str(refused.value) == sentence


def test_ids_of_the_whole_file(config: Config) -> None:
    assert config.group_ids == {"S0ONCALL"}
    assert config.channels == {"C0DEPLOYS"}


def test_nobody_changes_it_after_loading(config: Config) -> None:
    with pytest.raises(ValidationError):
        config.permissions = ()
    with pytest.raises(ValidationError):
        config.environment("prod").namespace = "other"
    with pytest.raises(TypeError):
        config.roles["sre"] = config.roles["developer"]  # type: ignore[index]


def test_environments_keep_the_names_that_yaml_would_read_as_something_else(tmp_path: Path) -> None:
    text = "clusters: {1: {}}\nenvironments: {no: {cluster: '1', namespace: n}, 2026-01-01: {cluster: '1', namespace: m}}\n"
    assert list(loaded(tmp_path, text).environments) == ["no", "2026-01-01"]


def test_anchors_and_merges_are_understood(tmp_path: Path) -> None:
    text = """\
clusters: {main: {}}
environments:
  staging: &base {cluster: main, namespace: staging, channel: C0DEPLOYS}
  prod: {<<: *base, namespace: prod}
"""
    prod = loaded(tmp_path, text).environment("prod")
    assert (prod.namespace, prod.channel) == ("prod", "C0DEPLOYS")


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    assert loaded(tmp_path, b"\xef\xbb\xbf" + DESIGN.encode()).canonical("prod")


def test_the_slash_commands_can_have_a_prefix(tmp_path: Path) -> None:
    assert loaded(tmp_path, DESIGN + "slack: {command_prefix: qd-}\n").slack.command_prefix == "qd-"
