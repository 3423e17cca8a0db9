"""What follows by itself if a change breaks, in words: the same before anybody approves it as in a preview."""

from __future__ import annotations

from collections.abc import Callable

from commands.draft import Plan, WayBack


def if_it_breaks(plan: Plan, moment: Callable[[float], str], shown: Callable[[str], str] = str) -> str:
    """One sentence; empty where it is left to people. ``moment`` tells a time (Unix seconds), ``shown`` what others wrote."""
    if plan.promise.failing is None:
        return ""
    held = f"{shown(plan.promise.ref.name)} is held until somebody lifts that"
    if plan.promise.failing.goes_back and plan.way_back:
        return f"it goes back by itself to {_told(plan.way_back, moment, shown)}, and {held}."
    return f"it stays as it is, and {held}."


def _told(way: WayBack, moment: Callable[[float], str], shown: Callable[[str], str]) -> str:
    how = f"verified by {shown(way.by)}" if way.by else "complete and ready"
    return f"{shown(way.what)}, {how} {moment(way.verified)}"
