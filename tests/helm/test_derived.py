"""What the chart repeats of the code, or of itself, is the same in both places."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from commands.config import BreakGlass, Config, Freeze, Limits, Patience, load
from commands.config.approvals import Approvals
from commands.config.clusters import Cluster
from commands.config.environments import Environment
from commands.config.impersonate import Impersonate
from commands.config.permissions import Permission
from commands.config.roles import Role
from commands.config.slack import Slack
from commands.registry import discover
from quarterdeck.running import GRACE
from scripts import chart
from tests.helm.helm import CHART, CONFIG, Json, merged, of, pods, rendered
from workers.rights import PROCESSES, rights_in

VALUES = yaml.safe_load((CHART / "values.yaml").read_text())
SCHEMA = json.loads((CHART / "values.schema.json").read_text())
README = (CHART / "README.md").read_text()
OPERATIONS = CHART.parents[1] / "docs" / "operations.md"
REGISTRY = discover()
HELM_3 = """
if else end range with define true false
and eq gt index not or printf
append concat contains default dict fail get has hasKey int join kebabcase keys last list nindent quote replace set sha256sum
sortAlpha splitList splitn ternary trim trimSuffix trunc uniq
fromJson fromYaml include toJson toYaml
"""


def test_the_permissions_are_the_commands():
    assert (CHART / "permissions.yaml").read_text() == chart.permissions(), "run `make chart`"


def test_the_table_is_that_of_the_values():
    assert chart.TABLE.findall(README) == [chart.table()], "run `make chart`"


def leaves(values: Any, schema: Json, path: str = "") -> dict[str, Json]:
    """Path → schema, of what a value file sets by itself."""
    if not isinstance(values, dict) or "properties" not in schema:
        return {path: schema}
    below = [leaves(v, schema["properties"][k], f"{path}.{k}".lstrip(".")) for k, v in values.items()]
    return {k: v for each in below for k, v in each.items()}


def test_every_value_has_a_comment_and_a_schema():
    assert list(leaves(VALUES, SCHEMA)) == [path for path, _ in chart.commented((CHART / "values.yaml").read_text())]


def objects(schema: Any, path: str = "") -> list[tuple[str, Json]]:
    if isinstance(schema, list):
        return [found for item in schema for found in objects(item, path)]
    if not isinstance(schema, dict):
        return []
    below = [found for key, value in schema.items() for found in objects(value, f"{path}/{key}")]
    return [(path, schema), *below] if "properties" in schema and schema.get("type") else below


@pytest.mark.parametrize(("path", "schema"), objects(SCHEMA))
def test_no_object_takes_an_unknown_key(path: str, schema: Json):
    assert schema.get("additionalProperties") is False


def test_the_schema_knows_every_value_and_no_other():
    def keys(values: Any, schema: Json) -> None:
        if isinstance(values, dict) and "properties" in schema:
            assert set(values) == set(schema["properties"]) - {"global"}
            for key, value in values.items():
                keys(value, schema["properties"][key])

    keys(VALUES, SCHEMA)


@pytest.mark.parametrize(
    ("model", "path"),
    [
        (Config, ()),
        (Cluster, ("clusters", "*")),
        (Environment, ("environments", "*")),
        (Approvals, ("environments", "*", "approvals")),
        (Role, ("roles", "*")),
        (Permission, ("permissions", "*")),
        (Limits, ("environments", "*", "limits")),
        (Freeze, ("freezes", "*")),
        (BreakGlass, ("break_glass",)),
        (Patience, ("environments", "*", "patience")),
        (Impersonate, ("environments", "*", "impersonate")),
        (Slack, ("slack",)),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
def test_the_schema_of_the_configuration_has_the_codes_keys(model: Any, path: tuple[str, ...]):
    schema = SCHEMA["definitions"]["config"]
    for key in path:
        schema = schema["properties"][key] if key != "*" else schema.get("items") or schema["additionalProperties"]
    assert set(schema["properties"]) == set(model.model_fields)


NARROW = [
    {"roles": ["developer"], "commands": ["status", "logs"], "environments": ["*"]},
    {"roles": ["sre"], "commands": ["scale", "history"], "environments": ["staging"]},
]


DENYING = [*NARROW, {"roles": ["developer"], "commands": ["*"], "environments": ["*"], "deny": True}]
"""What nobody may do asks for no right."""


MASKING = {name: {**settings, "mask_secrets": True} for name, settings in CONFIG["environments"].items()}

GOING_BACK = {name: {**settings, "on_failure": "rollback"} for name, settings in CONFIG["environments"].items()}


@pytest.mark.parametrize(
    "environments", [CONFIG["environments"], MASKING, GOING_BACK], ids=["usual", "masking", "going back"]
)
@pytest.mark.parametrize("permissions", [CONFIG["permissions"], NARROW, NARROW[1:], DENYING])
def test_each_role_has_just_the_rights_that_are_needed_there(
    permissions: list[Json], environments: Json, tmp_path: Path
):
    config = {**CONFIG, "permissions": permissions, "environments": environments}
    file = tmp_path / "quarterdeck.yaml"
    file.write_text(yaml.safe_dump(config))
    loaded = load(file, registry_names=frozenset(command.name for command in REGISTRY))
    made = {
        (r["metadata"]["namespace"], r["metadata"]["name"]): rights(r)
        for r in rendered({"config": config})
        if r["kind"] == "Role"
    }
    needed = {
        (e, f"quarterdeck-{p}"): set(rights_in(loaded, REGISTRY, e, [p]))
        for e in loaded.environments
        for p in PROCESSES
    }
    assert made == {key: value for key, value in needed.items() if value}


def rights(role: Json) -> set[tuple[str, str]]:
    return {
        (f"{resource}.{group}" if group else resource, verb)
        for rule in role["rules"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
    }


def test_a_configuration_arrives_as_it_was_written(tmp_path):
    text = of(rendered(), "ConfigMap")["data"]["quarterdeck.yaml"]
    assert yaml.safe_load(text) == CONFIG


def test_a_pod_has_the_time_that_its_process_takes_to_end():
    for spec in (spec for name, spec in pods(rendered({"slack": {"http": True}})).items() if "check" not in name):
        before = spec["containers"][0].get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
        assert spec["terminationGracePeriodSeconds"] > before + GRACE + 1


def test_no_function_is_called_that_helm_3_lacks():
    """Tests run with the Helm that is here; the list is of what Helm 3.14 gives its charts: Go's own, sprig's and Helm's."""
    actions = [
        re.sub(r'"(?:\\.|[^"])*"', "", action)
        for path in CHART.glob("templates/*")
        for action in re.findall(r"\{\{-?(?! */\*|- */\*)(.*?)\}\}", path.read_text(), re.DOTALL)
    ]
    called = {name for action in actions for name in re.findall(r"(?<![.$\w])[a-zA-Z]\w*", action)}
    assert called - set(HELM_3.split()) == set()


def test_alerts_are_about_metrics_that_there_are():
    monitoring = {"alerts": True, "runbook": "https://docs.test/operations"}
    rule = of(rendered({"monitoring": monitoring}), "PrometheusRule")
    told = set(re.findall(r"^\| `(quarterdeck_\w+)`", OPERATIONS.read_text(), re.MULTILINE))
    alerts = rule["spec"]["groups"][0]["rules"]
    for alert in alerts:
        assert {re.sub("_bucket$", "", m) for m in re.findall(r"quarterdeck_\w+", alert["expr"])} <= told
        assert "NAMESPACE" not in alert["expr"]
        assert alert["annotations"]["runbook_url"].startswith("https://docs.test/operations#quarterdeck-")
    assert len(alerts) >= 5


def test_the_readmes_values_are_enough(tmp_path):
    text, guarded = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)
    values = yaml.safe_load(text)
    file = tmp_path / "quarterdeck.yaml"
    file.write_text(yaml.safe_dump(values["config"]))
    load(file, registry_names=frozenset(command.name for command in REGISTRY))
    assert rendered(merged({"config": None}, values))
    assert rendered(merged({"config": None}, merged(values, yaml.safe_load(guarded))))
