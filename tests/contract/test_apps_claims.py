"""What becomes of a StatefulSet's claims when it shrinks or goes, by its retention policy."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.conftest import Cluster
from tests.harness.processes import wait_until

Json = dict[str, Any]
SECONDS = 15


class Claimed:
    """The set ``db`` of two pods that claim a volume nobody provides: what happens does not need them to run."""

    def __init__(self, cluster: Cluster, namespace: str, *, deleted: str, scaled: str) -> None:
        self._cluster = cluster
        self._sets = f"/apis/apps/v1/namespaces/{namespace}/statefulsets"
        self._claims = f"/api/v1/namespaces/{namespace}/persistentvolumeclaims"
        labels = {"app": "db"}
        claim = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
        spec = {
            "replicas": 2, "serviceName": "db", "podManagementPolicy": "Parallel", "selector": {"matchLabels": labels},
            "persistentVolumeClaimRetentionPolicy": {"whenDeleted": deleted, "whenScaled": scaled},
            "template": {
                "metadata": {"labels": labels}, "spec": {"containers": [{"name": "db", "image": "registry.test/db:v1"}]},
            },
            "volumeClaimTemplates": [{"metadata": {"name": "data"}, "spec": {**claim, "storageClassName": "none"}}],
        }  # fmt: skip
        cluster.api.request("POST", self._sets, {"metadata": {"name": "db"}, "spec": spec})
        self.become("data-db-0", "data-db-1")

    def change(self, spec: Json) -> None:
        self._cluster.patch(f"{self._sets}/db", {"spec": spec})

    def delete(self) -> None:
        self._cluster.api.request("DELETE", f"{self._sets}/db", {"propagationPolicy": "Background"})

    def become(self, *names: str) -> None:
        wait_until(lambda: sorted(self.owners()) == list(names), SECONDS)

    def owners(self) -> dict[str, list[Json]]:
        """By claim, without their uids."""
        items = self._cluster.api.request("GET", self._claims)["items"]
        named = [(one["metadata"]["name"], one["metadata"].get("ownerReferences", [])) for one in items]
        return {name: [{k: v for k, v in ref.items() if k != "uid"} for ref in refs] for name, refs in named}


SET = {"apiVersion": "apps/v1", "kind": "StatefulSet", "name": "db", "controller": True, "blockOwnerDeletion": True}


@pytest.mark.parametrize("deleted", ["Retain", "Delete"])
@pytest.mark.parametrize("scaled", ["Retain", "Delete"])
def test_claims_stay_or_go_with_the_pod_and_the_set(cluster: Cluster, namespace: str, deleted: str, scaled: str):
    claimed = Claimed(cluster, namespace, deleted=deleted, scaled=scaled)
    owners = [SET] if deleted == "Delete" else []
    wait_until(lambda: claimed.owners() == {"data-db-0": owners, "data-db-1": owners}, SECONDS)
    claimed.change({"replicas": 1})
    left = ["data-db-0"] if scaled == "Delete" else ["data-db-0", "data-db-1"]
    claimed.become(*left)
    claimed.delete()
    claimed.become(*([] if deleted == "Delete" else left))


def test_a_changed_policy_holds_for_the_claims_that_are_there(cluster: Cluster, namespace: str):
    claimed = Claimed(cluster, namespace, deleted="Retain", scaled="Retain")
    for when, owners in (("Delete", [SET]), ("Retain", [])):
        claimed.change({"persistentVolumeClaimRetentionPolicy": {"whenDeleted": when}})
        wait_until(lambda: claimed.owners() == {"data-db-0": owners, "data-db-1": owners}, SECONDS)  # noqa: B023
