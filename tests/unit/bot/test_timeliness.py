"""A command that reached us too late to be acknowledged is not carried out."""

from __future__ import annotations

import pytest
from slack_bolt import BoltRequest

from bot.timeliness import RECEIVED, is_late


def request(**headers: str) -> BoltRequest:
    return BoltRequest(body="", headers={name.replace("_", "-"): value for name, value in headers.items()})


@pytest.mark.parametrize(("sent", "late"), [(100, False), (98, False), (97, True), (90, True)])
def test_over_http_by_the_signed_timestamp(sent: int, late: bool):
    assert is_late(request(x_slack_request_timestamp=str(sent)), now=100.0) is late


@pytest.mark.parametrize(("received", "late"), [(100.0, False), (97.6, False), (97.4, True)])
def test_over_socket_mode_by_our_receipt(received: float, late: bool):
    assert is_late(BoltRequest(mode="socket_mode", body={}, headers={RECEIVED: str(received)}), now=100.0) is late
