"""conversations.history and conversations.replies: reading messages back."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from playground.workspace import posting
from playground.workspace.errors import SlackError
from playground.workspace.methods.lookup import joined_channel, page
from playground.workspace.methods.registry import Context, method
from playground.workspace.model import Channel, Message
from playground.workspace.rules import limit

Json = dict[str, Any]
_WINDOW = "cursor limit:int oldest latest inclusive:bool include_all_metadata:bool"


@method("conversations.history", required="channel", optional=_WINDOW)
def history(context: Context) -> Json:
    """Top-level messages, newest first (docs.slack.dev/reference/methods/conversations.history)."""
    channel = _readable(context)
    found = [m for m in channel.messages if not m.deleted and (m.thread_ts in (None, m.ts) or m.broadcast)]
    return _paged(context, [m for m in reversed(found) if _inside(context, m)])


@method("conversations.replies", required="channel ts", optional=_WINDOW)
def replies(context: Context) -> Json:
    """A thread, parent first, then oldest to newest (docs.slack.dev/reference/methods/conversations.replies)."""
    channel = _readable(context)
    found = context.state.message(channel.id, context.args["ts"])
    if found is None:
        raise SlackError("thread_not_found")
    parent = context.state.message(channel.id, found.thread_ts) if found.thread_ts else found
    answers = posting.replies(channel, found.thread_ts or found.ts)
    inside = [m for m in answers if _inside(context, m)]
    return _paged(context, [*([parent] if parent else []), *inside])


def _readable(context: Context) -> Channel:
    channel = joined_channel(context, context.args["channel"])
    context.need(f"{channel.kind}:history")
    return channel


def _inside(context: Context, message: Message) -> bool:
    """Between `oldest` and `latest`; the bounds themselves only when `inclusive`."""
    args, ts = context.args, Decimal(message.ts)
    try:
        oldest, latest = Decimal(args.get("oldest") or 0), Decimal(args.get("latest") or "Infinity")
    except InvalidOperation:
        raise SlackError("invalid_ts_oldest") from None
    return oldest < ts < latest or (bool(args.get("inclusive")) and ts in (oldest, latest))


def _paged(context: Context, messages: list[Message]) -> Json:
    count = context.args.get("limit", 100)
    if not 1 <= count <= limit("history.limit"):
        raise SlackError("invalid_limit")
    chosen, cursor = page(messages, count, context.args.get("cursor", ""))
    with_metadata = bool(context.args.get("include_all_metadata"))
    body: Json = {"messages": [posting.as_json(context.state, m, with_metadata) for m in chosen],
                  "has_more": bool(cursor), "pin_count": 0}  # fmt: skip
    return body | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})
