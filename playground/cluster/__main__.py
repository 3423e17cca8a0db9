"""``python -m playground.cluster``: a cluster to try kubectl on, until Ctrl-C."""

from __future__ import annotations

import argparse
import signal
import threading

from playground.cluster.cluster import Cluster


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m playground.cluster", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="of the API server on 127.0.0.1 (default: a free one)")
    parser.add_argument("--speed", type=float, default=1.0, help="cluster seconds per real second")
    parser.add_argument("--nodes", type=int, default=3)
    given = parser.parse_args()
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    try:
        cluster = Cluster(port=given.port, speed=given.speed, nodes=given.nodes).start()
    except OSError as error:
        parser.error(f"cannot listen on port {given.port} of 127.0.0.1: {error.strerror}")
    with cluster:
        print(f"export KUBECONFIG={cluster.kubeconfig}", flush=True)  # noqa: T201
        ended.wait()


if __name__ == "__main__":
    main()
