"""What “Break something” does: real signals to the children, real faults of the played servers. Each mends itself."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable

from playground.page.breaks import Break, Tell
from quarterdeck.demo.stage import NODE_GRACE, Stage
from quarterdeck.supervisor import Supervisor

FAULT_SECONDS = 10.0
NODE_SECONDS = 45.0
_PROCESSES = {
    "worker": "What it was doing is taken up by the next one; nothing is done twice.",
    "watcher": "The rollout goes on; the next watcher follows it from where it is.",
    "bot": "Slack says that nobody answers to what people type and press meanwhile; the next bot goes on with everything else.",
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
    outage = Outage("Slack takes messages again.")

    def do(tell: Tell) -> str:
        stage.workspace.faults.add("*", "429", 10_000, retry_after=2)
        outage.lasts(FAULT_SECONDS, stage.workspace.faults.clear, tell)
        return f"Slack answers 429 to everything for {FAULT_SECONDS:.0f} s."

    return Break(
        "slack", "Slack answers 429", "Messages wait; what matters most goes first when Slack takes them again.", do
    )


def _failing(stage: Stage) -> Break:
    outage = Outage("The API server is well again.")

    def mend() -> None:
        for cluster in stage.clusters.values():
            cluster.clear_faults()

    def do(tell: Tell) -> str:
        for cluster in stage.clusters.values():
            cluster.refuse(status=500)
        outage.lasts(FAULT_SECONDS, mend, tell)
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
        back = Outage(f"Node {node} is back.")
        back.lasts(NODE_SECONDS, lambda: cluster.return_node(node), tell)
        return f"Node {node} went away; it will be missed in {NODE_GRACE:.0f} s, and its pods started elsewhere soon after."

    return Break(
        "node", "A node goes", "Its pods come up elsewhere if there is room; a rollout is not blamed for it.", do
    )


class Outage:
    """A fault that mends itself. Begun again while it lasts, it lasts that much longer from then on."""

    def __init__(self, mended: str) -> None:
        self._mended = mended
        self._begun = 0
        self._lock = threading.Lock()

    def lasts(self, seconds: float, mend: Callable[[], object], tell: Tell) -> None:
        with self._lock:
            self._begun += 1
            number = self._begun

        def end() -> None:
            with self._lock:
                if number != self._begun:
                    return
                with contextlib.suppress(RuntimeError):  # the stage may be gone by then
                    mend()
            tell(self._mended)

        timer = threading.Timer(seconds, end)
        timer.daemon = True
        timer.start()
