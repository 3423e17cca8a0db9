"""Giving the answers of commands that only read: in the channel or privately, and as a file what no message has room for."""

from __future__ import annotations

import logging

from bot.linking import link_to
from bot.places import GONE
from bot.posts import Posts
from bot.slack import Refused, Slack
from bot.views.links import operations_in
from bot.views.names import named, people_in
from bot.views.report import Beside, report, too_long
from bot.views.view import View
from bot.whispers import Whispers, is_told
from commands.report import Code, Report
from commands.store import Question, Store

log = logging.getLogger(__name__)

ANSWER, FILE = "answer", "file"

NO_FILES = (
    "To give you the whole as a file I need the scope files:write: whoever keeps the app can take it from "
    "`quarterdeck manifest` and install the app again."
)


class Answers:
    def __init__(self, slack: Slack, store: Store, posts: Posts, whispers: Whispers) -> None:
        self._slack, self._store, self._posts, self._whispers = slack, store, posts, whispers

    def give(self, question: Question) -> None:
        """Give an answer, in the channel or privately."""
        if question.answer is None:
            return
        place, view = question.invocation.place, self._answer(question, question.answer)
        if question.private or (place.response_url and not place.thread):
            self._privately(question, view, in_channel=not question.private)
            return
        try:
            self._publicly(question, view)
        except Refused as error:
            if error.code not in GONE:
                raise
            self._privately(question, view)

    def _answer(self, question: Question, answer: Report) -> View:
        links = {id: link for id in operations_in(answer) if (link := link_to(self._store, id))}
        return report(self._named(answer), Beside(self._file(question), links))

    def _file(self, question: Question) -> str:
        """Give what the message has no room for as a file; a private one where nobody else reads it. Returns what to say of it."""
        text = too_long(question.answer) if question.answer else None
        if text is None:
            return ""
        known = self._store.deliveries.all(question.id).get(FILE)
        if known is None:
            known = self._store.deliveries.move(question.id, FILE, None, {"said": self._upload(question, text)})
        return str(known["said"])

    def _upload(self, question: Question, text: Code) -> str:
        place = question.invocation.place
        try:
            if question.private:
                self._slack.upload(self._whispers.direct(question.invocation.person.id), text.file, text.text)
                return f"The whole is {text.file}, in our direct messages."
            self._slack.upload(place.channel, text.file, text.text, thread=place.thread)
        except Refused as refused:
            log.warning("%s: its file could not be given: %s", question.id, refused)
            return (
                NO_FILES if refused.code == "missing_scope" else f"Slack takes no file of the whole ({refused.code})."
            )
        return f"The whole is {text.file}, here."

    def _publicly(self, question: Question, view: View) -> None:
        known, said = self._store.deliveries.all(question.id).get(ANSWER), question.invocation.place
        if known is None or not is_told(known):
            place = {"channel": said.channel, "thread": said.thread}
            self._posts.once(question.id, ANSWER, known, place, view, since=question.created)

    def _privately(self, question: Question, view: View, *, in_channel: bool = False) -> None:
        place, person = question.invocation.place, question.invocation.person.id
        stands = self._store.deliveries.all(question.id)
        self._whispers.once(
            question.id, stands, ANSWER, lambda: self._whispers.whisper(place, person, view, in_channel=in_channel)
        )

    def _named(self, answer: Report) -> Report:
        people = people_in(answer)
        if not people:
            return answer
        known = self._store.people.membership(people).people
        return named(answer, {id: facts.name for id, facts in known.items()})
