"""The publisher: takes what must still reach Slack, finals first, and delivers it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event

from bot.budget import Budget, OverBudget
from bot.delivery import Delivery
from bot.slack import RateLimited, Refused, SlackProblem
from commands.errors import NewerRecord, NotFound, StoreUnavailable
from commands.store import Store, Taken

log = logging.getLogger(__name__)

PROGRESS_EVERY = 2.0
"""Seconds for which progress of one operation is gathered before its message is edited again."""

BACKOFF = 2.0
"""Seconds until the next try when Slack does not answer."""


class Publisher:
    def __init__(self, store: Store, delivery: Delivery, budget: Budget, now: Callable[[], float]) -> None:
        self._store, self._delivery, self._budget, self._now = store, delivery, budget, now

    def step(self, stopping: Event) -> None:
        """Deliver all that can be delivered now. Raises ``StoreUnavailable``."""
        while not stopping.is_set() and (taken := self._store.outbox.take(self._now())):
            again = self._deliver(taken)
            self._store.outbox.done(taken, again)

    def _deliver(self, taken: Taken) -> float | None:
        """None when Slack shows it; else when to try again."""
        try:
            if taken.id.startswith("re-"):
                self._delivery.question(self._store.reports.load(taken.id))
            else:
                self._delivery.operation(taken.id, taken.level)
        except OverBudget as error:
            return self._now() + error.seconds
        except RateLimited as error:
            self._budget.limited(error.budget, error.seconds)
            return self._now() + error.seconds
        except NotFound:
            return None
        except NewerRecord as error:
            log.warning("%s: %s", taken.id, error)
            return self._now() + 60
        except Refused as error:
            log.error("%s: cannot be shown in Slack, tried again in a minute: %s", taken.id, error)
            return self._now() + 60
        except SlackProblem as error:
            log.warning("%s: %s", taken.id, error)
            return self._now() + BACKOFF
        except StoreUnavailable:
            raise
        return None
