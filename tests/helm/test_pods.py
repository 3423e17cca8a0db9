"""What an SRE looks for first: each process holds its own secrets, runs with nothing, and is held to what it needs."""

from __future__ import annotations

from typing import Any

import pytest

from commands.store.address import FILES
from tests.helm.helm import DIGEST, TRIAL, Json, of, pods, rendered

PROCESSES = ("bot", "worker", "watcher")
OWN_KUBECONFIG: Json = {
    "kubeconfigSecret": "kubeconfig",
    "config": {"clusters": {"main": {"kubeconfig": "/etc/quarterdeck/kubeconfig", "context": "prod"}}},
}
FORMS: dict[str, Json] = {
    "socket mode": {},
    "http": {"slack": {"http": True}},
    "own kubeconfig": OWN_KUBECONFIG,
    "private ca": {"redis": {"caSecret": "ca"}},
    "guarded redis": {"redis": {"caSecret": "ca", "clientSecret": "client", "sentinelSecret": "sentinels"}},
    "trial": TRIAL,
    "signed": {"signingKeySecret": "signing"},
}


GUARDED = {("client", "tls.crt"), ("client", "tls.key")} | {
    ("sentinels", name) for name in ("REDIS_SENTINEL_USER", "REDIS_SENTINEL_PASSWORD")
}


def secrets(value: Any) -> set[tuple[str, str]]:
    """Every Secret and key that a spec names, wherever it does so."""
    if isinstance(value, list):
        return set[tuple[str, str]]().union(*map(secrets, value))
    if not isinstance(value, dict):
        return set()
    found = set[tuple[str, str]]().union(*map(secrets, value.values()))
    if ref := value.get("secretKeyRef"):
        found.add((ref["name"], ref["key"]))
    if isinstance(mounted := value.get("secret"), dict):
        found |= {(mounted["name"], item["key"]) for item in mounted["items"]}
    return found


@pytest.mark.parametrize("form", FORMS)
def test_each_process_sees_its_own_secrets_and_no_others(form: str):
    found = {name: secrets(spec) for name, spec in pods(rendered(FORMS[form])).items()}
    common = {("redis", "REDIS_PASSWORD" if form == "trial" else "REDIS_URL")}
    common |= {("ca", "ca.crt")} if form in {"private ca", "guarded redis"} else set()
    common |= GUARDED if form == "guarded redis" else set()
    common |= {("signing", "QUARTERDECK_SIGNING_KEY")} if form == "signed" else set()
    other = "SLACK_SIGNING_SECRET" if form == "http" else "SLACK_APP_TOKEN"
    kubeconfig = {("kubeconfig", "kubeconfig")} if form == "own kubeconfig" else set()
    for prefix in ("", "check-"):
        assert found[f"{prefix}bot"] == {*common, ("slack", "SLACK_BOT_TOKEN"), ("slack", other)}
        assert found[f"{prefix}worker"] == found[f"{prefix}watcher"] == common | kubeconfig


def test_where_redis_is_and_who_may_come_is_told_by_the_names_that_processes_read():
    for name, spec in pods(rendered(FORMS["guarded redis"])).items():
        [container] = spec["containers"]
        told = {env["name"]: env.get("value") for env in container["env"] if env["name"].startswith("REDIS_")}
        assert set(told) == {"REDIS_URL", *FILES, "REDIS_SENTINEL_USER", "REDIS_SENTINEL_PASSWORD"}, name
        [volume] = [v for v in spec["volumes"] if v["name"] == "quarterdeck"]
        items = [
            item["path"]
            for source in volume["projected"]["sources"]
            for item in source.get("secret", {}).get("items", ())
        ]
        assert {told[file] for file in FILES} <= {f"/etc/quarterdeck/{item}" for item in items}, name


@pytest.mark.parametrize("form", FORMS)
def test_only_who_reaches_this_cluster_by_its_account_has_a_token(form: str):
    objects = rendered(FORMS[form])
    mounted = {name: spec["automountServiceAccountToken"] for name, spec in pods(objects).items()}
    of_this_cluster = form != "own kubeconfig"
    assert not mounted["bot"]
    assert not mounted["check-bot"]
    assert {mounted[f"{prefix}{p}"] for prefix in ("", "check-") for p in ("worker", "watcher")} == {of_this_cluster}
    assert not any(o["automountServiceAccountToken"] for o in objects if o["kind"] == "ServiceAccount")
    assert any(o["kind"] == "Role" for o in objects) == of_this_cluster


@pytest.mark.parametrize("form", FORMS)
def test_every_container_is_held_by_a_digest_and_can_write_nowhere(form: str):
    for name, spec in pods(rendered(FORMS[form])).items():
        [container] = spec["containers"]
        assert container["image"].endswith(f"@{DIGEST}"), name
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]},
        }, name  # fmt: skip
        assert spec["securityContext"]["runAsNonRoot"]
        assert container["resources"]["limits"]["memory"]
        assert container["resources"]["requests"]["cpu"]
        assert not any("hostPath" in volume for volume in spec.get("volumes", ()))
        assert "command" not in container, name


def test_what_runs_is_the_programs_own_words():
    found = {name: spec["containers"][0]["args"] for name, spec in pods(rendered({"slack": {"http": True}})).items()}
    log = ["--log-format", "json", "--log-level", "info"]
    health = ["--health", "0.0.0.0:8080"]
    assert found["bot"] == [*log, "bot", *health, "--http", "0.0.0.0:3000"]
    for process in ("worker", "watcher"):
        assert found[process] == [*log, process, *health]
    for process in PROCESSES:
        assert found[f"check-{process}"] == [*log, "check", "--as", process]


