"""What a tag turned out to be: the digests that the pods run now."""

from __future__ import annotations

import re

from slack_sdk.models.blocks import ContextBlock

from bot.views import limits
from bot.views.text import one_line
from bot.views.view import context
from commands.operation import Operation

_IMAGE = re.compile(r"(?:initC|c)ontainers\[(.+)\]\.image")


def running(op: Operation) -> ContextBlock | None:
    """Of the containers whose image the plan changed; of all where it made new pods of the same images, as a restart does."""
    if op.plan is None or op.ending is None:
        return None
    if not any(write.path.startswith("/spec/template") for write in op.plan.promise.writes):
        return None
    changed = {found[1] for change in op.plan.diff if (found := _IMAGE.search(change.path))}
    said = dict.fromkeys(each.said for each in op.ending.running if not changed or each.container in changed)
    return context("running", f"*Runs now:* {one_line('; '.join(said), limits.LINE)}" if said else "")
