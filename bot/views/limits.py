"""Slack's limits, in characters unless said otherwise. Longer texts are refused by Slack, not cut.

Sources: docs.slack.dev/reference/block-kit (blocks, block elements, composition objects), docs.slack.dev/reference/views,
docs.slack.dev/reference/methods/chat.update (``msg_too_long``), and slack_sdk.models.blocks, which checks most of them.
Lengths are counted in UTF-16 units, the larger of the two ways Slack might count (an emoji is two).
"""

from __future__ import annotations

BLOCKS = 50  # a message
VIEW_BLOCKS = 100
TEXT = 4_000  # chat.update: msg_too_long
SECTION = 3_000
FIELDS = 10
FIELD = 2_000
CONTEXT_ELEMENTS = 10
BUTTON_TEXT = 75
BUTTON_VALUE = 2_000
OPTION_TEXT = 75
OPTION_VALUE = 150
OPTIONS = 100
ACCESSIBILITY_LABEL = 75
CONFIRM_TITLE = 100
CONFIRM_TEXT = 300
TITLE = 24  # a modal's title, submit and close
PRIVATE_METADATA = 3_000
INPUT = 3_000  # plain_text_input's max_length
PLACEHOLDER = 150
TABLE_ROWS = 100  # the header row included
TABLE_COLUMNS = 20
TABLE_TEXT = 8_000  # all cells of a message together (Slack: 10,000)
MESSAGE = 12_000
"""All blocks of a message as JSON. Slack answers ``msg_blocks_too_long`` from about 13,200 on, and documents no number
(measured in github.com/slackapi/bolt-js/issues/2509 and /2867)."""

# Our own, well below Slack's: what a phone shows without scrolling.
SUMMARY = 150
SENTENCE = 1_000
LINE = 250
VALUE = 100
INLINE_CHANGES = 6
INLINE_RISKS = 5
