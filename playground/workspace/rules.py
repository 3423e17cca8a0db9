"""The one table of Slack's numbers: limits of texts, blocks, views and manifests, of time, and of rates.

Each row: its name (what the validators ask for), where it applies, the limit (characters or items unless the row says
otherwise), the error that one more gives, and where Slack (or its own client library) documents it. `docs` stands for
docs.slack.dev, `sdk` for the slack_sdk package's source. Tests check every row: at the limit passes, one over fails.
"""

from __future__ import annotations

from dataclasses import dataclass

_B = "docs.slack.dev/reference/block-kit/blocks/"
_E = "docs.slack.dev/reference/block-kit/block-elements/"
_C = "docs.slack.dev/reference/block-kit/composition-objects/"
_M = "docs.slack.dev/reference/methods/"
_V = "docs.slack.dev/reference/views"
_A = "docs.slack.dev/reference/app-manifest"
_R = "docs.slack.dev/apis/web-api/rate-limits"
_HANDLING = "docs.slack.dev/interactivity/handling-user-interaction"
_SDK = "slack_sdk/models/blocks/"


@dataclass(frozen=True)
class Rule:
    name: str
    where: str
    limit: int
    error: str
    source: str


def _blocks(name: str, where: str, limit: int, source: str) -> Rule:
    return Rule(name, where, limit, "invalid_blocks", source)


def _view(name: str, where: str, limit: int, source: str = _V) -> Rule:
    return Rule(name, where, limit, "invalid_arguments", source)


def _manifest(name: str, where: str, limit: int) -> Rule:
    return Rule(name, where, limit, "invalid_manifest", _A)


BLOCKS = (
    _blocks("message.blocks", "blocks", 50, "docs.slack.dev/reference/block-kit/blocks"),
    _blocks("block.block_id", "block_id", 255, f"{_SDK}blocks.py Block.block_id_max_length"),
    _blocks("element.action_id", "action_id", 255, f"{_SDK}block_elements.py InteractiveElement.action_id_max_length"),
    _blocks("text.text", "text of any text object without a rule of its own", 3000, f"{_C}text-object"),
    _blocks("section.text", "section.text.text", 3000, f"{_B}section-block"),
    _blocks("section.fields", "section.fields", 10, f"{_B}section-block"),
    _blocks("section.field", "section.fields[].text", 2000, f"{_B}section-block"),
    _blocks("header.text", "header.text.text", 150, f"{_B}header-block"),
    _blocks("context.elements", "context.elements", 10, f"{_B}context-block"),
    _blocks("actions.elements", "actions.elements", 25, f"{_B}actions-block"),
    _blocks("input.label", "input.label.text", 2000, f"{_B}input-block"),
    _blocks("input.hint", "input.hint.text", 2000, f"{_B}input-block"),
    _blocks("markdown.text", "markdown.text, all such blocks of a message together", 12000, f"{_B}markdown-block"),
    _blocks("image.image_url", "image.image_url", 3000, f"{_B}image-block"),
    _blocks("image.alt_text", "image.alt_text", 2000, f"{_B}image-block"),
    _blocks("image.title", "image.title.text", 2000, f"{_B}image-block"),
    _blocks("table.rows", "table.rows", 100, f"{_B}table-block"),
    _blocks("table.columns", "table.rows[]", 20, f"{_B}table-block"),
    _blocks("table.column_settings", "table.column_settings", 20, f"{_B}table-block"),
    Rule(
        "message.blocks_text",
        "all texts in a message's blocks together; Slack documents none, about 13,200 was measured",
        13000,
        "msg_blocks_too_long",
        "github.com/slackapi/bolt-js/issues/2509",
    ),
    Rule("table.per_message", "table blocks in a message", 1, "invalid_attachments", f"{_B}table-block"),
    _blocks("button.text", "button.text.text", 75, f"{_E}button-element"),
    _blocks("button.value", "button.value", 2000, f"{_E}button-element"),
    _blocks("button.url", "button.url", 3000, f"{_E}button-element"),
    _blocks("button.accessibility_label", "button.accessibility_label", 75, f"{_E}button-element"),
    _blocks("confirm.title", "confirm.title.text", 100, f"{_C}confirmation-dialog-object"),
    _blocks("confirm.text", "confirm.text.text", 300, f"{_C}confirmation-dialog-object"),
    _blocks("confirm.confirm", "confirm.confirm.text", 30, f"{_C}confirmation-dialog-object"),
    _blocks("confirm.deny", "confirm.deny.text", 30, f"{_C}confirmation-dialog-object"),
    _blocks("option.text", "options[].text.text", 75, f"{_C}option-object"),
    _blocks("option.value", "options[].value", 150, f"{_C}option-object"),
    _blocks("option.description", "options[].description.text", 75, f"{_C}option-object"),
    _blocks("option.url", "options[].url", 3000, f"{_C}option-object"),
    _blocks("option_group.label", "option_groups[].label.text", 75, f"{_C}option-group-object"),
    _blocks("option_group.options", "option_groups[].options", 100, f"{_SDK}basic_components.py OptionGroup"),
    _blocks("select.options", "static_select.options", 100, f"{_E}select-menu-element"),
    _blocks("select.option_groups", "static_select.option_groups", 100, f"{_E}select-menu-element"),
    _blocks("select.placeholder", "placeholder.text", 150, f"{_E}select-menu-element"),
    _blocks("overflow.options", "overflow.options", 5, f"{_E}overflow-menu-element"),
    _blocks("checkboxes.options", "checkboxes.options", 10, f"{_E}checkboxes-element"),
    _blocks("radio_buttons.options", "radio_buttons.options", 10, f"{_E}radio-button-group-element"),
    _blocks(
        "plain_text_input.min_length", "plain_text_input.min_length (its value)", 3000, f"{_E}plain-text-input-element"
    ),
    _blocks(
        "plain_text_input.max_length", "plain_text_input.max_length (its value)", 3000, f"{_E}plain-text-input-element"
    ),
)

