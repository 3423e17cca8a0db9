"""Nobody grants by RBAC what they do not hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.conftest import Cluster
from tests.contract.raw import Answer, Client
from tests.harness.processes import wait_until

Json = dict[str, Any]
RBAC = "/apis/rbac.authorization.k8s.io/v1"
GROUP = "rbac.authorization.k8s.io"
WRITES = ["get", "create", "update", "patch"]
ALL_KINDS = ["roles", "rolebindings", "clusterroles", "clusterrolebindings"]
MERGE, APPLY = "application/merge-patch+json", "application/apply-patch+yaml"


class Writer:
    """Acts as somebody who may write roles and bindings, and holds little else; in one namespace unless told otherwise."""

    def __init__(self, client: Client, namespace: str) -> None:
        self.name, self.namespace = f"writer-{namespace}", namespace
        self.heads = {"Impersonate-User": self.name}
        self._client = client

    def __call__(self, method: str, where: str, body: Json, type: str = "application/json") -> Answer:
        root = RBAC if where.startswith("cluster") else f"{RBAC}/namespaces/{self.namespace}"
        return self._client.ask(method, f"{root}/{where}", body, {**self.heads, "Content-Type": type})

    def refusal(self, resource: str, name: str, *lines: str) -> str:
        who = f'user "{self.name}" (groups=["system:authenticated"])'
        said = f"{who} is attempting to grant RBAC permissions not currently held:"
        return "\n".join([f'{resource}.{GROUP} "{name}" is forbidden: {said}', *lines])


@pytest.fixture
def writer(cluster: Cluster, namespace: str) -> Iterator[Writer]:
    client = Client(cluster)
    made = Writer(client, namespace)
    own = [
        rule(WRITES, ALL_KINDS, GROUP),
        rule(["get", "list"], ["pods"]),
        rule(["get"], ["secrets"], "", "mine"),
        {"verbs": ["get"], "nonResourceURLs": ["/own/*"]},
    ]
    cluster.grant(made.name, None, own)
    wait_until(lambda: made("GET", "roles/none", {}).code == 404, 5)
    yield made
    client.close()


def rule(verbs: list[str], resources: list[str], group: str = "", *names: str) -> Json:
    named = {"resourceNames": list(names)} if names else {}
    return {"verbs": verbs, "apiGroups": [group], "resources": resources, **named}


def role(name: str, *rules: Json) -> Json:
    return {"apiVersion": f"{GROUP}/v1", "kind": "Role", "metadata": {"name": name}, "rules": list(rules)}


def binding(name: str, kind: str, to: str) -> Json:
    subject = {"apiGroup": GROUP, "kind": "User", "name": "me"}
    return {"metadata": {"name": name}, "roleRef": {"apiGroup": GROUP, "kind": kind, "name": to}, "subjects": [subject]}


def test_a_role_gives_what_its_writer_holds_and_no_more(writer: Writer):
    held = role("held", rule(["list", "get"], ["pods"], "", "one"), rule(["get"], ["secrets"], "", "mine"))
    assert writer("POST", "roles", held).code == 201
    more = [
        rule(["get", "get"], ["secrets", "pods"], "", "mine", "other"),
        rule(["get", "watch"], ["pods", "pods/log"]),
        rule(["*"], ["*"], "*"),
    ]
    answer = writer("POST", "roles", role("more", *more))
    assert answer.code == 403
    assert answer.body["details"] == {"name": "more", "group": GROUP, "kind": "roles"}
    assert answer.body["message"] == writer.refusal(
        "roles",
        "more",
        '{APIGroups:[""], Resources:["pods"], Verbs:["watch"]}',
        '{APIGroups:[""], Resources:["pods/log"], Verbs:["get" "watch"]}',
        '{APIGroups:[""], Resources:["secrets"], ResourceNames:["other"], Verbs:["get" "get"]}',
        '{APIGroups:["*"], Resources:["*"], Verbs:["*"]}',
    )


def test_so_do_its_changes_in_every_way_of_writing(writer: Writer):
    assert writer("POST", "roles", role("grown", rule(["get"], ["pods"]))).code == 201
    grown = role("grown", rule(["get", "delete"], ["pods"]))
    refused = writer.refusal("roles", "grown", '{APIGroups:[""], Resources:["pods"], Verbs:["delete"]}')
    ways = [("PUT", ""), ("PUT", "dryRun=All"), ("PATCH", "fieldManager=me&force=true")]
    for method, query in ways:
        answer = writer(method, f"roles/grown?{query}", grown, APPLY if method == "PATCH" else "application/json")
        assert answer.body["message"] == refused
    assert writer("PATCH", "roles/grown", {"rules": grown["rules"]}, MERGE).body["message"] == refused
    fresh = {**grown, "metadata": {"name": "fresh"}}
    assert writer("PATCH", "roles/fresh?fieldManager=me", fresh, APPLY).code == 403
    assert writer("PATCH", "roles/grown", {"metadata": {"labels": {"a": "b"}}}, MERGE).code == 200


def test_it_is_looked_at_before_what_else_is_wrong(writer: Writer):
    wrong = role("wrong", rule([], ["secrets"]), rule(["get"], ["secrets"]))
    answer = writer("POST", "roles", wrong)
    assert answer.body["message"] == writer.refusal(
        "roles", "wrong", '{APIGroups:[""], Resources:["secrets"], Verbs:["get"]}'
    )
    assert writer("POST", "roles", role("wrong", rule([], ["secrets"]))).code == 422
    generated = {"metadata": {"generateName": "gen-"}, "rules": [rule(["get"], ["secrets"])]}
    assert writer("POST", "roles", generated).body["message"].startswith(f"roles.{GROUP} is forbidden: user")


def test_paths_and_aggregation_of_cluster_roles(writer: Writer):
    paths = {"verbs": ["get", "post"], "nonResourceURLs": ["/own/x", "/other"]}
    name = f"cr-{writer.namespace}"
    answer = writer("POST", "clusterroles", {"metadata": {"name": name}, "rules": [paths]})
    assert answer.body["message"] == writer.refusal(
        "clusterroles",
        name,
        '{NonResourceURLs:["/other"], Verbs:["get"]}',
        '{NonResourceURLs:["/other"], Verbs:["post"]}',
        '{NonResourceURLs:["/own/x"], Verbs:["post"]}',
    )
    gathering = {"clusterRoleSelectors": [{"matchLabels": {"a": "b"}}]}
    answer = writer("POST", "clusterroles", {"metadata": {"name": name}, "aggregationRule": gathering})
    said = "must have cluster-admin privileges to use the aggregationRule"
    assert answer.body["message"] == f'clusterroles.{GROUP} "{name}" is forbidden: {said}'


def test_a_binding_gives_what_its_writer_holds_and_no_more(writer: Writer, cluster: Cluster):
    roles = f"{RBAC}/namespaces/{writer.namespace}/roles"
    cluster.api.request("POST", roles, role("reads", rule(["get"], ["pods"])))
    cluster.api.request("POST", roles, role("deletes", rule(["delete"], ["pods"])))
    assert writer("POST", "rolebindings", binding("ok", "Role", "reads")).code == 201
    answer = writer("POST", "rolebindings", binding("no", "Role", "deletes"))
    assert answer.body["message"] == writer.refusal(
        "rolebindings", "no", '{APIGroups:[""], Resources:["pods"], Verbs:["delete"]}'
    )
    everything = binding(f"all-{writer.namespace}", "ClusterRole", "cluster-admin")
    answer = writer("POST", "clusterrolebindings", everything)
    assert answer.body["message"] == writer.refusal(
        "clusterrolebindings",
        everything["metadata"]["name"],
        '{APIGroups:["*"], Resources:["*"], Verbs:["*"]}',
        '{NonResourceURLs:["*"], Verbs:["*"]}',
    )
    missing = writer("POST", "rolebindings", binding("no", "Role", "missing"))
    assert (missing.code, missing.body["message"]) == (404, f'rolebindings.{GROUP} "missing" not found')
    unknown = writer("POST", "rolebindings", binding("no", "Other", "missing"))
    assert (unknown.code, unknown.body["message"]) == (500, 'unsupported role reference kind: "Other"')


def test_owners_and_finalizers_may_change_whatever_is_granted(writer: Writer, cluster: Cluster):
    rich = role("rich", rule(["delete"], ["pods"]))
    cluster.api.request("POST", f"{RBAC}/namespaces/{writer.namespace}/roles", rich)
    labelled = writer("PATCH", "roles/rich", {"metadata": {"labels": {"a": "b"}}}, MERGE)
    assert labelled.code == 403
    for finalizers in (["example.com/hold"], None):
        assert writer("PATCH", "roles/rich", {"metadata": {"finalizers": finalizers}}, MERGE).code == 200


def test_who_may_escalate_or_bind(writer: Writer, cluster: Cluster):
    own = [
        rule(WRITES, ALL_KINDS, GROUP),
        rule(["escalate"], ["roles"], GROUP, "named"),
        rule(["bind"], ["clusterroles"], GROUP, "edit"),
    ]
    cluster.grant(writer.name, writer.namespace, own)
    deletes = rule(["delete"], ["pods"])
    wait_until(lambda: writer("POST", "rolebindings", binding("edit", "ClusterRole", "edit")).code in {201, 409}, 5)
    everywhere = binding(f"edit-{writer.namespace}", "ClusterRole", "edit")
    assert writer("POST", "clusterrolebindings", everywhere).code == 403
    # A post has no name in its path, so that a right for one name does not help there.
    assert writer("POST", "roles", role("named", deletes)).code == 403
    assert writer("PATCH", "roles/named?fieldManager=me", role("named", deletes), APPLY).code == 201
    assert writer("PATCH", "roles/other?fieldManager=me", role("other", deletes), APPLY).code == 403
