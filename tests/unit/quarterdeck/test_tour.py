"""The tour is told with the words of one's own configuration, and says of each approval who has to press."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from commands.config import load
from commands.registry import discover
from playground.example import manifests
from playground.example.tour import Step, steps
from quarterdeck.demo.cast import cast
from quarterdeck.demo.tour import STAKES, plot
from tests.invariants.cluster import ObedientCluster
from tests.unit.workers import drafts
from workers.exposure import exposure

OWN: dict[str, Any] = {
    "clusters": {"main": {}},
    "environments": {
        "lab": {"cluster": "main", "namespace": "lab"},
        "shop": {"cluster": "main", "namespace": "shop", "approvals": {"required": 2, "approvers": ["sre"]}},
    },
    "roles": {
        "developer": {"members": ["*"]},
        "sre": {"members": ["S0ONCALL"]},
        "dba": {"members": ["U0YAN"]},
    },
    "permissions": [{"roles": ["developer"], "commands": ["deploy", "scale"], "environments": ["*"]}],
}


@pytest.fixture
def tour(tmp_path: Path) -> Any:
    """Of the configuration above, with these approvals in ``shop``."""

    def told(approvals: Any = None, **environments: Any) -> list[Step]:
        own = copy.deepcopy(OWN)
        own["environments"]["shop"] |= {"approvals": approvals} if approvals else {}
        own["environments"] |= environments
        path = tmp_path / "quarterdeck.yaml"
        path.write_text(yaml.safe_dump({**own, "environments": {k: v for k, v in own["environments"].items() if v}}))
        config = load(path, registry_names=frozenset(command.name for command in discover()))
        return list(steps(plot(config, cast(config))))

    return told


def about(found: list[Step], title: str) -> Step:
    return next(step for step in found if title in step.title)


def test_as_many_press_as_it_takes(tour: Any) -> None:
    step = about(tour(), "A deploy in shop")
    assert "asks for 2 approvals" in step.text
    assert (
        "become Sam Reliable, read what would change, and press Approve; then do the same as Robin Oncall." in step.text
    )
    assert step.person not in {"Sam Reliable", "Robin Oncall"}


def test_each_group_has_its_own(tour: Any) -> None:
    step = about(tour({"each": {"sre": 1, "dba": 1}}), "A deploy in shop")
    assert "become Sam Reliable" in step.text
    assert step.text.endswith("then do the same as Member U0YAN.")


def test_who_asks_is_nobody_whose_yes_it_takes(tour: Any) -> None:
    """Everybody may deploy, and everybody may approve; one of them asks."""
    step = about(tour({"required": 4, "approvers": ["developer"]}), "A deploy in shop")
    assert step.person == "Dana Deploy"
    assert "become Rick Rollout" in step.text
    assert "Sam Reliable, Robin Oncall and Member U0YAN" in step.text


def test_where_the_cast_is_too_small_it_says_so(tour: Any) -> None:
    step = about(tour({"required": 3, "approvers": ["sre"]}), "A deploy in shop")
    assert "asks for 3 approvals, and only Sam Reliable and Robin Oncall may give one in this rehearsal" in step.text
    assert step.text.endswith("It goes on waiting: press Cancel.")


def test_a_rule_counts_for_the_changes_that_it_is_about(tour: Any) -> None:
    base = {"required": 1, "approvers": ["sre"]}
    foreign = {"required": 2, "when": {"registries_outside": ["registry.example"]}}
    assert "asks for an approval." in about(tour({**base, "rules": [foreign]}), "A deploy in shop").text
    deploys = {"required": 2, "commands": ["deploy"]}
    assert "asks for 2 approvals." in about(tour({**base, "rules": [deploys]}), "A deploy in shop").text


def test_an_environment_that_can_be_finished_is_preferred(tour: Any) -> None:
    vault = {"cluster": "main", "namespace": "vault", "approvals": {"required": 1, "approvers": ["dba"]}}
    found = tour({"required": 3, "approvers": ["sre"]}, vault=vault)
    assert "become Member U0YAN" in about(found, "A deploy in vault").text


def test_nothing_is_said_of_approvals_that_nobody_asks_for(tour: Any) -> None:
    quiet = {"cluster": "main", "namespace": "shop"}
    assert not [step for step in tour(shop=quiet) if "approv" in f"{step.title} {step.text}".lower()]


def test_approvals_come_first_where_every_environment_asks_for_them(tour: Any) -> None:
    found = tour(lab=None)
    assert all("Nobody has to be asked" not in step.text for step in found)
    assert about(found, "A broken image").text.endswith("shop asks for approvals too: they come first.")


def test_the_crowded_nodes_are_to_be_cleared_before_the_next_step(tour: Any) -> None:
    before, after = tour()[-2:]
    assert before.say == "/scale api 60 in lab"
    assert "press Stop following and Roll back" in after.text


@pytest.mark.parametrize(("verb", "title"), [("deploy", "A deploy in shop"), ("scale", "An approval that is refused")])
def test_what_is_at_stake_is_what_a_worker_finds_in_the_example(tour: Any, verb: str, title: str) -> None:
    cluster = ObedientCluster()
    for obj in manifests("shop", small=False):
        obj["metadata"]["uid"] = obj["metadata"]["name"]
        cluster.put(obj)
    said, name, number, *_ = about(tour(), title).say.split()
    assert said == f"/{verb}"
    live = cluster.get("Deployment", "shop", name)
    image = live["spec"]["template"]["spec"]["containers"][0]["image"].rpartition(":")[0]
    made = drafts.deploy(live, f"{image}:{number}") if verb == "deploy" else drafts.scale(live, int(number))
    assert STAKES[verb] == exposure(cluster, made, live, neighbours=False)
