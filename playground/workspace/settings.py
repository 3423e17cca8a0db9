"""Setting the workspace up and changing it: people, groups, channels, the installed app. Events tell the app."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from playground.workspace import manifest, posting
from playground.workspace.installation import EVERY_SCOPE, USUAL_EVENTS, Command
from playground.workspace.model import Channel, Message, User, UserGroup
from playground.workspace.state import State

Json = dict[str, Any]


class Settings:
    def __init__(self) -> None:
        self.state = State()
        app, team = self.state.app, self.state.team_id
        self.state.add_user(User("USLACKBOT", "slackbot", team, "Slackbot"))
        self.state.add_user(User(app.bot_user_id, "bot", team, "Quarterdeck", is_bot=True))
        self.state.names[app.bot_id] = "bot"

    @property
    def bot_token(self) -> str:
        return self.state.app.bot_token

    @property
    def app_token(self) -> str:
        return self.state.app.app_token

    @property
    def signing_secret(self) -> str:
        return self.state.app.signing_secret

    @property
    def bot_user_id(self) -> str:
        return self.state.app.bot_user_id

    @property
    def team_id(self) -> str:
        return self.state.team_id

    def install(self, manifest_dict: Json) -> None:
        """Installs the app as its manifest says; raises SlackError `invalid_manifest` with every mistake in it."""
        with self.state.lock:
            manifest.install(self.state.app, manifest_dict)
            if name := manifest_dict.get("features", {}).get("bot_user", {}).get("display_name"):
                bot = self.state.users[self.state.app.bot_user_id]
                bot.name = self.state.names[bot.id] = name.lower()

    def install_all(
        self, commands: Iterable[str] = (), *, scopes: Iterable[str] = EVERY_SCOPE, events: Iterable[str] = USUAL_EVENTS
    ) -> None:
        """The permissive installation: all scopes, the usual events, and these commands (`/deploy`...)."""
        with self.state.lock:
            self.state.app.commands = {name: Command(name) for name in commands}
            self.state.app.scopes, self.state.app.events = frozenset(scopes), frozenset(events)

    def revoke_scopes(self, *scopes: str) -> None:
        with self.state.lock:
            self.state.app.scopes -= set(scopes)

    def revoke_token(self) -> None:
        with self.state.lock:
            self.state.app.revoked = True

    def add_user(self, name: str, real_name: str = "", *, id: str = "", team_id: str = "", **more: Any) -> User:
        """A person; `more` are User's fields (tz, email, is_restricted, deleted...). A foreign `team_id`: external."""
        with self.state.lock:
            user_id = id or self.state.new_id("U", name)
            full = real_name or name.title()
            return self.state.add_user(User(user_id, name, team_id or self.state.team_id, full, **more))

    def deactivate(self, user: User) -> None:
        with self.state.lock:
            user.deleted = True
            self.state.emit("user_change", {
                "type": "user_change", "user": {"id": user.id, "deleted": True}, "event_ts": self.state.clock.ts(),
            })  # fmt: skip

    def add_group(self, handle: str, members: Iterable[User] = (), *, id: str = "") -> UserGroup:
        with self.state.lock:
            group = UserGroup(
                id or self.state.new_id("S", handle), handle, [u.id for u in members], self.state.clock.now()
            )
            self.state.groups[group.id] = group
            self.state.names[group.id] = handle
            return group

    def set_group(self, group: UserGroup, members: Iterable[User]) -> None:
        """Changes who is in a group (docs.slack.dev/reference/events/subteam_members_changed)."""
        with self.state.lock:
            before, after = group.members, [u.id for u in members]
            previous, group.updated = group.updated, self.state.clock.now()
            added, removed = [u for u in after if u not in before], [u for u in before if u not in after]
            group.members = after
            self.state.emit("subteam_members_changed", {
                "type": "subteam_members_changed", "subteam_id": group.id, "team_id": self.state.team_id,
                "date_previous_update": int(previous), "date_update": int(group.updated),
                "added_users": added, "added_users_count": len(added),
                "removed_users": removed, "removed_users_count": len(removed), "event_ts": self.state.clock.ts(),
            })  # fmt: skip
            self.state.changed()

    def add_channel(
        self,
        name: str,
        members: Iterable[User] = (),
        *,
        bot_in: bool = True,
        private: bool = False,
        archived: bool = False,
        id: str = "",
    ) -> Channel:
        with self.state.lock:
            ids = {user.id for user in members} | ({self.state.app.bot_user_id} if bot_in else set())
            return self.state.add_channel(Channel(id or self.state.new_id("C", name), name, ids, self.state.clock.now(),
                                                  is_private=private, is_archived=archived))  # fmt: skip

    def group_dm(self, *users: User) -> Channel:
        """A conversation of a few people and the bot (docs.slack.dev/reference/objects/conversation-object, `is_mpim`)."""
        with self.state.lock:
            ids, name = {user.id for user in users}, f"mpdm-{'--'.join(user.name for user in users)}-1"
            return self.state.add_channel(Channel(
                self.state.new_id("C", name), name, ids | {self.state.app.bot_user_id}, self.state.clock.now(),
                is_private=True, is_mpim=True,
            ))  # fmt: skip

    def dm(self, user: User) -> Channel:
        with self.state.lock:
            return self.state.dm(user.id)

    def join(self, channel: Channel, *users: User) -> None:
        with self.state.lock:
            channel.members |= {user.id for user in users}
            self.state.changed()

    def leave(self, channel: Channel, *users: User) -> None:
        with self.state.lock:
            channel.members -= {user.id for user in users}
            self.state.changed()

    def archive(self, channel: Channel) -> None:
        with self.state.lock:
            channel.is_archived = True
            self.state.emit("channel_archive", {
                "type": "channel_archive", "channel": channel.id, "event_ts": self.state.clock.ts(),
            })  # fmt: skip
            self.state.changed()

    def invite_bot(self, channel: Channel) -> None:
        self._move_bot(channel, inside=True)

    def remove_bot(self, channel: Channel) -> None:
        self._move_bot(channel, inside=False)

    def delete_message(self, message: Message) -> None:
        """Someone (an admin, say) deletes a message."""
        with self.state.lock:
            held = self.state.message(message.channel, message.ts)
            if held is not None:
                posting.delete(self.state, held)

    def advance(self, seconds: float) -> None:
        """Moves the workspace's clock: triggers and response_urls age, rate limits refill."""
        with self.state.lock:
            self.state.clock.advance(seconds)

    def _move_bot(self, channel: Channel, *, inside: bool) -> None:
        with self.state.lock:
            bot = self.state.app.bot_user_id
            (channel.members.add if inside else channel.members.discard)(bot)
            name = "member_joined_channel" if inside else "channel_left"
            self.state.emit(name, {"type": name, "user": bot, "channel": channel.id, "event_ts": self.state.clock.ts()})
            self.state.changed()
