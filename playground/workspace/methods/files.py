"""files.getUploadURLExternal and files.completeUploadExternal; the upload itself is in web.py.

docs.slack.dev/messaging/working-with-files
"""

from __future__ import annotations

import secrets
from typing import Any

from playground.workspace import posting
from playground.workspace.errors import SlackError
from playground.workspace.methods.lookup import joined_channel
from playground.workspace.methods.registry import Context, method
from playground.workspace.rules import limit, rule

Json = dict[str, Any]


@method("files.getUploadURLExternal", scopes="files:write", required="filename length:int",
        optional="alt_txt snippet_type")  # fmt: skip
def upload_url(context: Context) -> Json:
    state, length = context.state, context.args["length"]
    if length < 1:
        raise SlackError("invalid_arguments", ["must be more than 0 [json-pointer:/length]"])
    if len(context.args.get("alt_txt", "")) > limit("file.alt_txt"):
        raise SlackError(rule("file.alt_txt").error)
    if context.args.get("snippet_type") and length > limit("file.snippet"):
        raise SlackError(rule("file.snippet").error)
    file_id = state.new_id("F", context.args["filename"])
    key = secrets.token_hex(12)
    state.files[file_id] = {"id": file_id, "name": context.args["filename"], "length": length, "key": key,
                            "content": None, "shared": False}  # fmt: skip
    return {"upload_url": f"{state.base_url}/upload/{file_id}/{key}", "file_id": file_id}


@method("files.completeUploadExternal", scopes="files:write", required="files:json",
        optional="channel_id channels initial_comment thread_ts blocks:json")  # fmt: skip
def complete(context: Context) -> Json:
    """Shares uploaded files; one that was announced but not uploaded, or is shared already, is `file_not_found`."""
    args, state = context.args, context.state
    if args.get("thread_ts") and len(_targets(args)) > 1:
        raise SlackError("invalid_arguments", ["thread_ts belongs to one channel only [json-pointer:/thread_ts]"])
    wanted = []
    for item in args["files"]:
        held = state.files.get(item.get("id", ""))
        if held is None or held["content"] is None or held["shared"]:
            raise SlackError("file_not_found")
        wanted.append(held | {"title": item.get("title", held["name"])})
    shown = [{"id": f["id"], "name": f["name"], "title": f["title"], "size": f["length"]} for f in wanted]
    channels = [joined_channel(context, target) for target in _targets(args)]
    if any(channel.is_archived for channel in channels):
        raise SlackError("is_archived")
    for channel in channels:
        posting.post(state, channel, state.app.bot_user_id, args.get("initial_comment", ""),
                     thread_ts=args.get("thread_ts"), files=shown)  # fmt: skip
    for held in wanted:
        state.files[held["id"]]["shared"] = bool(channels)
    return {"files": [{"id": f["id"], "title": f["title"]} for f in shown]}


def _targets(args: Json) -> list[str]:
    return [c for c in [args.get("channel_id"), *args.get("channels", "").split(",")] if c]
