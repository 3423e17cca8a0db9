"""When an envelope reached us, however late it is handled; and none is remembered for ever."""

from __future__ import annotations

from bot.receipts import KEPT, Receipts


class Time:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_an_envelope_keeps_its_time():
    time = Time()
    receipts = Receipts(time)
    receipts.note("e1")
    time.now += 5
    assert receipts.take("e1") == 1000.0


def test_what_is_never_handled_is_forgotten():
    time = Time()
    receipts = Receipts(time)
    for number in range(1000):
        receipts.note(f"e{number}")
        time.now += 1
    assert len(receipts) <= KEPT + 1


def test_what_was_forgotten_is_taken_for_old():
    """It waited in the queue: taken for new it would be carried out."""
    time = Time()
    receipts = Receipts(time)
    receipts.note("e1")
    time.now += 2 * KEPT
    receipts.note("e2")
    assert receipts.take("e1") == time.now - KEPT