MESSAGES = (
    Rule("update.text", "chat.update text", 4000, "msg_too_long", f"{_M}chat.update"),
    Rule("post.text", "chat.postMessage text; longer is cut, not refused", 40000, "", f"{_M}chat.postMessage"),
    Rule("post.attachments", "attachments", 100, "too_many_attachments", f"{_M}chat.postMessage"),
    Rule("history.limit", "conversations.history limit", 999, "invalid_limit", f"{_M}conversations.history"),
    Rule(
        "members.limit",
        "conversations.members limit",
        1000,
        "invalid_limit",
        f"{_M}conversations.members; docs.slack.dev/apis/web-api/pagination",
    ),
    Rule("users.limit", "users.list limit", 1000, "invalid_limit", f"{_M}users.list"),
)

FILES = (
    Rule("file.alt_txt", "files.getUploadURLExternal alt_txt", 1000, "alt_txt_too_large",
         f"{_M}files.getUploadURLExternal"),
    Rule("file.snippet", "files.getUploadURLExternal length with a snippet_type, in bytes (a megabyte)", 1_000_000,
         "snippet_too_large", f"{_M}files.getUploadURLExternal"),
)  # fmt: skip

VIEWS = (
    _view("view.blocks", "view.blocks", 100),
    _view("view.title", "view.title.text", 24),
    _view("view.submit", "view.submit.text", 24),
    _view("view.close", "view.close.text", 24),
    _view("view.private_metadata", "view.private_metadata", 3000),
    _view("view.callback_id", "view.callback_id", 255),
    _view("view.external_id", "view.external_id", 255),
    Rule("view.bytes", "the view as JSON, in bytes", 250_000, "view_too_large", f"{_M}views.open"),
    Rule("view.stack", "modals in one stack", 3, "push_limit_reached", "docs.slack.dev/surfaces/modals"),
)

TIMES = (
    Rule("ack.milliseconds", "acknowledging a command or an interaction", 3000, "operation_timeout", _HANDLING),
    Rule("trigger.seconds", "age of a trigger_id", 3, "expired_trigger_id", _HANDLING),
    Rule("trigger.uses", "uses of a trigger_id", 1, "exchanged_trigger_id", _HANDLING),
    Rule("response_url.uses", "uses of a response_url", 5, "used_url", _HANDLING),
    Rule("response_url.seconds", "age of a response_url", 1800, "expired_url", _HANDLING),
    Rule("event.retries", "deliveries after the first", 3, "", "docs.slack.dev/apis/events-api#retries"),
    Rule("socket.connections", "open sockets of an app", 10, "too_many_websockets",
         "docs.slack.dev/apis/events-api/using-socket-mode; github.com/slackapi/bolt-js/issues/2225"),
)  # fmt: skip

