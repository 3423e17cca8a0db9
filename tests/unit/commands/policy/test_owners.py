"""What others would put back: warned of, or refused where the environment says so."""

from __future__ import annotations

from dataclasses import replace

from commands.config import Config
from commands.policy import Circumstances, objections
from tests.unit.commands.policy.building import NOW, SECTIONS, config, plan, requested

HELM = "it belongs to Helm, which may put it back"
OWNED = replace(plan(), owners=(HELM,), risks=(HELM,))


def rules(owners: str) -> Config:
    environments = SECTIONS["environments"]
    return config(environments=environments | {"prod": environments["prod"] | {"owners": owners}})


def test_a_warning_is_no_objection():
    assert list(objections(config(), requested(), OWNED, Circumstances(), NOW)) == []
    assert list(objections(rules("warn"), requested(), OWNED, Circumstances(), NOW)) == []


def test_refused_with_the_rule_and_the_owner():
    (found,) = objections(rules("refuse"), requested(), OWNED, Circumstances(), NOW)
    assert (
        found.sentence == f"prod changes nothing that others would put back (environments.prod.owners). Of web: {HELM}."
    )
    assert found.rule == "environments.prod.owners"


def test_what_nobody_owns_is_changed():
    assert list(objections(rules("refuse"), requested(), plan(), Circumstances(), NOW)) == []
