"""How long a person waits for the first answer: Quarterdeck's ack beside a bare Bolt app's, in turns."""

from __future__ import annotations

import socket
import sys

from tests.bench.load import Target, alone, at_once, quantile
from tests.bench.table import Row
from tests.harness.ports import free_ports
from tests.harness.processes import Child, wait_until
from tests.scenarios.stack import Stack

ALONE, TOGETHER, ROUNDS = 100, 200, 4


def rows(stack: Stack) -> list[Row]:
    (port,) = free_ports(1)
    ws = stack.workspace
    command = [sys.executable, "-m", "tests.bench.bare_bolt", str(port), ws.bot_token, ws.signing_secret, ws.url]
    bare = Child(command, stack.folder / "bare_bolt.log", stack.environ("worker"))
    wait_until(lambda: _listens(port), 20)
    channel = stack.channel()
    form = {
        "command": "/deploy", "text": "web 1.4.2 to staging", "user_id": stack.cast.dev.id, "user_name": "dev",
        "channel_id": channel.id, "channel_name": channel.name, "team_id": ws.team_id, "api_app_id": "A0",
        "response_url": f"{ws.url}none", "token": "x",
    }  # fmt: skip
    ours, theirs = Target(stack.http or 0, ws.signing_secret, form), Target(port, ws.signing_secret, form)
    for target in (ours, theirs):
        alone(target, 20)
    samples = {(who, how): [] for who in ("ours", "bare") for how in ("alone", "50 at once")}
    for _ in range(ROUNDS):
        for who, target in (("ours", ours), ("bare", theirs)):
            samples[who, "alone"] += alone(target, ALONE)
            samples[who, "50 at once"] += at_once(target, TOGETHER)
    bare.terminate()
    return [
        Row(
            f"ack of /deploy, {how}, {name}",
            quantile(samples["ours", how], q),
            "bare Bolt",
            quantile(samples["bare", how], q),
        )
        for how in ("alone", "50 at once")
        for name, q in (("p50", 0.5), ("p99", 0.99))
    ]


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
