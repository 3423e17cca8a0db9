"""What a rule denies for a workload is denied however it is said: as a preview, and by the name of one of its pods."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from commands.config import Rules, load
from commands.grammar import parse
from commands.invocation import Invocation, Person, Place
from commands.membership import PersonFacts
from commands.queue import Queue, bare
from commands.registry import discover
from commands.store import Question, Store, patient
from tests.harness import workloads
from tests.harness.controlplane import ControlPlane
from tests.harness.redis import RedisServer
from tests.unit.bot.building import CONFIG
from workers.cluster import Cluster
from workers.jobs.context import Context
from workers.jobs.report import report

pytestmark = pytest.mark.control_plane

NOW = 1_800_000_000.0
REGISTRY = discover()
LONG = "payments-reconciliation-with-a-name-that-its-pods-cannot-keep"
"""Longer than the 58 characters that Kubernetes leaves of a name before the five it adds to a pod's."""

Ask = Callable[[str, str], str]


@pytest.fixture(scope="module")
def pods(control_plane: ControlPlane, namespace: str) -> dict[str, str]:
    """One pod of each, by its workload; that of ``pay`` does not bear the label that ``pay`` bears."""
    found = {}
    for name in ("web", "pay", LONG):
        control_plane.apply(workloads.deployment(name, namespace, replicas=1))
        path = f"/apis/apps/v1/namespaces/{namespace}/deployments/{name}"
        control_plane.wait(path, lambda obj: obj.get("status", {}).get("availableReplicas", 0) == 1, 20)
        if name == "pay":
            control_plane.patch(path, {"metadata": {"labels": {"tier": "money"}}})
        every = control_plane.get(f"/api/v1/namespaces/{namespace}/pods")["items"]
        found[name] = next(p["metadata"]["name"] for p in every if p["metadata"]["name"] not in found.values())
    return found


@pytest.fixture
def ask(redis_server: RedisServer, tmp_path: Path, cluster: Cluster, namespace: str) -> Iterator[Ask]:
    """Ask under these permissions, as Dev; the answer's title."""
    client, raw, prefix = patient(redis_server.url), bare(redis_server.url, 2), f"test-{uuid4().hex[:8]}:"
    store = Store(client, prefix)
    store.people.home("T0")
    store.people.put([PersonFacts("U0DEV", "T0", guest=False, bot=False, deleted=False, external=False, at=NOW)])
    path = tmp_path / "quarterdeck.yaml"

    def asked(rules: str, text: str) -> str:
        given = CONFIG.replace("namespace: prod", f"namespace: {namespace}").partition("permissions:")[0]
        path.write_text(f"{given}permissions:\n{rules}")
        config = load(path, registry_names=frozenset(command.name for command in REGISTRY))
        context = Context(Rules(config), REGISTRY, store, Queue(raw, prefix), lambda name: cluster, lambda: NOW)
        said = parse(text, None, REGISTRY, {"prod": "prod"})
        invocation = Invocation(
            said.verb, dict(said.arguments), said.environment, Person("U0DEV", "T0"), Place("C0"), text, NOW
        )
        question = Question(f"re-{uuid4().hex}", invocation, private=True, seconds=60, created=NOW)
        store.reports.ask(question, question.id)
        report(context, question.id)
        answer = store.reports.load(question.id).answer
        assert answer
        return f"{answer.title} {answer.sections}"

    yield asked
    client.delete(*client.keys(f"*{prefix.rstrip(':')}*"))
    client.close()
    raw.close()


ALL = '  - {roles: [developer], commands: ["*"], environments: [prod]}\n'
PAY = ALL + '  - {roles: [developer], commands: ["*"], environments: [prod], workloads: [pay], deny: true}\n'
MONEY = ALL + '  - {roles: [developer], commands: ["*"], environments: [prod], labels: {tier: money}, deny: true}\n'
LENGTHY = ALL + f'  - {{roles: [developer], commands: ["*"], environments: [prod], workloads: [{LONG}], deny: true}}\n'
WEB_ALONE = '  - {roles: [developer], commands: ["*"], environments: [prod], workloads: [web]}\n'


@pytest.mark.parametrize("rules", [PAY, MONEY], ids=["by its name", "by its label"])
@pytest.mark.parametrize(
    "said",
    [
        "diff scale {0} 3 in prod",
        "diff scale deploy/{0} 3 in prod",
        "diff scale {0} min=3 in prod",
        "logs pod/{1} in prod",
    ],
)
def test_what_is_denied_for_a_workload_is_denied_however_it_is_said(
    ask: Ask, pods: dict[str, str], rules: str, said: str
) -> None:
    assert "is denied to the role developer" in ask(rules, said.format("pay", pods["pay"]))
    assert "denied" not in ask(rules, said.format("web", pods["web"]))


def test_a_pod_whose_name_is_cut_is_still_its_workloads(ask: Ask, pods: dict[str, str]) -> None:
    assert not pods[LONG].startswith(f"{LONG}-"), "Kubernetes has cut it"
    assert "is denied to the role developer" in ask(LENGTHY, f"logs pod/{pods[LONG]} in prod")


@pytest.mark.parametrize("said", ["diff scale {0} 3 in prod", "logs pod/{1} in prod"])
def test_what_is_allowed_for_a_workload_is_allowed_however_it_is_said(
    ask: Ask, pods: dict[str, str], said: str
) -> None:
    assert "No rule lets anyone" not in ask(WEB_ALONE, said.format("web", pods["web"]))
    assert "No rule lets anyone" in ask(WEB_ALONE, said.format("pay", pods["pay"]))


@pytest.mark.parametrize("rules", [PAY, MONEY], ids=["by its name", "by its label"])
def test_what_is_denied_is_named_in_no_list_and_no_suggestion(ask: Ask, pods: dict[str, str], rules: str) -> None:
    listed = ask(rules, "status in prod")
    assert "web" in listed
    assert "pay'" not in listed
    assert "`pay`" not in ask(rules, "history pai in prod")
    assert "Did you mean `pay`" in ask(ALL, "history pai in prod")
