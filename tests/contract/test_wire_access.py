"""Who may do what: roles and bindings, impersonation, and the questions about them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.conftest import Cluster, Kubectl
from tests.contract.raw import Answer, Client
from tests.harness.api import ApiError
from tests.harness.processes import wait_until

Json = dict[str, Any]
RBAC = "/apis/rbac.authorization.k8s.io/v1"
REVIEWS = "/apis/authorization.k8s.io/v1"
WHO = "/apis/authentication.k8s.io/v1/selfsubjectreviews"
SECONDS = 5


@pytest.fixture
def powerless(cluster: Cluster) -> Iterator[Client]:
    made = Client(cluster, "powerless")
    yield made
    made.close()


@pytest.fixture
def admin(cluster: Cluster) -> Iterator[Client]:
    made = Client(cluster)
    yield made
    made.close()


def rule(verbs: str, resources: str, group: str = "", *names: str) -> Json:
    named = {"resourceNames": list(names)} if names else {}
    return {"verbs": verbs.split(), "apiGroups": [group], "resources": resources.split(), **named}


def bind(cluster: Cluster, namespace: str, role: str, subject: Json, *, cluster_role: bool = False) -> None:
    """Not waiting until it is in force."""
    kind = "ClusterRole" if cluster_role else "Role"
    ref = {"apiGroup": "rbac.authorization.k8s.io", "kind": kind, "name": role}
    binding = {"metadata": {"generateName": "test-"}, "roleRef": ref, "subjects": [subject]}
    cluster.api.request("POST", f"{RBAC}/namespaces/{namespace}/rolebindings", binding)


def review(cluster: Cluster, who: Json, **attributes: str) -> Json:
    spec = {"resourceAttributes": attributes, **who}
    answer = cluster.api.request("POST", f"{REVIEWS}/subjectaccessreviews", {"spec": spec})
    status: Json = answer["status"]
    return status


def acting(admin: Client, path: str, user: str, *groups: str) -> Answer:
    headers = {"Impersonate-User": user, **({"Impersonate-Group": groups[0]} if groups else {})}
    return admin.ask("GET", path, None, headers)


def test_a_rule_allows_what_it_names_and_no_more(cluster: Cluster, namespace: str, powerless: Client):
    cluster.grant("powerless", namespace, [rule("get list", "configmaps"), rule("patch", "deployments/scale", "apps")])
    maps = f"/api/v1/namespaces/{namespace}/configmaps"
    deployments = f"/apis/apps/v1/namespaces/{namespace}/deployments"
    merge = {"Content-Type": "application/merge-patch+json"}
    assert powerless.ask("GET", maps).code == 200
    assert powerless.ask("GET", f"{maps}/missing").code == 404
    assert powerless.ask("GET", f"{maps}?watch=true").code == 403
    assert powerless.ask("POST", maps, {}).code == 403
    assert powerless.ask("PATCH", f"{deployments}/web/scale", {}, merge).code == 404
    assert powerless.ask("PATCH", f"{deployments}/web", {}, merge).code == 403
    assert powerless.ask("GET", "/api/v1/namespaces/default/configmaps").code == 403


def test_resource_names_wildcards_and_subresources(cluster: Cluster, namespace: str):
    rules = [
        rule("get", "secrets", "", "mine"),
        rule("*", "jobs", "batch"),
        rule("get", "*/log"),
        rule("list", "*", "apps"),
    ]
    cluster.grant("quarterdeck", namespace, rules)
    who = {"user": "quarterdeck"}

    def may(verb: str, resource: str, group: str = "", **more: str) -> bool:
        answer = review(cluster, who, namespace=namespace, verb=verb, resource=resource, group=group, **more)
        return bool(answer["allowed"])

    assert may("get", "secrets", name="mine")
    assert not may("get", "secrets", name="other")
    assert not may("get", "secrets")
    assert may("deletecollection", "jobs", "batch")
    assert not may("get", "jobs")
    assert may("get", "pods", subresource="log")
    assert not may("get", "pods", subresource="exec")
    assert may("list", "deployments", "apps")
    assert not may("watch", "deployments", "apps")


def test_a_review_says_by_which_binding(cluster: Cluster, namespace: str):
    cluster.grant("quarterdeck", namespace, [rule("get", "pods")])
    answer = review(cluster, {"user": "quarterdeck"}, namespace=namespace, verb="get", resource="pods")
    name = "harness:User:quarterdeck"
    reason = f'RBAC: allowed by RoleBinding "{name}/{namespace}" of Role "{name}" to User "quarterdeck"'
    assert answer == {"allowed": True, "reason": reason}


def test_a_binding_to_a_role_that_is_not_there(cluster: Cluster, namespace: str, admin: Client):
    bind(cluster, namespace, "ghost", {"kind": "User", "name": "boo"})
    path = f"/api/v1/namespaces/{namespace}/pods"
    said = f'pods is forbidden: User "boo" cannot list resource "pods" in API group "" in the namespace "{namespace}"'
    missing = ': rbac: RBAC: role.rbac.authorization.k8s.io "ghost" not found'
    wait_until(lambda: acting(admin, path, "boo").body["message"] == said + missing, SECONDS)


def test_groups_and_service_accounts_are_subjects(cluster: Cluster, namespace: str, admin: Client):
    path = f"/api/v1/namespaces/{namespace}/pods"
    cluster.grant("readers", namespace, [rule("list", "pods")], kind="Group")
    assert acting(admin, path, "anyone", "readers").code == 200
    assert acting(admin, path, "anyone").code == 403
    bind(
        cluster,
        namespace,
        "harness:Group:readers",
        {"kind": "ServiceAccount", "name": "default", "namespace": namespace},
    )
    account = f"system:serviceaccount:{namespace}:default"
    wait_until(lambda: acting(admin, path, account).code == 200, SECONDS)


@pytest.mark.parametrize(
    ("role", "verb", "resource", "group", "allowed"),
    [
        ("view", "list", "deployments", "apps", True),
        ("view", "patch", "deployments", "apps", False),
        ("view", "get", "secrets", "", False),
        ("edit", "patch", "deployments", "apps", True),
        ("edit", "list", "deployments", "apps", True),
        ("edit", "get", "secrets", "", True),
        ("edit", "create", "rolebindings", "rbac.authorization.k8s.io", False),
        ("admin", "create", "rolebindings", "rbac.authorization.k8s.io", True),
        ("admin", "list", "pods", "", True),
        ("admin", "update", "resourcequotas", "", False),
        ("cluster-admin", "update", "resourcequotas", "", True),
    ],
)
def test_the_usual_roles(
    cluster: Cluster, namespace: str, role: str, verb: str, resource: str, group: str, *, allowed: bool
):
    user = f"{role}-user"
    bind(cluster, namespace, role, {"kind": "User", "name": user}, cluster_role=True)

    def may(verb: str, resource: str, group: str) -> bool:
        return bool(
            review(cluster, {"user": user}, namespace=namespace, verb=verb, resource=resource, group=group)["allowed"]
        )

    wait_until(lambda: may("get", "configmaps", ""), SECONDS)
    assert may(verb, resource, group) == allowed


def test_who_one_is(cluster: Cluster, admin: Client, powerless: Client):
    def user(client: Client, **headers: str) -> Json:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        found: Json = client.ask("POST", WHO, {}, named).body["status"]["userInfo"]
        return found

    assert user(admin) == {"username": "admin", "uid": "admin", "groups": ["system:masters", "system:authenticated"]}
    assert user(powerless)["username"] == "powerless"
    assert user(admin, Impersonate_User="bob", Impersonate_Group="g") == {
        "username": "bob", "groups": ["g", "system:authenticated"],
    }  # fmt: skip
    account = {
        "username": "system:serviceaccount:a:b",
        "groups": ["system:serviceaccounts", "system:serviceaccounts:a", "system:authenticated"],
    }
    assert user(admin, Impersonate_User="system:serviceaccount:a:b") == account
    extra = user(admin, Impersonate_User="bob", Impersonate_Extra_Scopes="x", Impersonate_Uid="7")
    assert extra == {"username": "bob", "uid": "7", "groups": ["system:authenticated"], "extra": {"scopes": ["x"]}}


def test_impersonation_needs_each_permission(cluster: Cluster, namespace: str, powerless: Client):
    rules = [rule("impersonate", "users", "", "bob"), rule("impersonate", "groups", "", "g")]
    cluster.grant("powerless", None, rules)
    path = f"/api/v1/namespaces/{namespace}/pods"

    def asked(user: str, *groups: str) -> str:
        message: str = acting(powerless, path, user, *groups).body["message"]
        return message

    refused = f'cannot list resource "pods" in API group "" in the namespace "{namespace}"'
    assert asked("bob") == f'pods is forbidden: User "bob" {refused}'
    assert asked("bob", "g") == f'pods is forbidden: User "bob" {refused}'
    plain = 'is forbidden: User "powerless" cannot impersonate resource'
    assert asked("carl") == f'users "carl" {plain} "users" in API group "" at the cluster scope'
    assert asked("bob", "h") == f'groups "h" {plain} "groups" in API group "" at the cluster scope'
    assert asked(f"system:serviceaccount:{namespace}:default") == (
        f'serviceaccounts "default" {plain} "serviceaccounts" in API group "" in the namespace "{namespace}"'
    )


def test_kubectl_can_ask(cluster: Cluster, namespace: str, kubectl: Kubectl):
    cluster.grant("powerless", namespace, [rule("get list", "deployments", "apps")])
    assert kubectl("auth", "can-i", "list", "deployments", user="powerless") == (0, "yes\n", "")
    assert kubectl("auth", "can-i", "delete", "deployments.apps", user="powerless")[:2] == (1, "no\n")
    code, listed, _ = kubectl("auth", "can-i", "--list", user="powerless")
    lines = [line.split() for line in listed.splitlines()]
    assert code == 0
    assert ["deployments.apps", "[]", "[]", "[get", "list]"] in lines
    assert ["[/version]", "[]", "[get]"] in lines
    assert "Username" in kubectl("auth", "whoami", user="powerless")[1]


def test_a_service_account_acts_by_its_token(cluster: Cluster, namespace: str, kubectl: Kubectl):
    code, token, _ = kubectl("create", "token", "default")
    assert code == 0
    told = kubectl(
        "auth", "whoami", "-o", "jsonpath={.status.userInfo.username}", "--token", token.strip(), user="powerless"
    )
    assert told == (0, f"system:serviceaccount:{namespace}:default", "")


def test_tokens_are_for_service_accounts_that_exist(cluster: Cluster, namespace: str):
    with pytest.raises(ApiError) as refused:
        cluster.api.request("POST", f"/api/v1/namespaces/{namespace}/serviceaccounts/missing/token", {"spec": {}})
    assert refused.value.status["message"] == 'serviceaccounts "missing" not found'
