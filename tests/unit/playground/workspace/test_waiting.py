"""Waiting and reading: conditions instead of sleeps, and failures that show what the channel reads."""

import ast
import threading
from pathlib import Path

import pytest
from slack_sdk import WebClient

from playground.workspace import Channel, User, Workspace


def test_wait_message_returns_when_it_comes(ws: Workspace, client: WebClient, deploys: Channel) -> None:
    later = threading.Timer(0.05, lambda: client.chat_postMessage(channel=deploys.id, text="web: succeeded"))
    later.start()
    assert ws.wait_message(deploys, "succeeded").text == "web: succeeded"
    later.join()


def test_a_failure_shows_what_is_there(ws: Workspace, client: WebClient, sam: User, deploys: Channel) -> None:
    ts = client.chat_postMessage(channel=deploys.id, text="planning")["ts"]
    client.chat_update(channel=deploys.id, ts=ts, text="failed")
    client.chat_postMessage(channel=deploys.id, text="why", thread_ts=ts)
    client.chat_postEphemeral(channel=deploys.id, user=sam.id, text="psst")
    with pytest.raises(AssertionError) as failure:
        ws.wait_message(deploys, "succeeded", timeout=0.01)
    for part in ("'succeeded' in deploys", "bot: failed (edited 1 times)", "    bot: why", "only sam sees"):
        assert part in str(failure.value)


def test_snapshots_stay_as_they_were(ws: Workspace, client: WebClient, deploys: Channel) -> None:
    ts = client.chat_postMessage(channel=deploys.id, text="before")["ts"]
    [seen] = ws.messages(deploys)
    client.chat_update(channel=deploys.id, ts=ts, text="after")
    assert seen.text == "before"


def test_it_shares_no_code_with_the_product() -> None:
    """Nor with slack_sdk: a mistake made on both sides would hide."""
    root = Path(__file__).parents[4] / "playground" / "workspace"
    for path in root.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            tops = {name.partition(".")[0] for name in names}
            assert not tops & {"bot", "commands", "workers", "quarterdeck", "slack_sdk", "slack_bolt"}, path
