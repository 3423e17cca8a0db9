"""Questions to the cluster and their answers, kept for as long as the command's declaration says."""

from __future__ import annotations

from dataclasses import dataclass, replace

from commands import canonical
from commands.errors import NotFound
from commands.invocation import Invocation
from commands.report import Report
from commands.store.connection import Wire
from commands.store.schema import decode

SEEN = 3600
SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Question:
    """``answer`` is None until a worker has given it. ``private``: for the asker alone, as every answer that says no."""

    id: str
    invocation: Invocation
    private: bool
    seconds: int
    created: float
    answer: Report | None = None
    schema: int = SCHEMA


class Reports:
    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def ask(self, question: Question, seen: str) -> str:
        """Returns the id at work on it: another than the question's where the same delivery came before."""
        record = canonical.dump(question)
        due = question.created + 5
        at_work: str = self._wire.run("ask", question.id, record, question.seconds, due, seen, SEEN)
        return at_work

    def load(self, id: str) -> Question:
        """Raises ``NotFound`` or ``NewerRecord``."""
        record = self._wire.client.get(self._wire.key("report", id))
        if record is None:
            raise NotFound("That answer is no longer kept; please ask again.")
        return decode(record, Question, SCHEMA)

    def answer(self, question: Question, report: Report, now: float) -> None:
        """Store the answer and mark it for Slack."""
        record = canonical.dump(replace(question, answer=report))
        self._wire.run("report", question.id, record, question.seconds, now)
