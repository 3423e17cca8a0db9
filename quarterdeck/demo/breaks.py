"""What “Break something” does: real signals to the children, real faults of the played servers. Each mends itself."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable

from playground.page.breaks import Break, Tell
from quarterdeck.demo.stage import Stage
from quarterdeck.supervisor import Supervisor

FAULT_SECONDS = 10.0
NODE_SECONDS = 45.0
_PROCESSES = {
    "worker": "What it was doing is taken up by the next one; nothing is done twice.",
    "watcher": "The rollout goes on; the next watcher follows it from where it is.",
    "bot": "Slack keeps what people press for a moment, and the next bot answers.",
}


def breaks(stage: Stage, supervisor: Supervisor) -> list[Break]:
    killed = [_killing(supervisor, name, about) for name, about in _PROCESSES.items()]
    return [
        *killed,
        _restarting_redis(supervisor),
        _throttling(stage),
        _failing(stage),
        _losing(stage),
    ]


def _killing(supervisor: Supervisor, name: str, about: str) -> Break:
    def do(_: Tell) -> str:
        pid = supervisor.signal(name, signal.SIGKILL)
        return f"Killed the {name} (process {pid}); it is started again." if pid else f"The {name} is down already."

    return Break(f"kill-{name}", f"Kill the {name}", about, do)


def _restarting_redis(supervisor: Supervisor) -> Break:
    def do(_: Tell) -> str:
        pid = supervisor.signal("redis", signal.SIGTERM)
        return f"Ended Redis (process {pid}); it comes back with its data." if pid else "Redis is down already."

    return Break(
        "redis", "Restart Redis", "Commands are refused meanwhile: nothing is changed that cannot be recorded.", do
    )


def _throttling(stage: Stage) -> Break:
    def do(tell: Tell) -> str:
        fault = stage.workspace.faults.add("*", "429", 10_000, retry_after=2)
        _later(FAULT_SECONDS, lambda: setattr(fault, "times", 0), tell, "Slack takes messages again.")
        return f"Slack answers 429 to everything for {FAULT_SECONDS:.0f} s."

    return Break(
        "slack", "Slack answers 429", "Messages wait; what matters most goes first when Slack takes them again.", do
    )


def _failing(stage: Stage) -> Break:
    def mend() -> None:
        for cluster in stage.clusters.values():
            cluster.clear_faults()

    def do(tell: Tell) -> str:
        for cluster in stage.clusters.values():
            cluster.refuse(status=500)
        _later(FAULT_SECONDS, mend, tell, "The API server is well again.")
        return f"The API server answers 500 for {FAULT_SECONDS:.0f} s."

    return Break(
        "api", "API server answers 500", "Whether a write arrived is read back before anything is written again.", do
    )


def _losing(stage: Stage) -> Break:
    def do(tell: Tell) -> str:
        cluster = next(iter(stage.clusters.values()))
        node = cluster.lose_node()
        if node is None:
            return "No node is left to lose."
        _later(NODE_SECONDS, lambda: cluster.return_node(node), tell, f"Node {node} is back.")
        return f"Node {node} went away; its pods are started elsewhere."

    return Break(
        "node", "A node goes", "Its pods come up elsewhere if there is room; a rollout is not blamed for it.", do
    )


def _later(seconds: float, mend: Callable[[], object], tell: Tell, sentence: str) -> None:
    def done() -> None:
        mend()
        tell(sentence)

    timer = threading.Timer(seconds, done)
    timer.daemon = True
    timer.start()
