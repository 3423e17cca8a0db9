"""The inside of rich text blocks (docs.slack.dev/reference/block-kit/blocks/rich-text-block)."""

from __future__ import annotations

from playground.workspace.shapes import ByType, Choice, Fields, Flag, Many, Number, Shape, Text

_TYPE: dict[str, Shape] = {"type!": Text()}
_STYLE = Fields({name: Flag() for name in ("bold", "italic", "strike", "code", "underline", "highlight",
                                           "client_highlight", "unlink")})  # fmt: skip
_STYLED: dict[str, Shape] = {**_TYPE, "style": _STYLE}

INLINE = ByType(
    {
        "text": Fields({**_STYLED, "text!": Text(least=1)}),
        "link": Fields({**_STYLED, "url!": Text(least=1), "text": Text(), "unsafe": Flag()}),
        "emoji": Fields({**_TYPE, "name!": Text(), "unicode": Text(), "skin_tone": Number()}),
        "user": Fields({**_STYLED, "user_id!": Text()}),
        "usergroup": Fields({**_STYLED, "usergroup_id!": Text()}),
        "channel": Fields({**_STYLED, "channel_id!": Text()}),
        "broadcast": Fields({**_STYLED, "range!": Choice(("here", "channel", "everyone"))}),
        "date": Fields({**_STYLED, "timestamp!": Number(), "format!": Text(), "url": Text(), "fallback": Text()}),
        "color": Fields({**_TYPE, "value!": Text()}),
    }
)
SECTION = Fields({**_TYPE, "elements!": Many(INLINE, least=0)})
_BORDERED: dict[str, Shape] = {**_TYPE, "elements!": Many(INLINE, least=0), "border": Number()}
_PARTS: dict[str, Shape] = {
    "rich_text_section": SECTION,
    "rich_text_preformatted": Fields({**_BORDERED, "language": Text()}),
    "rich_text_quote": Fields(_BORDERED),
    "rich_text_list": Fields(
        {
            **_TYPE,
            "style!": Choice(("bullet", "ordered")),
            "elements!": Many(ByType({"rich_text_section": SECTION})),
            "indent": Number(),
            "offset": Number(),
            "border": Number(),
        }
    ),
}
RICH_TEXT_PARTS = ByType(_PARTS)
