"""Small values for the bot's tests."""

from __future__ import annotations

from commands.draft import Draft, Edit, FieldChange, Patch, Plan, Ref
from commands.invocation import Invocation, Person, Place

CONFIG = """\
clusters:
  main:
environments:
  prod:
    cluster: main
    namespace: prod
    approvals: {required: 1, approvers: [sre]}
roles:
  developer: {members: ["*"]}
  sre: {members: [U0SAM]}
permissions:
  - {roles: [developer], commands: [deploy], environments: [prod]}
"""


def invocation(channel: str, person: str = "U0DEV") -> Invocation:
    return Invocation(
        "deploy", {"workload": "web"}, "prod", Person(person, "T0"), Place(channel), "/deploy web 2 to prod", 1.0
    )


def plan() -> Plan:
    ref = Ref("main", "prod", "Deployment", "web", "uid-1")
    draft = Draft("web 1 → 2", {}, Patch(ref, (Edit("/spec/template/spec/containers/0/image", "web:1", "web:2"),)), "t")
    return Plan.of("deploy", draft, 1.0, diff=[FieldChange("containers[web].image", "web:1", "web:2")])
