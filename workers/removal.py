"""The one deletion of an operation: a broken pod that is in its way, as its approved plan said."""

from __future__ import annotations

from commands.errors import NotAllowed
from commands.objects import Object, is_controlled_by
from commands.policy import Permit
from workers.cluster import Cluster
from workers.stuck import promised


def remove(cluster: Cluster, permit: Permit, pod: Object, *, dry_run: bool) -> None:
    """That very pod, as it was read; only of the plan's own workload, and only where the plan promises it.

    Raises ``NotAllowed``, ``Conflict`` where it is another by now, and ``ClusterError``'s other kinds.
    """
    ref, meta = permit.plan.promise.ref, pod["metadata"]
    if promised(permit.operation) is None or not is_controlled_by(pod, ref.uid):
        raise NotAllowed(f"The approved plan of {permit.operation.id} does not say that {meta['name']} is deleted.")
    cluster.delete_pod(
        ref.namespace, meta["name"], uid=meta["uid"], resource_version=meta["resourceVersion"], dry_run=dry_run
    )