def test_a_change_of_the_configuration_rolls_the_pods_and_nothing_else_does():
    def stamp(**over: Any) -> set[str]:
        deployments = [o for o in rendered(over) if o["kind"] == "Deployment"]
        return {o["spec"]["template"]["metadata"]["annotations"]["quarterdeck/config"] for o in deployments}

    assert stamp() == stamp(networkPolicy={"enabled": False})
    assert not stamp() & stamp(config={"slack": {"command_prefix": "qd-"}})


def test_rights_stay_in_the_namespaces_that_are_named_unless_asked_otherwise():
    kinds = {o["kind"] for o in rendered() if "Role" in o["kind"]}
    assert kinds == {"Role", "RoleBinding"}
    wide = [o for o in rendered({"rbac": {"clusterWide": True}}) if "Role" in o["kind"]]
    assert {o["kind"] for o in wide} == {"ClusterRole", "ClusterRoleBinding"}
    assert len(wide) == 4
    assert not [o for o in rendered({"rbac": {"create": False}}) if "Role" in o["kind"]]


@pytest.mark.parametrize("over", [{}, {"rbac": {"clusterWide": True}}])
def test_no_role_reads_secrets_or_acts_for_others(over: Json):
    for role in (o for o in rendered(over) if o["kind"] in {"Role", "ClusterRole"}):
        for rule in role["rules"]:
            assert not {"secrets", "configmaps", "users", "groups", "serviceaccounts", "*"} & set(rule["resources"])
            assert set(rule["verbs"]) <= {"get", "list", "watch", "patch", "delete"}
            if "delete" in rule["verbs"]:  # what blocks an ordered StatefulSet's way back
                assert (rule["resources"], role["metadata"]["name"][-6:]) == (["pods"], "worker")
            if role["metadata"]["name"].endswith("watcher"):
                assert "patch" not in rule["verbs"]


def test_the_worker_acts_only_as_whom_it_is_named_and_only_where_asked():
    people = {"users": ["slack:U0SAM"], "groups": ["quarterdeck:sre"]}
    [role] = [o for o in rendered({"rbac": {"impersonate": people}}) if o["kind"] == "ClusterRole"]
    assert {rule["resources"][0]: rule["resourceNames"] for rule in role["rules"]} == people
    assert all(rule["verbs"] == ["impersonate"] and len(rule["resources"]) == 1 for rule in role["rules"])
    [users] = next(
        o for o in rendered({"rbac": {"impersonate": {"users": ["slack:U0SAM"]}}}) if o["kind"] == "ClusterRole"
    )["rules"]
    assert users["resources"] == ["users"]
    assert not [o for o in rendered() if o["kind"].startswith("ClusterRole")]
    assert not [o for o in rendered({"rbac": {"create": False, "impersonate": people}}) if "Role" in o["kind"]]


def test_the_bot_is_in_no_binding():
    bound = [s["name"] for o in rendered() if o["kind"].endswith("Binding") for s in o["subjects"]]
    assert set(bound) == {"quarterdeck-worker", "quarterdeck-watcher"}


class TestTheNetwork:
    def test_the_bot_reaches_slack_on_the_internet_and_no_address_of_the_cluster(self):
        [egress] = of(rendered(), "NetworkPolicy", "bot")["spec"]["egress"]
        assert egress["ports"] == [{"port": 443}]
        assert all("10.0.0.0/8" in p["ipBlock"]["except"] for p in egress["to"] if p["ipBlock"]["cidr"] == "0.0.0.0/0")

    def test_with_a_proxy_it_reaches_that_alone(self):
        peer = {"ipBlock": {"cidr": "10.1.2.3/32"}}
        over = {"slack": {"proxy": "http://proxy.test:3128"}, "networkPolicy": {"proxy": [peer]}}
        objects = rendered(over)
        [egress] = of(objects, "NetworkPolicy", "bot")["spec"]["egress"]
        assert egress == {"to": [peer], "ports": [{"port": 3128}]}
        proxied = [
            n for n, s in pods(objects).items() if any(e["name"] == "HTTPS_PROXY" for e in s["containers"][0]["env"])
        ]
        assert sorted(proxied) == ["bot", "check-bot"]

    def test_nobody_comes_in_unless_named(self):
        assert not [o for o in rendered() if o["kind"] == "NetworkPolicy" and o["spec"].get("ingress")]
        peer = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "ingress"}}}
        objects = rendered({"slack": {"http": True}, "networkPolicy": {"http": [peer], "metrics": [peer]}})
        assert of(objects, "NetworkPolicy", "bot")["spec"]["ingress"] == [{"from": [peer], "ports": [{"port": "http"}]}]
        assert of(objects, "NetworkPolicy")["spec"]["ingress"] == [{"from": [peer], "ports": [{"port": "health"}]}]

    def test_every_pod_is_denied_what_is_not_allowed(self):
        objects = rendered(TRIAL)
        denied = [
            o["spec"]["podSelector"]
            for o in objects
            if o["kind"] == "NetworkPolicy" and "Ingress" in o["spec"]["policyTypes"]
        ]
        for component in pods(objects):
            assert any(_selects(selector, component) for selector in denied), component


def _selects(selector: Json, component: str) -> bool:
    key = "app.kubernetes.io/component"
    if selector["matchLabels"].get(key, component) != component:
        return False
    rules = selector.get("matchExpressions", ())
    return all((component in rule["values"]) == (rule["operator"] == "In") for rule in rules)
