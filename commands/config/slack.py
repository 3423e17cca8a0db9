"""``slack``: how the bot appears in the workspace."""

from __future__ import annotations

from typing import Annotated

from commands.config.fields import Allowed, Section, matching

Prefix = Annotated[
    str,
    matching(r"[a-z0-9-]{0,16}", "cannot begin a slash command's name"),
    Allowed("at most 16 lower-case letters, digits and dashes (Slack takes 32 characters in all)"),
]


class Slack(Section):
    """``command_prefix`` goes before every slash command: with ``qd-``, ``/deploy`` becomes ``/qd-deploy``."""

    command_prefix: Prefix = ""
