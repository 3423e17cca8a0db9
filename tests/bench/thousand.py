"""A thousand rollouts at once on one watcher, each to its true end: ``make bench-thousand`` (or ``[how many]`` of them).

The cluster is an API server whose controllers are played by hand (``fleet``), so that it costs next to nothing. The
watcher, the bot and Redis are processes of their own; the workspace keeps Slack's limits. Promised: at most 250 MB and one
core of the watcher, and 50 edits a minute: so that the last message follows 20 minutes after the last rollout's end.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import cycle
from pathlib import Path
from typing import Any

from commands import transitions
from commands.canonical import digest_of
from commands.draft import Plan
from commands.invocation import Invocation, Person, Place
from commands.operation import State, Written
from commands.store import Store, patient
from playground.workspace import Channel, Workspace
from tests.bench.fleet import Fleet
from tests.bench.table import Row, printed
from tests.harness.processes import Child, wait_until
from tests.harness.redis import RedisServer
from tests.harness.simulated import SimulatedCluster
from tests.scenarios.stack import PREFIX, Stack
from tests.unit.workers import drafts

IMAGE = "registry.test/web:{}"
PATH = "/apis/apps/v1/namespaces/{}/deployments"
CHANNELS = 20
_PATIENCE = 3600.0
_TICKS = os.sysconf("SC_CLK_TCK")


def rows(stack: Stack, store: Store, count: int) -> Iterator[Row]:
    names = [f"web-{number}" for number in range(count)]
    channels = [stack.channel() for _ in range(min(CHANNELS, count))]
    fleet = Fleet(stack.cluster, stack.namespaces["staging"], names)
    before = fleet.made()
    stack.start("bot", "watcher")
    watcher = stack.processes["watcher"]
    began, used = time.monotonic(), _processor(watcher)
    for name, channel in zip(names, cycle(channels), strict=False):
        _write(stack, store, name, before[name], channel)
    fleet.roll_out()
    wait_until(lambda: not store.operations.versions(), _PATIENCE)
    took, used = time.monotonic() - began, _processor(watcher) - used
    ends = [store.operations.load(f"op-{name}").state for name in names]
    yield Row("rollouts that succeeded", ends.count(State.SUCCEEDED), unit=f"of {count}")
    yield Row("from the first write to the last end", took, unit="s")
    yield Row("the watcher's memory (RSS), peak", _peak(watcher), "promised", 250.0, "MB")
    yield Row("the watcher's processor meanwhile", used / took, "promised", 1.0, "cores")
    yield Row("the watcher's processor, a rollout", used * 1000 / count, unit="ms")
    ended = time.time()
    wait_until(lambda: stack.outbox() == 0 and _shown(stack.workspace, channels) == count, _PATIENCE, interval=1.0)
    yield from _told(stack.workspace, channels, ended, count)


def _told(workspace: Workspace, channels: Sequence[Channel], ended: float, count: int) -> Iterator[Row]:
    """What the workspace saw of it."""
    edits = [call for call in workspace.calls("chat.update") if not call.error]
    finals = [call.at for call in edits if str(call.args["text"]).endswith(": succeeded")]
    after = [call.at for call in edits if call.at > ended]
    late = sum("Slack takes no more edits" in str(call.args) for call in workspace.calls("chat.postMessage"))
    refused = sum(call.error == "ratelimited" for call in workspace.calls())
    yield Row("messages that show their end", _shown(workspace, channels), unit=f"of {count}")
    yield Row("edits in the busiest minute", _busiest([call.at for call in edits]), "Slack's limit", 50, "")
    yield Row("calls that Slack refused as too many", refused, unit="")
    yield Row(
        "finals among the edits after the last end", len([at for at in finals if at > ended]), "edits", len(after), ""
    )
    yield Row("threads told how many edits are ahead", late, unit="")
    yield Row("from the last end to the last final", max(finals, default=ended) - ended, unit="s")


def _shown(workspace: Workspace, channels: Sequence[Channel]) -> int:
    return sum(m.text.endswith(": succeeded") for channel in channels for m in workspace.messages(channel))


def _busiest(at: Sequence[float]) -> int:
    """The most within any 60 seconds."""
    ordered, first, most = sorted(at), 0, 0
    for last, moment in enumerate(ordered):
        while ordered[first] <= moment - 60:
            first += 1
        most = max(most, last - first + 1)
    return most


def _write(stack: Stack, store: Store, name: str, live: dict[str, Any], channel: Channel) -> None:
    """As a worker leaves it: the image changed, and the operation observing."""
    now, id, dev = time.time(), f"op-{name}", stack.cast.dev
    person, place = Person(dev.id, stack.workspace.state.team_id), Place(channel.id)
    said = Invocation("deploy", {}, "staging", person, place, f"deploy {name} v2 to staging", now)
    plan = Plan.of("deploy", drafts.deploy(live, IMAGE.format("v2")), now)
    operation = store.operations.apply(transitions.request(id, said, "staging", now))
    operation = store.operations.apply(transitions.planned(operation, plan, None, now))
    operation = store.operations.apply(transitions.act(operation, now))
    edit = {"op": "replace", "path": "/spec/template/spec/containers/0/image", "value": IMAGE.format("v2")}
    answer = stack.cluster.patch(f"{PATH.format(live['metadata']['namespace'])}/{name}", [edit])
    written = Written(answer["metadata"]["generation"], digest_of(answer["spec"]["template"]), None, time.time())
    store.operations.apply(transitions.wrote(operation, written, time.time()))


def _processor(child: Child) -> float:
    """Seconds that it used so far, of all its threads."""
    fields = Path(f"/proc/{child.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _peak(child: Child) -> float:
    """MB."""
    lines = Path(f"/proc/{child.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def main(count: int) -> None:
    with (
        SimulatedCluster(speed=0) as cluster,
        RedisServer() as redis,
        Workspace() as workspace,
        Stack(cluster, cluster.kubeconfig, redis, workspace, forked=False) as stack,
        patient(redis.url) as client,
    ):
        print(printed(rows(stack, Store(client, PREFIX), count)))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