MANIFEST = (
    _manifest("manifest.name", "display_information.name", 35),
    _manifest("manifest.description", "display_information.description", 140),
    _manifest("manifest.long_description_least", "display_information.long_description, at least", 174),
    _manifest("manifest.long_description", "display_information.long_description", 4000),
    _manifest("manifest.bot_name", "features.bot_user.display_name", 80),
    _manifest("manifest.commands", "features.slash_commands", 50),
    _manifest("manifest.command", "features.slash_commands[].command", 32),
    _manifest("manifest.command_description", "features.slash_commands[].description", 2000),
    _manifest("manifest.usage_hint", "features.slash_commands[].usage_hint", 1000),
    _manifest("manifest.shortcuts", "features.shortcuts", 10),
    _manifest("manifest.shortcut_name", "features.shortcuts[].name", 24),
    _manifest("manifest.shortcut_callback_id", "features.shortcuts[].callback_id", 255),
    _manifest("manifest.shortcut_description", "features.shortcuts[].description", 150),
    _manifest("manifest.scopes", "oauth_config.scopes.bot", 255),
    _manifest("manifest.events", "settings.event_subscriptions.bot_events", 100),
)

_TIERS = {
    20: "conversations.list usergroups.list usergroups.users.list users.list",
    50: "apps.connections.open chat.delete chat.update conversations.history conversations.info conversations.open "
    "conversations.replies reactions.add users.conversations users.lookupByEmail",
    100: "chat.postEphemeral conversations.members files.completeUploadExternal files.getUploadURLExternal users.info "
    "views.open views.publish views.push views.update",
}
_SPECIAL = {"auth.test": 300, "chat.getPermalink": 300, "chat.postMessage": 300}

RATES = tuple(
    Rule(f"rate.{method}", f"{method}, calls in a minute", limit, "ratelimited", f"{_M}{method}; {_R}")
    for limit, methods in _TIERS.items()
    for method in methods.split()
) + tuple(
    Rule(f"rate.{method}", f"{method}, calls in a minute (a special tier: several hundred)", limit, "ratelimited", _R)
    for method, limit in _SPECIAL.items()
)

POST_PER_SECOND = Rule("rate.channel", "chat.postMessage per channel and second, after a short burst", 1, "ratelimited",
                       f"{_R}#posting-messages")  # fmt: skip


@dataclass(frozen=True)
class Outside:
    """What a method answers for a public channel that the bot is not in, unless the app has the scope `admitted_by`.

    A private one it is not in does not exist for it, whatever the method: `channel_not_found`.
    """

    method: str
    error: str
    admitted_by: str
    source: str


_PUBLIC = "docs.slack.dev/reference/scopes/chat.write.public"
_HISTORY = "docs.slack.dev/reference/scopes/channels.history; github.com/slackapi/deno-slack-sdk/issues/128"

OUTSIDE = {
    row.method: row
    for row in (
        Outside("chat.postMessage", "not_in_channel", "chat:write.public", f"{_M}chat.postMessage; {_PUBLIC}"),
        Outside("chat.postEphemeral", "not_in_channel", "chat:write.public", f"{_M}chat.postEphemeral; {_PUBLIC}"),
        Outside("chat.update", "not_in_channel", "", f"{_M}chat.update"),
        Outside("conversations.history", "not_in_channel", "", f"{_M}conversations.history; {_HISTORY}"),
        Outside("conversations.replies", "not_in_channel", "", f"{_M}conversations.replies; {_HISTORY}"),
        Outside("files.completeUploadExternal", "not_in_channel", "", f"{_M}files.completeUploadExternal"),
    )
}

RULES = (*BLOCKS, *MESSAGES, *FILES, *VIEWS, *TIMES, *MANIFEST, *RATES, POST_PER_SECOND)
_BY_NAME = {rule.name: rule for rule in RULES}


def rule(name: str) -> Rule:
    return _BY_NAME[name]


def limit(name: str) -> int:
    return _BY_NAME[name].limit
