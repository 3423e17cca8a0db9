"""A notice as a message: one paragraph of ours; where somebody has to look at it, a button, and who has."""

from __future__ import annotations

from collections.abc import Mapping

from slack_sdk.models.blocks import ActionsBlock, ButtonElement, ContextBlock, PlainTextObject

from bot.views import actions, limits, times
from bot.views.approvals import listed, token
from bot.views.links import linked
from bot.views.replies import Reply
from bot.views.text import cut, mention, ours
from bot.views.view import View, context, section, view
from commands.notices.notice import Notice, Review

MOST_LINKED = 500
"""Characters kept free for links."""


def told(notice: Notice, links: Mapping[str, str]) -> View:
    """A sentence of ours may quote what people wrote: a mention that came along with it pings nobody.

    ``links``: by operation, where its message is read.
    """
    text = cut(ours(notice.text, notice.people), limits.SECTION - MOST_LINKED)
    review = notice.review
    shown = (
        section("notice", cut(linked(text, links), limits.SECTION)),
        *((_acknowledged(review), _button(notice, review)) if review else ()),
    )
    return view(text, shown)


def overdue(notice: Notice, mentions: Mapping[str, tuple[str, ...]], roles: tuple[str, ...]) -> Reply | None:
    """Said once, to those who may acknowledge it; ``mentions``: by role, the ids of its people and user groups."""
    review = notice.review
    if review is None or not review.overdue:
        return None
    ids = dict.fromkeys(id for role in roles for id in mentions.get(role, ()) if id != review.requester)
    asked = listed([named for id in ids if (named := token(id))]) or "Whoever may"
    text = (
        f"{asked}: nobody has acknowledged {review.operation} yet. Please look at what was done, and press Acknowledge."
    )
    return Reply("overdue", text, view(text, (section("line", text),)).blocks)


def _acknowledged(review: Review) -> ContextBlock | None:
    if review.by is None or review.at is None:
        return None
    return context(
        "acknowledged",
        f"✅ Acknowledged by {mention(review.by)}, {times.moment(review.at, '{date_short_pretty} at {time}')}",
    )


def _button(notice: Notice, review: Review) -> ActionsBlock | None:
    if review.by is not None:
        return None
    press = actions.Click(notice.id, None, 0)
    button = ButtonElement(
        text=PlainTextObject(text="Acknowledge", emoji=False), action_id=actions.ACKNOWLEDGE, value=press.value
    )
    return ActionsBlock(block_id="buttons", elements=[button])
