"""What tests do to a cluster and read from it, through the harness's own client."""

import itertools
from collections.abc import Callable, Mapping, Sequence

from tests.harness import waiting
from tests.harness.api import APPLY_PATCH, JSON_PATCH, MERGE_PATCH, Api, Json
from tests.harness.processes import wait_until

_SECONDS = 45.0
"""Within which whatever is waited for has happened, on a machine that is busy too."""


class Cluster:
    """Objects by path (`/apis/apps/v1/namespaces/shop/deployments/web`) or as whole dicts."""

    def __init__(self, api: Api) -> None:
        """`api` is an administrator's client."""
        self.api = api
        self._plurals: dict[str, dict[str, Json]] = {}
        self._numbers = itertools.count(1)

    def namespace(self, name: str | None = None) -> str:
        """Create a namespace and wait until pods can be created in it. Without a name: a new one. Returns its name."""
        name = name or f"test-{next(self._numbers)}"
        self.api.request("POST", "/api/v1/namespaces", {"metadata": {"name": name}})
        self.wait(f"/api/v1/namespaces/{name}/serviceaccounts/default", lambda _: True)
        return name

    def apply(self, obj: Json) -> Json:
        """Create or change an object by server-side apply, as field manager `harness`. Returns it as stored."""
        query = {"fieldManager": "harness", "force": "true"}
        return self.api.request("PATCH", self.path_of(obj), obj, content_type=APPLY_PATCH, query=query)

    def get(self, path: str) -> Json:
        """Read an object or a collection."""
        return self.api.request("GET", path)

    def patch(self, path: str, patch: Json | Sequence[Json], *, query: Mapping[str, str] | None = None) -> Json:
        """Change an object: a dict is a merge patch, a list a JSON patch."""
        content_type = MERGE_PATCH if isinstance(patch, dict) else JSON_PATCH
        return self.api.request("PATCH", path, patch, content_type=content_type, query=query)

    def delete(self, path: str) -> Json:
        """Delete an object; its dependents follow in the background."""
        return self.api.request("DELETE", path, query={"propagationPolicy": "Background"})

    def wait(self, path: str, predicate: Callable[[Json], bool], timeout: float = _SECONDS) -> Json:
        """Watch the object until it exists and `predicate` holds; returns it. Raises TimeoutError that shows it."""
        return waiting.wait_object(self.api, path, predicate, timeout)

    def wait_items(self, path: str, predicate: Callable[[list[Json]], bool], timeout: float = _SECONDS) -> list[Json]:
        """Watch a collection (may carry a labelSelector) until `predicate` holds for its items; returns them."""
        return waiting.wait_items(self.api, path, predicate, timeout)

    def wait_gone(self, path: str, timeout: float = _SECONDS) -> None:
        """Watch until there is no such object."""
        waiting.wait_gone(self.api, path, timeout)

    def log(self, namespace: str, pod: str, container: str, *, previous: bool = False) -> str:
        """Read a container's log as the API server serves it."""
        query = {"container": container, **({"previous": "true"} if previous else {})}
        return self.api.raw("GET", f"/api/v1/namespaces/{namespace}/pods/{pod}/log", query=query).decode()

    def path_of(self, obj: Json) -> str:
        """Return the path of an object, asking the API server what its kind is called in paths."""
        group = obj["apiVersion"]
        root = f"/apis/{group}" if "/" in group else f"/api/{group}"
        resource = self._resource(root, obj["kind"])
        meta = obj["metadata"]
        scope = f"/namespaces/{meta['namespace']}" if resource["namespaced"] else ""
        return f"{root}{scope}/{resource['name']}/{meta['name']}"

    def grant(self, user: str, namespace: str | None, rules: Sequence[Json], *, kind: str = "User") -> None:
        """Allow a user (or kind="Group") exactly these RBAC rules in a namespace, or with None in the whole cluster.

        Returns when the API server acts by them. A second grant to the same subject there replaces the first.
        """
        scope = "Cluster" if namespace is None else ""
        meta = {"name": f"harness:{kind}:{user}", **({"namespace": namespace} if namespace else {})}
        rbac = {"apiVersion": "rbac.authorization.k8s.io/v1", "metadata": meta}
        role = {"apiGroup": "rbac.authorization.k8s.io", "kind": f"{scope}Role", "name": meta["name"]}
        subject = {"apiGroup": "rbac.authorization.k8s.io", "kind": kind, "name": user}
        self.apply({**rbac, "kind": f"{scope}Role", "rules": list(rules)})
        self.apply({**rbac, "kind": f"{scope}RoleBinding", "roleRef": role, "subjects": [subject]})
        wait_until(lambda: all(self._allowed(subject, namespace, rule) for rule in rules), _SECONDS)

    def _allowed(self, subject: Json, namespace: str | None, rule: Json) -> bool:
        """Whether the rule's first permission is in force: RBAC reaches the authorizer a moment after its objects."""
        if "resources" not in rule:
            return True
        resource, _, subresource = rule["resources"][0].partition("/")
        attributes = {
            "namespace": namespace or "",
            "verb": rule["verbs"][0],
            "group": rule["apiGroups"][0],
            "resource": resource,
            "subresource": subresource,
            "name": rule.get("resourceNames", [""])[0],
        }
        who = {"groups": [subject["name"]]} if subject["kind"] == "Group" else {"user": subject["name"]}
        review = {"spec": {"resourceAttributes": attributes, **who}}
        answer = self.api.request("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", review)
        return bool(answer["status"]["allowed"])

    def _resource(self, root: str, kind: str) -> Json:
        if kind not in self._plurals.get(root, {}):
            listed = self.get(root)["resources"]
            self._plurals[root] = {item["kind"]: item for item in listed if "/" not in item["name"]}
        return self._plurals[root][kind]
