"""What an app answers to a person: in an acknowledgement, or by a response_url.

docs.slack.dev/interactivity/handling-user-interaction#message_responses: five uses in thirty minutes; `response_type`
in_channel or ephemeral (the default); `replace_original` and `delete_original` act on the message clicked on. A
command's response_url has no such message: what it answered before stays, and `replace_original` posts anew
(github.com/slackapi/bolt-python/issues/1268, github.com/slackapi/bolt-js/issues/2287).
"""

from __future__ import annotations

from typing import Any

from playground.workspace import posting
from playground.workspace.blocks import message_blocks
from playground.workspace.errors import SlackError
from playground.workspace.model import ResponseUrl
from playground.workspace.rules import limit
from playground.workspace.state import State

Json = dict[str, Any]
_KNOWN = {"text", "blocks", "attachments", "response_type", "replace_original", "delete_original", "thread_ts",
          "mrkdwn", "metadata", "unfurl_links", "unfurl_media", "link_names", "parse", "username", "icon_emoji",
          "icon_url"}  # fmt: skip


def respond_by_url(state: State, key: str, answer: Json) -> None:
    """Uses a response_url once. Raises SlackError `used_url`, `expired_url`, or what is wrong with the answer."""
    target = state.response_urls.get(key)
    if target is None:
        raise SlackError("invalid_url")
    if state.clock.now() - target.created > limit("response_url.seconds"):
        raise SlackError("expired_url")
    if target.uses >= limit("response_url.uses"):
        raise SlackError("used_url")
    target.uses += 1
    apply_answer(state, target, answer, source="response_url")


def apply_answer(state: State, target: ResponseUrl, answer: Json, source: str) -> None:
    """Shows the answer to whom it is for; an empty one shows nothing."""
    if not answer:
        return
    if unknown := sorted(answer.keys() - _KNOWN):
        raise SlackError("invalid_payload", [f"invalid additional property: {name}" for name in unknown])
    original = target.message
    if answer.get("delete_original"):
        if original is not None:
            posting.delete(state, original)
        return
    blocks = message_blocks(answer["blocks"]) if answer.get("blocks") else []
    text = str(answer.get("text", ""))
    if not (text.strip() or blocks or answer.get("attachments")):
        raise SlackError("no_text")
    if answer.get("replace_original") and original is not None:
        posting.edit(state, original, text, blocks)
    elif answer.get("response_type", "ephemeral") == "in_channel":
        channel = state.channels[target.channel]
        posting.post(
            state, channel, state.app.bot_user_id, text, blocks, thread_ts=answer.get("thread_ts"), source=source
        )
    elif answer.get("response_type", "ephemeral") == "ephemeral":
        posting.post_private(state, target.channel, target.user, text, blocks, source=source,
                             thread_ts=answer.get("thread_ts"))  # fmt: skip
    else:
        raise SlackError("invalid_payload", ["must be a valid enum value [json-pointer:/response_type]"])
