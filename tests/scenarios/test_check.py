"""``quarterdeck check`` against a cluster where the worker writes as the people who ask."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.scenarios.conftest import Cluster
from tests.unit.quarterdeck.run import quarterdeck

NO_REDIS = "redis://127.0.0.1:1"


def named(resource: str, *names: str) -> dict[str, Any]:
    return {"verbs": ["impersonate"], "apiGroups": [""], "resources": [resource], "resourceNames": list(names)}


@pytest.fixture
def file(cluster: Cluster, tmp_path: Path) -> Path:
    """Sam and whoever is on call may deploy in prod, and so may be acted as; eve may only look on."""
    rule = {"user": "slack:{user_id}", "groups": ["quarterdeck:{role}", "from-slack"]}
    written = {
        "clusters": {"main": {"kubeconfig": str(cluster.kubeconfig_for("quarterdeck"))}},
        "environments": {
            "prod": {"cluster": "main", "namespace": cluster.namespace(), "impersonate": rule},
            "staging": {"cluster": "main", "namespace": cluster.namespace()},
        },
        "roles": {
            "sre": {"members": ["U0SAM", "U0ROBIN"], "on_call": "S0ONCALL"},
            "auditor": {"members": ["U0EVE"]},
        },
        "permissions": [
            {"roles": ["sre"], "commands": ["deploy"], "environments": ["*"]},
            {"roles": ["auditor"], "commands": ["history"], "environments": ["*"]},
        ],
    }
    path = tmp_path / "quarterdeck.yaml"
    path.write_text(yaml.safe_dump(written, sort_keys=False))
    return path


def told(file: Path, process: str = "worker") -> list[str]:
    """What is said of acting as somebody."""
    done = quarterdeck("--config", file, "check", "--as", process, REDIS_URL=NO_REDIS)
    assert done.stderr == ""
    return [line for line in done.stdout.splitlines() if "impersonate" in line or " act as " in line]


UNNAMED = (
    "skip  prod: whether the account may act as each who holds the role sre: "
    "the rules name no IDs there; the plan of a person's change says so where it may not"
)


def fails(resource: str, name: str) -> str:
    what = f"fail  prod: the account may not impersonate the {resource.removesuffix('s')} {name}"
    return f"{what}: add the verb `impersonate` on `{resource}` with that name as resourceNames to a ClusterRole of its own"


def test_whom_the_account_may_not_act_as_is_named_with_the_mend(cluster: Cluster, file: Path) -> None:
    groups = ("quarterdeck:sre", "quarterdeck:auditor", "from-slack")
    cluster.grant("quarterdeck", None, [named("users", "slack:U0SAM"), named("groups", *groups[:2])])
    assert told(file) == [fails("users", "slack:U0ROBIN"), fails("groups", "from-slack"), UNNAMED]
    # its new group first: a grant is in force when the first of its names is
    cluster.grant(
        "quarterdeck", None, [named("users", "slack:U0SAM", "slack:U0ROBIN"), named("groups", groups[2], *groups)]
    )
    assert told(file) == ["ok    prod: it may act as 2 users and 3 groups that the rules name", UNNAMED]
    assert told(file, "watcher") == []
