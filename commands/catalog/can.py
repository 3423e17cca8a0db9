"""``can``: whether one may say another command, by which rule, and whose yes it would take. It changes nothing itself."""

from __future__ import annotations

from dataclasses import replace

from commands.declaration import Argument, Command, Offered, Reads, Type
from commands.invocation import Invocation
from commands.live import Live
from commands.report import Prose, Report

TITLES = {
    "allowed": "you can",
    "needs approval": "you can, with approval",
    "refused": "you may, but not as things stand",
}
FORBIDDEN = "you may not"


def report(invocation: Invocation, live: Live) -> Report:
    """The inner command comes parsed, as ``diff``'s does."""
    verb, arguments = invocation.arguments["command"], invocation.arguments["arguments"]
    found = live.judge(replace(invocation, verb=verb, arguments=arguments))
    lines = [Prose(f"{line[0].upper()}{line[1:]}") for line in found.told()]
    return Report(
        f"{invocation.arguments['line']}: {FORBIDDEN if found.forbidden else TITLES[found.outcome]}", tuple(lines)
    )


COMMAND = Command(
    name="can",
    summary="Tell whether you may run a command, by which rule, and who would have to approve it",
    effect=Reads(report, private=True),  # it tells the asker what rules are about
    arguments=(Argument("line", Type.REST, "the command, as you would say it"),),
    examples=("can deploy web 1.4.2 to prod", "can scale web 0 in prod"),
    anyone=True,
    offered=Offered.CHANGING,
    instead="leave it out: everyone may ask",
)
