"""The bot between a played Slack and a real Redis, one step at a time (see ``tests/invariants/deck.py``)."""

from tests.invariants.conftest import deck

__all__ = ["deck"]
