"""The publisher: takes what must still reach Slack, finals first, and delivers it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event

from bot.answers import Answers
from bot.budget import OverBudget
from bot.delivery import Delivery
from bot.slack import RateLimited, Refused, SlackProblem
from commands.concern import concerning
from commands.errors import NewerRecord, NotFound, Stale, StoreUnavailable
from commands.notices.notice import PREFIX as NOTICE
from commands.store import Store, Taken

log = logging.getLogger(__name__)

BACKOFF = 2.0
"""Seconds until the next try when Slack does not answer."""

LONG_BACKOFF = 60.0
"""The same when Slack says no, which waiting seldom mends."""

MEANWHILE = 5.0
"""Seconds for which a newer version's record is left to bots that can read it: a short while, for it is kept from them too."""


class Publisher:
    def __init__(self, store: Store, delivery: Delivery, answers: Answers, now: Callable[[], float]) -> None:
        self._store, self._delivery, self._answers, self._now = store, delivery, answers, now
        self._left_alone: set[str] = set()

    def step(self, stopping: Event) -> None:
        """Deliver all that can be delivered now. Raises ``StoreUnavailable``."""
        while not stopping.is_set() and (taken := self._store.outbox.take(self._now())):
            with concerning(taken.id):
                again = self._deliver(taken)
            self._store.outbox.done(taken, again)

    def _deliver(self, taken: Taken) -> float | None:
        """None when Slack shows it; else when to try again."""
        try:
            self._show(taken)
        except OverBudget as error:
            return self._now() + error.seconds
        except Stale:
            return self._now()  # somebody else showed it meanwhile, or it stands elsewhere now: look at it anew
        except NotFound:
            return None  # its lifetime is over
        except (SlackProblem, NewerRecord) as error:
            return self._now() + self._pause(taken.id, error)
        except StoreUnavailable:
            raise
        except Exception:  # one record that cannot be shown must not stop the others
            log.exception("%s: cannot be shown in Slack; trying again in %g s", taken.id, LONG_BACKOFF)
            return self._now() + LONG_BACKOFF
        return None

    def _show(self, taken: Taken) -> None:
        if taken.id.startswith("re-"):
            self._answers.give(self._store.reports.load(taken.id))
        elif taken.id.startswith(NOTICE):
            self._delivery.notice(self._store.notices.load(taken.id))
        else:
            self._delivery.operation(taken.id, taken.level)

    def _pause(self, id: str, problem: SlackProblem | NewerRecord) -> float:
        """Seconds until the next try."""
        if id not in self._left_alone:
            log.warning("%s: not shown in Slack yet: %s", id, problem)
        match problem:
            case NewerRecord():
                self._left_alone.add(id)  # a newer bot sees to it: said once is enough
                return MEANWHILE
            case RateLimited():
                return problem.seconds
            case Refused():
                return LONG_BACKOFF
            case _:
                return BACKOFF
