"""Who is who and where we may post, read from Slack in the background: never in a listener."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

from bot.refusals import Refusals
from bot.slack import RateLimited, Refused, Slack, SlackProblem
from commands.config import Rules
from commands.membership import ChannelFacts, GroupFacts, PersonFacts
from commands.store import Store

log = logging.getLogger(__name__)

GROUPS_EVERY = 30.0
"""Seconds between readings of the roles' user groups (usergroups.users.list allows 20 a minute, Slack Tier 2)."""

CHANNELS_AGAIN = 60.0
"""Seconds until the environments' channels are read again where one of them could not be."""

PAGE = 1000
"""Members in an answer of conversations.members, at most (docs.slack.dev/apis/web-api/pagination)."""

UNKNOWN_PEOPLE = frozenset({"user_not_found", "user_not_visible"})


class Directory:
    """Reads facts and stores them; ``home`` is the workspace's team id."""

    def __init__(self, slack: Slack, store: Store, rules: Rules, home: str, now: Callable[[], float]) -> None:
        self._slack, self._store, self._rules, self._home, self._now = slack, store, rules, home, now
        self._refusals = Refusals(now)

    def read(self, ids: Iterable[str]) -> None:
        """Read these users (U…, W…), groups (S…) and channels (C…, G…, D…) now.

        Raises ``SlackProblem``; one that Slack refuses or limits does not keep the others from being read.
        """
        problem: SlackProblem | None = None
        for id in ids:
            try:
                self._read(id)
            except (Refused, RateLimited) as error:
                problem = error
        if problem is not None:
            raise problem

    def read_wanted(self) -> None:
        """Whatever a worker is waiting for. Raises ``RateLimited``, when the others are read."""
        limited: RateLimited | None = None
        for id in filter(self._refusals.is_over, sorted(self._store.people.wanted())):
            try:
                self._read(id)
                self._refusals.forget(id)
            except Refused as error:
                self._refusals.note(id, error)
                self._store.people.unwant([id])  # who still waits for it will say so
            except RateLimited as error:
                limited = error
        if limited:
            raise limited

    def read_groups(self) -> None:
        """The user groups that the roles name, those first that were not read for longest: Slack may limit the rest."""
        known = self._store.people.membership([]).groups
        self.read(sorted(self._rules.now.group_ids, key=lambda group: known[group].at if group in known else 0.0))

    def read_channels(self) -> None:
        """The environments' own channels."""
        self.read(sorted(self._rules.now.channels))

    def _read(self, id: str) -> None:
        match id[:1]:
            case "U" | "W":
                self._store.people.put(people=[self._person(id)])
            case "S":
                self._store.people.put(groups=[self._group(id)])
            case "C" | "G" | "D":
                self._store.people.put(channels=[self._channel(id)])
            case _:
                self._store.people.unwant([id])

    def facts(self, user: dict[str, object], at: float) -> PersonFacts:
        """From a Slack user object (users.info, users.list, the user_change event).

        ``at`` is when Slack was asked: what changed after that may be missing from the answer (invariant 11).
        """
        team = str(user.get("team_id") or self._home)
        return PersonFacts(
            id=str(user["id"]),
            team=team,
            guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
            bot=bool(user.get("is_bot")) or user["id"] == "USLACKBOT",
            deleted=bool(user.get("deleted")),
            external=bool(user.get("is_stranger")) or team != self._home,
            at=at,
            name=_name(user),
        )

    def _person(self, id: str) -> PersonFacts:
        asked = self._now()
        try:
            return self.facts(self._slack.call("users.info", user=id)["user"], asked)
        except Refused as error:
            if error.code not in UNKNOWN_PEOPLE:
                raise
            return PersonFacts(id, "", guest=False, bot=False, deleted=True, external=False, at=asked)

    def _group(self, id: str) -> GroupFacts:
        asked = self._now()
        try:
            users = self._slack.call("usergroups.users.list", usergroup=id)["users"]
        except Refused as error:
            if error.code != "no_such_subteam":
                raise
            users = []
        return GroupFacts(id, tuple(users), asked)

    def _channel(self, id: str) -> ChannelFacts:
        """Only where it is a member can the bot look for what it wrote, so only there does it write (invariant 7)."""
        asked = self._now()
        try:
            found = self._slack.call("conversations.info", channel=id)["channel"]
        except Refused as error:
            if error.code not in {"channel_not_found", "missing_scope"}:
                raise
            scope = error.code == "missing_scope"
            return ChannelFacts(id, postable=False, at=asked, why="missing_scope" if scope else "outside")
        inside = bool(found.get("is_im") or found.get("is_mpim") or found.get("is_member"))
        archived = bool(found.get("is_archived"))
        postable = inside and not archived
        why: Literal["archived", "outside"] = "archived" if archived else "outside"
        return ChannelFacts(id, postable, asked, why, self._readers(found) if postable else None)

    def _readers(self, channel: Mapping[str, Any]) -> tuple[str, ...] | None:
        """Who may read along, from a Slack conversation object. Nobody's membership is asked of a public channel."""
        if channel.get("is_im"):
            return (channel["user"],)
        if not (channel.get("is_private") or channel.get("is_mpim")):
            return None
        return tuple(self._slack.pages("conversations.members", "members", channel=channel["id"], limit=PAGE))


def _name(user: Mapping[str, Any]) -> str:
    """The name people chose, else their full name, else their handle."""
    profile = user.get("profile") or {}
    return str(profile.get("display_name") or profile.get("real_name") or user.get("name") or "")


class DirectoryLoop:
    """Keeps the facts fresh: at start, at intervals, and when a worker wants some."""

    def __init__(self, directory: Directory, store: Store, now: Callable[[], float]) -> None:
        self._directory, self._store, self._now = directory, store, now
        self._next_groups = self._next_channels = 0.0

    def step(self) -> None:
        """One round; problems are logged and met again in the next. One that stays must not keep groups from being read."""
        for read in (self._directory.read_wanted, self._groups, self._channels):
            try:
                read()
            except SlackProblem as error:
                log.warning("who is who could not be read from Slack: %s", error)

    def _groups(self) -> None:
        if self._now() >= self._next_groups:
            self._next_groups = self._now() + GROUPS_EVERY
            self._directory.read_groups()

    def _channels(self) -> None:
        if self._now() >= self._next_channels:
            self._next_channels = self._now() + CHANNELS_AGAIN
            self._directory.read_channels()
            self._next_channels = math.inf
