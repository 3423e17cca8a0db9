"""Text objects: ``plain_text`` and ``mrkdwn``."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from playground.page import mrkdwn
from playground.page.look import Look

Json = dict[str, Any]


def text(obj: Json | None, look: Look) -> Markup:
    if not obj:
        return Markup()
    return mrkdwn.plain(obj["text"]) if obj["type"] == "plain_text" else mrkdwn.html(obj["text"], look)
