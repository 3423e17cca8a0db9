"""From what a person can see to HTML: the rooms of the page are the files of ``templates``, always escaped."""

from __future__ import annotations

import json
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from playground.page import mrkdwn, reading
from playground.page.blocks import Look, blocks_html
from playground.page.parts import Extras
from playground.page.reading import Post
from playground.page.tab import Picture, Tab
from playground.workspace import Channel, User, View, Workspace

_COLOURS = ("plum", "teal", "amber", "brick", "slate", "moss", "rose", "sky")


def environment() -> Environment:
    made = Environment(
        loader=PackageLoader("playground.page", "templates"),
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.filters["colour"] = lambda user: _COLOURS[sum(map(ord, user.id)) % len(_COLOURS)]
    made.filters["emoji"] = mrkdwn.plain
    return made


class Painter:
    """Paints one tab's picture. Messages that did not change are not painted again."""

    def __init__(self, workspace: Workspace, extras: Extras) -> None:
        self._workspace = workspace
        self._extras = extras
        self._env = environment()
        self._messages: dict[tuple[object, ...], str] = {}

    def page(self, person: str) -> str:
        """The document that the browser loads first; everything live comes over the socket."""
        commands = [
            {"name": command.name, "about": command.description, "hint": command.usage_hint}
            for command in self._workspace.state.app.commands.values()
        ]
        return self._paint("page.html", person=person, commands=json.dumps(commands).replace("<", "\\u003c"))

    def picture(self, tab: Tab, person: User, channel: Channel, read: dict[str, str]) -> Picture:
        look = self._look(person)
        posts = reading.posts(self._workspace, channel, person, tab.entered)
        replies = reading.thread(self._workspace, channel, person, tab.thread) if tab.thread else []
        modals = self._workspace.open_modals(person)
        regions = {
            "you": self._paint("you.html", people=reading.people(self._workspace), person=person),
            "rooms": self._paint("rooms.html", rooms=reading.rooms(self._workspace, person, read), channel=channel),
            "place": self._paint("place.html", channel=channel, users=self._workspace.state.users, person=person),
            "pane": self._paint("pane.html", is_open=bool(replies), count=max(0, len(replies) - 1)),
            "modal": self._modal(modals[-1] if modals else None, look, tab),
            "notice": self._paint("notice.html", notice=tab.notice),
            **self._extras.regions(tab),
        }
        first_new = next((post for post in posts if post.is_new), None)
        lists = {
            "messages": {f"m{p.message.ts}": self._post(p, look, starts_new=p is first_new) for p in posts},
            "replies": {f"r{p.message.ts}": self._post(p, look, in_thread=True) for p in replies},
        }
        return Picture(regions, lists)

    def _post(self, post: Post, look: Look, *, in_thread: bool = False, starts_new: bool = False) -> str:
        message = post.message
        key = (message.ts, message.seen_by, len(message.edits), look.reader, in_thread, starts_new, post.follows,
               post.replies, post.is_mention, tuple(map(len, message.reactions.values())), len(message.files))  # fmt: skip
        if key not in self._messages:
            body = blocks_html(message.blocks, look) if message.blocks else mrkdwn.html(message.text, look)
            self._messages[key] = self._paint(
                "message.html", post=post, body=Markup(body), in_thread=in_thread, starts_new=starts_new  # noqa: S704 - our own renderers escape
            )  # fmt: skip
        return self._messages[key]

    def _modal(self, view: View | None, look: Look, tab: Tab) -> str:
        body = blocks_html(view.blocks, look, errors=tab.errors) if view else Markup()
        return self._paint("modal.html", view=view, body=body)

    def _look(self, person: User) -> Look:
        state = self._workspace.state
        with state.lock:
            groups = frozenset(group.id for group in state.groups.values() if person.id in group.members)
            people = tuple((user.id, user.real_name) for user in reading.people(self._workspace))
            shown = {user.id: user.real_name or user.name for user in state.users.values()}  # not the handle
            return Look(reader=person.id, groups=groups, names={**state.names, **shown}, people=people)

    def _paint(self, template: str, **values: Any) -> str:
        return self._env.get_template(template).render(**values)
