"""Whom a message pings: the raw sequences do, escaped ones do not, plain text does not, edits never."""

from typing import Any

import pytest
from slack_sdk import WebClient

from playground.workspace import Channel, User, Workspace
from playground.workspace.mrkdwn import pings_in, readable
from tests.unit.playground.workspace.cases import mrkdwn, plain, section

PINGS = {
    "<!channel>": {"channel"},
    "<!here|here> and <!everyone>": {"here", "everyone"},
    "<@U123> <@U456|sam>": {"U123", "U456"},
    "<!subteam^S123> <!subteam^S456|@oncall>": {"S123", "S456"},
    "`<!channel>` is no shelter": {"channel"},
    "&lt;!channel&gt; &lt;@U123&gt;": set(),
    "@channel @sam": set(),
    "<#C123|general> <https://example.com|<!channel>": {"channel"},
    "<!date^1^{date}|then> <!channels>": set(),
}


@pytest.mark.parametrize(("text", "pings"), PINGS.items())
def test_text(text: str, pings: set[str]) -> None:
    assert pings_in(text) == pings


def test_readable() -> None:
    text = (
        "<@U1> in <#C1|deploys>: <https://x.test|web> &lt;1&gt; &amp;amp; <!date^1^{date}|today> <!subteam^S1> <!here>"
    )
    names = {"U1": "sam", "S1": "oncall"}
    assert readable(text, names) == "@sam in #deploys: web <1> &amp; today @oncall @here"


@pytest.mark.parametrize(
    ("blocks", "pings"),
    [
        ([section("<!channel>")], {"channel"}),
        ([{"type": "header", "text": plain("<!channel>")}], set()),
        ([{"type": "context", "elements": [mrkdwn("<@U1>")]}], {"U1"}),
        (
            [
                {
                    "type": "rich_text",
                    "elements": [
                        {"type": "rich_text_section", "elements": [{"type": "broadcast", "range": "here"}]},
                        {"type": "rich_text_section", "elements": [{"type": "usergroup", "usergroup_id": "S1"}]},
                        {"type": "rich_text_section", "elements": [{"type": "text", "text": "<!channel>"}]},
                    ],
                }
            ],
            {"here", "S1"},
        ),
    ],
)
def test_blocks(
    ws: Workspace, client: WebClient, deploys: Channel, blocks: list[dict[str, Any]], pings: set[str]
) -> None:
    client.chat_postMessage(channel=deploys.id, text="x", blocks=blocks)
    assert ws.messages(deploys)[0].pings == pings


def test_text_beside_blocks_counts_as_a_ping_but_notifies_nobody(
    ws: Workspace, client: WebClient, sam: User, deploys: Channel
) -> None:
    client.chat_postMessage(channel=deploys.id, text=sam.mention, blocks=[section("no mention")])
    assert ws.messages(deploys)[0].pings == {sam.id}
    assert ws.notifications(sam) == []


def test_notifications(ws: Workspace, client: WebClient, sam: User, robin: User, deploys: Channel) -> None:
    oncall = ws.add_group("oncall", [robin, ws.add_user("absent")])
    ts = client.chat_postMessage(channel=deploys.id, text=f"{sam.mention} asked {oncall.mention}")["ts"]
    client.chat_update(channel=deploys.id, ts=ts, text=f"{sam.mention} {robin.mention} <!channel>")
    client.chat_postMessage(channel=sam.id, text="only you")
    client.chat_postMessage(channel=deploys.id, text="@channel", link_names=True)
    assert [n.why for n in ws.notifications(sam)] == ["mention", "dm", "channel"]
    assert [n.why for n in ws.notifications(robin)] == ["group", "channel"]
