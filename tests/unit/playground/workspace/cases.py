"""For each row of the table of limits: how to make something of a given size that the row speaks of."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def x(size: int) -> str:
    return "x" * size


def section(text: str = "x", **more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(text), **more}


def button(**more: Any) -> Json:
    return {"type": "button", "text": plain("x"), **more}


def actions(*elements: Json) -> list[Json]:
    return [{"type": "actions", "elements": list(elements)}]


def option(number: int = 0, **more: Any) -> Json:
    return {"text": plain(f"x{number}"), "value": f"v{number}", **more}


def options(count: int) -> list[Json]:
    return [option(n) for n in range(count)]


def select(**more: Any) -> list[Json]:
    element = {"type": "static_select", "placeholder": plain("x"), **more}
    if "option_groups" not in element:
        element.setdefault("options", options(1))
    return actions(element)


def confirm(**more: Any) -> list[Json]:
    dialog = {name: plain("x") for name in ("title", "text", "confirm", "deny")} | more
    return actions(button(confirm=dialog))


def text_input(**more: Any) -> Json:
    element = {"type": "plain_text_input", **more.pop("element", {})}
    return {"type": "input", "label": plain("x"), "element": element, **more}


def image(**more: Any) -> list[Json]:
    return [{"type": "image", "image_url": "https://example.com/x.png", "alt_text": "x", **more}]


def table(rows: int = 1, columns: int = 1, **more: Any) -> Json:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * columns] * rows, **more}


BLOCKS: dict[str, Callable[[int], list[Json]]] = {
    "message.blocks": lambda n: [{"type": "divider"}] * n,
    "block.block_id": lambda n: [{"type": "divider", "block_id": x(n)}],
    "element.action_id": lambda n: actions(button(action_id=x(n))),
    "text.text": lambda n: [{"type": "context", "elements": [mrkdwn(x(n))]}],
    "section.text": lambda n: [section(x(n))],
    "section.fields": lambda n: [{"type": "section", "fields": [mrkdwn("x")] * n}],
    "section.field": lambda n: [{"type": "section", "fields": [mrkdwn(x(n))]}],
    "header.text": lambda n: [{"type": "header", "text": plain(x(n))}],
    "context.elements": lambda n: [{"type": "context", "elements": [mrkdwn("x")] * n}],
    "actions.elements": lambda n: actions(*[button()] * n),
    "input.label": lambda n: [text_input(label=plain(x(n)))],
    "input.hint": lambda n: [text_input(hint=plain(x(n)))],
    "markdown.text": lambda n: [{"type": "markdown", "text": x(n - 10)}, {"type": "markdown", "text": x(10)}],
    "image.image_url": lambda n: image(image_url=x(n)),
    "image.alt_text": lambda n: image(alt_text=x(n)),
    "image.title": lambda n: image(title=plain(x(n))),
    "message.blocks_text": lambda n: [section(x(3000))] * 4 + [section(x(n - 12000))],
    "table.rows": lambda n: [table(rows=n)],
    "table.columns": lambda n: [table(columns=n)],
    "table.column_settings": lambda n: [table(column_settings=[{"align": "right"}] * n)],
    "table.per_message": lambda n: [table()] * n,
    "button.text": lambda n: actions(button(text=plain(x(n)))),
    "button.value": lambda n: actions(button(value=x(n))),
    "button.url": lambda n: actions(button(url=x(n))),
    "button.accessibility_label": lambda n: actions(button(accessibility_label=x(n))),
    "confirm.title": lambda n: confirm(title=plain(x(n))),
    "confirm.text": lambda n: confirm(text=mrkdwn(x(n))),
    "confirm.confirm": lambda n: confirm(confirm=plain(x(n))),
    "confirm.deny": lambda n: confirm(deny=plain(x(n))),
    "option.text": lambda n: select(options=[option(text=plain(x(n)))]),
    "option.value": lambda n: select(options=[option(value=x(n))]),
    "option.description": lambda n: select(options=[option(description=plain(x(n)))]),
    "option.url": lambda n: actions({"type": "overflow", "options": [option(url=x(n))]}),
    "option_group.label": lambda n: select(option_groups=[{"label": plain(x(n)), "options": options(1)}]),
    "option_group.options": lambda n: select(option_groups=[{"label": plain("x"), "options": options(n)}]),
    "select.options": lambda n: select(options=options(n)),
    "select.option_groups": lambda n: select(option_groups=[{"label": plain("x"), "options": options(1)}] * n),
    "select.placeholder": lambda n: select(placeholder=plain(x(n))),
    "overflow.options": lambda n: actions({"type": "overflow", "options": options(n)}),
    "checkboxes.options": lambda n: actions({"type": "checkboxes", "options": options(n)}),
    "radio_buttons.options": lambda n: actions({"type": "radio_buttons", "options": options(n)}),
    "plain_text_input.min_length": lambda n: [text_input(element={"min_length": n})],
    "plain_text_input.max_length": lambda n: [text_input(element={"max_length": n})],
}


def view(**more: Any) -> Json:
    return {"type": "modal", "title": plain("x"), "blocks": [section()], **more}


def view_of_bytes(size: int) -> Json:
    """Many sections, the last as long as is missing."""
    sections = [section(x(2950))] * 82
    missing = size - len(json.dumps(view(blocks=[*sections, section("")])).encode())
    return view(blocks=[*sections, section(x(missing))])


VIEWS: dict[str, Callable[[int], Json]] = {
    "view.blocks": lambda n: view(blocks=[{"type": "divider"}] * n),
    "view.title": lambda n: view(title=plain(x(n))),
    "view.submit": lambda n: view(submit=plain(x(n))),
    "view.close": lambda n: view(close=plain(x(n))),
    "view.private_metadata": lambda n: view(private_metadata=x(n)),
    "view.callback_id": lambda n: view(callback_id=x(n)),
    "view.external_id": lambda n: view(external_id=x(n)),
    "view.bytes": view_of_bytes,
}


def manifest(**features: Any) -> Json:
    return {
        "display_information": {"name": "Quarterdeck", **features.pop("display", {})},
        "features": {"bot_user": {"display_name": "quarterdeck"}, **features},
        "oauth_config": {"scopes": {"bot": ["commands", "chat:write", "app_mentions:read"]}},
        "settings": {
            "event_subscriptions": {"bot_events": ["app_mention"]},
            "interactivity": {"is_enabled": True},
            "socket_mode_enabled": True,
        },
    }


def command(**more: Any) -> Json:
    return {"command": "/deploy", "description": "Deploy a version", **more}


def commands(count: int) -> list[Json]:
    return [command(command=f"/deploy{n}") for n in range(count)]


def shortcut(number: int = 0, **more: Any) -> Json:
    return {"name": "Logs", "type": "message", "callback_id": f"logs{number}", "description": "Logs", **more}


def with_events(count: int) -> Json:
    made = manifest()
    made["settings"]["event_subscriptions"]["bot_events"] = ["app_mention"] * count
    return made


def with_scopes(count: int) -> Json:
    made = manifest()
    made["oauth_config"]["scopes"]["bot"] = ["commands", "app_mentions:read"] + ["chat:write"] * (count - 2)
    return made


MANIFESTS: dict[str, Callable[[int], Json]] = {
    "manifest.name": lambda n: manifest(display={"name": x(n)}),
    "manifest.description": lambda n: manifest(display={"description": x(n)}),
    "manifest.long_description": lambda n: manifest(display={"long_description": x(n)}),
    "manifest.long_description_least": lambda n: manifest(display={"long_description": x(n)}),
    "manifest.bot_name": lambda n: manifest(bot_user={"display_name": x(n)}),
    "manifest.commands": lambda n: manifest(slash_commands=commands(n)),
    "manifest.command": lambda n: manifest(slash_commands=[command(command="/" + x(n - 1))]),
    "manifest.command_description": lambda n: manifest(slash_commands=[command(description=x(n))]),
    "manifest.usage_hint": lambda n: manifest(slash_commands=[command(usage_hint=x(n))]),
    "manifest.shortcuts": lambda n: manifest(shortcuts=[shortcut(i) for i in range(n)]),
    "manifest.shortcut_name": lambda n: manifest(shortcuts=[shortcut(name=x(n))]),
    "manifest.shortcut_callback_id": lambda n: manifest(shortcuts=[shortcut(callback_id=x(n))]),
    "manifest.shortcut_description": lambda n: manifest(shortcuts=[shortcut(description=x(n))]),
    "manifest.scopes": with_scopes,
    "manifest.events": with_events,
}
