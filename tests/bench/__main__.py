"""``make bench``: everything once, in one run, as one table. Needs KUBEBUILDER_ASSETS and kubectl."""

from __future__ import annotations

from playground.workspace import Workspace
from tests.bench import acks, demo, failures, memory, rollouts, status
from tests.bench.table import printed
from tests.harness.controlplane import ControlPlane
from tests.harness.ports import free_ports
from tests.harness.redis import RedisServer
from tests.scenarios.stack import Stack


def main() -> None:
    (port,) = free_ports(1)
    workspace = Workspace(rate_limits=False)
    with (
        ControlPlane() as cluster,
        RedisServer() as redis,
        workspace as ws,
        Stack(cluster, cluster.kubeconfig, redis, ws, http=port, forked=False) as stack,
    ):
        ws.use_http(stack.request_url or "")
        stack.start("bot", "worker", "watcher")
        rows = [*rollouts.rows(stack), *failures.rows(stack)]
        used = memory.rows(stack)
        for name in ("worker", "watcher"):
            stack.processes.pop(name).terminate()  # the acks' operations are planned by nobody
        acknowledged = acks.rows(stack)
    print(printed([*acknowledged, *rows, *used, *status.rows(), *demo.rows()]))


if __name__ == "__main__":
    main()
