"""Questions to the cluster and their answers, kept for as long as the command's declaration says."""

from __future__ import annotations

from dataclasses import dataclass, replace

from commands import canonical
from commands.concern import concerns_too
from commands.errors import NotFound
from commands.invocation import NEWEST_SAID, Invocation
from commands.proof.signing import Key
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
    signature: str | None = None
    """The bot's, of all that was asked: answers tell what the asker may know, and go to the place that it names."""
    schema: int = SCHEMA


class Reports:
    def __init__(self, wire: Wire, key: Key | None) -> None:
        self._wire, self._key = wire, key

    def ask(self, question: Question, seen: str) -> str:
        """Signs it. Returns the id at work on it: another than the question's where the same delivery came before."""
        signature = self._key.mac("question", _asked(question)) if self._key else None
        record = canonical.dump(replace(question, signature=signature))
        due = question.created + 5
        at_work: str = self._wire.run("ask", question.id, record, question.seconds, due, seen, SEEN)
        return at_work

    def load(self, id: str) -> Question:
        """Raises ``NotFound`` or ``NewerRecord``."""
        record = self._wire.client.get(self._wire.key("report", id))
        if record is None:
            raise NotFound("That answer is no longer kept; please ask again.")
        question = decode(record, Question, NEWEST_SAID)
        concerns_too(id, question.invocation.person.id)
        return question

    def was_asked(self, question: Question) -> bool:
        """Whether the bot put this very question. Without a key everything is believed."""
        return self._key is None or self._key.made(question.signature or "", "question", _asked(question))

    def answer(self, question: Question, report: Report, now: float) -> None:
        """Store the answer and mark it for Slack."""
        record = canonical.dump(replace(question, answer=report))
        self._wire.run("report", question.id, record, question.seconds, now)


def _asked(question: Question) -> bytes:
    return canonical.said([question.id, question.invocation, question.created])
