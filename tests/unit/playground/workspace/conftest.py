"""A running workspace for each test, with two people in one channel, and Slack's own client library to talk to it."""

from collections.abc import Iterator

import pytest
from slack_sdk import WebClient

from playground.workspace import Channel, User, Workspace


@pytest.fixture
def ws() -> Iterator[Workspace]:
    with Workspace() as workspace:
        workspace.install_all(["/deploy", "/ops"])
        workspace.set_event_retries(0.0, 0.01, 0.01)
        yield workspace


@pytest.fixture
def impatient(ws: Workspace) -> None:
    """An acknowledgement that never comes is not waited for as long as Slack does."""
    ws.set_ack_timeout(0.4)


@pytest.fixture
def sam(ws: Workspace) -> User:
    return ws.add_user("sam")


@pytest.fixture
def robin(ws: Workspace) -> User:
    return ws.add_user("robin")


@pytest.fixture
def deploys(ws: Workspace, sam: User, robin: User) -> Channel:
    return ws.add_channel("deploys", [sam, robin])


@pytest.fixture
def client(ws: Workspace) -> WebClient:
    return WebClient(ws.bot_token, base_url=ws.url)
