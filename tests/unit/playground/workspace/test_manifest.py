"""Installing by manifest: what it grants, and every mistake said at once."""

from typing import Any

import pytest

from playground.workspace import SlackError, Workspace
from tests.unit.playground.workspace.cases import command, manifest

Json = dict[str, Any]


def problems(made: Json) -> list[str]:
    with pytest.raises(SlackError) as refusal:
        Workspace().install(made)
    assert refusal.value.code == "invalid_manifest"
    return refusal.value.problems


def test_it_grants_what_it_declares_and_nothing_else() -> None:
    ws = Workspace()
    ws.install(manifest(slash_commands=[command(should_escape=True, usage_hint="web 1.4.2")]))
    app = ws.state.app
    assert app.scopes == {"commands", "chat:write", "app_mentions:read"}
    assert app.commands["/deploy"].should_escape
    assert app.events == {"app_mention"}
    assert app.socket_mode
    assert not app.home_tab
    assert ws.state.users[ws.bot_user_id].name == "quarterdeck"


@pytest.mark.parametrize("name", ["/status", "/remind", "/who", "/msg"])
def test_slacks_own_commands_are_refused(name: str) -> None:
    assert f"{name} is built into Slack [json-pointer:/features/slash_commands/0/command]" in problems(
        manifest(slash_commands=[command(command=name)])
    )


def test_every_mistake_is_said_at_once() -> None:
    made = manifest(slash_commands=[command(command="/Deploy"), command(), command()])
    made["oauth_config"]["scopes"]["bot"] = ["chat:write", "chat:rite"]
    made["settings"]["socket_mode_enabled"] = False
    said = "\n".join(problems(made))
    for part in (
        "slash commands need the scope commands",
        "must be a slash and lower-case letters",
        "/deploy is declared twice",
        "missing required field: url [json-pointer:/features/slash_commands/0]",
        "unknown scope: chat:rite",
        "app_mention needs the scope app_mentions:read",
        "missing required field: request_url [json-pointer:/settings/event_subscriptions]",
        "missing required field: request_url [json-pointer:/settings/interactivity]",
    ):
        assert part in said


def test_unknown_fields_are_named() -> None:
    assert problems(manifest(slash_command=[])) == [
        "invalid additional property: slash_command [json-pointer:/features]"
    ]
    assert problems({}) == ["missing required field: display_information [json-pointer:]"]
