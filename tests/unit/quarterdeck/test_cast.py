"""Who plays in a rehearsal: whoever the configuration names exists, and the tour is led by somebody who may."""

from __future__ import annotations

from pathlib import Path

import yaml

from commands.config import Config, load
from commands.registry import discover
from playground import example
from quarterdeck.demo.cast import DANA, ROBIN, SAM, cast, may_deploy

OWN = {
    "clusters": {"main": {}},
    "environments": {
        "lab": {"cluster": "main", "namespace": "lab"},
        "shop": {"cluster": "main", "namespace": "shop", "channel": "C0SHOP", "approvals": {"required": 1, "approvers": ["lead"]}},
    },
    "roles": {"maker": {"members": ["U0ZED"]}, "lead": {"members": ["S0LEADS", "U0YAN"]}},
    "permissions": [{"roles": ["maker"], "commands": ["deploy"], "environments": ["*"]}],
}  # fmt: skip


def config(path: Path) -> Config:
    return load(path, registry_names=frozenset(command.name for command in discover()))


def test_whoever_and_whatever_is_named_exists(tmp_path: Path) -> None:
    path = tmp_path / "quarterdeck.yaml"
    path.write_text(yaml.safe_dump(OWN))
    found = cast(config(path))
    assert {"U0ZED", "U0YAN"} <= {person.id for person in found.people}
    assert found.groups == {"S0LEADS": ("leads", (SAM.id, ROBIN.id))}
    assert found.channels["C0SHOP"] == "shop"
    assert found.home == "C0SHOP"
    assert [p.id for p in found.people if may_deploy(config(path), found, p, "shop")] == ["U0ZED"]


def test_the_demos_own(tmp_path: Path) -> None:
    own = config(example.configuration())
    found = cast(own)
    assert may_deploy(own, found, DANA, "prod")
    assert [person.name for person in found.people if not may_deploy(own, found, person, "staging")] == ["gil"]
