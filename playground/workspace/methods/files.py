"""files.getUploadURLExternal and files.completeUploadExternal; the upload itself is in uploads.py.

docs.slack.dev/messaging/working-with-files
"""

from __future__ import annotations

import secrets
from typing import Any

from playground.workspace import posting
from playground.workspace.errors import SlackError
from playground.workspace.methods.lookup import joined_channel
from playground.workspace.methods.registry import Context, method

Json = dict[str, Any]


@method("files.getUploadURLExternal", scopes="files:write", required="filename length:int",
        optional="alt_txt snippet_type")  # fmt: skip
def upload_url(context: Context) -> Json:
    state, length = context.state, context.args["length"]
    if length < 1:
        raise SlackError("invalid_arguments", ["must be more than 0 [json-pointer:/length]"])
    file_id = state.new_id("F", context.args["filename"])
    key = secrets.token_hex(12)
    state.files[file_id] = {"id": file_id, "name": context.args["filename"], "length": length, "key": key,
                            "content": None, "shared": False}  # fmt: skip
    return {"upload_url": f"{state.base_url}/upload/{file_id}/{key}", "file_id": file_id}


@method("files.completeUploadExternal", scopes="files:write", required="files:json",
        optional="channel_id channels initial_comment thread_ts blocks:json")  # fmt: skip
def complete(context: Context) -> Json:
    """Shares uploaded files; one that was announced but not uploaded is `file_not_found`."""
    args, state = context.args, context.state
    wanted = []
    for item in args["files"]:
        held = state.files.get(item.get("id", ""))
        if held is None or held["content"] is None:
            raise SlackError("file_not_found")
        wanted.append(held | {"title": item.get("title", held["name"])})
    shown = [{"id": f["id"], "name": f["name"], "title": f["title"], "size": f["length"]} for f in wanted]
    targets = [c for c in [args.get("channel_id"), *args.get("channels", "").split(",")] if c]
    channels = [joined_channel(context, target) for target in targets]
    if any(channel.is_archived for channel in channels):
        raise SlackError("is_archived")
    for channel in channels:
        posting.post(state, channel, state.app.bot_user_id, args.get("initial_comment", ""),
                     thread_ts=args.get("thread_ts"), files=shown)  # fmt: skip
    for held in wanted:
        state.files[held["id"]]["shared"] = bool(channels)
    return {"files": [{"id": f["id"], "title": f["title"]} for f in shown]}
