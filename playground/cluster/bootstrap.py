"""What a new cluster holds before anybody asked for anything: namespaces, roles, nodes, and the way to its own API."""

from __future__ import annotations

from playground.cluster.access import default_roles
from playground.cluster.verbs import Verbs

NAMESPACES = ("default", "kube-node-lease", "kube-public", "kube-system")


def fill(verbs: Verbs, nodes: int) -> None:
    for name in NAMESPACES:
        verbs.create(verbs.kind("Namespace"), {"metadata": {"name": name}})
    for role in default_roles.roles():
        verbs.create(verbs.kind("ClusterRole"), role)
    for binding in default_roles.bindings():
        verbs.create(verbs.kind("ClusterRoleBinding"), binding)
    if "nodes" in verbs.kinds:
        for number in range(1, nodes + 1):
            name = f"node-{number}"
            labels = {"kubernetes.io/hostname": name, "kubernetes.io/os": "linux"}
            verbs.create(verbs.kind("Node"), {"metadata": {"name": name, "labels": labels}})


def announce(verbs: Verbs, port: int) -> None:
    """The Service ``kubernetes``, behind which the API server is."""
    meta = {"name": "kubernetes", "namespace": "default"}
    labels = {"component": "apiserver", "provider": "kubernetes"}
    served = {"name": "https", "port": 443, "protocol": "TCP", "targetPort": port}
    spec = {"clusterIP": "10.96.0.1", "ports": [served]}
    verbs.create(verbs.kind("Service"), {"metadata": {**meta, "labels": labels}, "spec": spec})
    address = {"name": "https", "port": port, "protocol": "TCP"}
    subset = {"addresses": [{"ip": "127.0.0.1"}], "ports": [address]}
    mirrored = {"endpointslice.kubernetes.io/skip-mirror": "true"}
    verbs.create(verbs.kind("Endpoints"), {"metadata": {**meta, "labels": mirrored}, "subsets": [subset]})
    endpoint = {"addresses": ["127.0.0.1"], "conditions": {"ready": True}}
    verbs.create(verbs.kind("EndpointSlice"), {
        "metadata": {**meta, "labels": {"kubernetes.io/service-name": "kubernetes"}},
        "addressType": "IPv4", "endpoints": [endpoint], "ports": [address],
    })  # fmt: skip
