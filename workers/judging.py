"""What would come of a change that somebody only asks about (``can …``): by the rules, the cluster and the store as they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from commands.config import Config
from commands.declaration import Changes
from commands.draft import Draft, Exposure
from commands.errors import NothingToChange, Refusal
from commands.invocation import Invocation
from commands.live import Live, Object
from commands.membership import Membership
from commands.objects import name_of
from commands.policy import Circumstances, is_shown, scope_of
from commands.policy.explaining import Explanation, change, permission
from commands.policy.standing import Known
from commands.registry import discover, right_of
from commands.store import Store


@dataclass(frozen=True)
class Judge:
    """Built by ``Context.live`` for one command. ``exposure``: see ``Context.exposure``. ``max_age``: of what Slack said, in seconds."""

    config: Config
    store: Store
    asker: Invocation
    exposure: Callable[[str, Draft, Object], Exposure | None]
    now: Callable[[], float]
    max_age: float

    def judge(self, said: Invocation, live: Live) -> Explanation:
        """Nothing is read of the cluster for whom the rules refuse at once. Raises ``MembershipUnknown`` and ``ClusterError``'s kinds."""
        permitted = self._permitted(said)
        effect = discover().get(said.verb).effect
        if permitted.refused or not isinstance(effect, Changes):
            return permitted
        try:
            return self._change(said, effect, live)
        except NothingToChange:
            return permitted
        except Refusal as error:
            return replace(permitted, refused=(str(error),))

    def shows(self, workload: Object) -> bool:
        """Whether the asker may be told that there is such a workload: by the right to what they are asking."""
        scope = scope_of(self.asker, right_of(self.asker), workload["metadata"].get("labels") or {})
        known = Known(self._membership, self.now(), self.max_age)
        return is_shown(self.config, known, self.asker.person, replace(scope, workload=name_of(workload)))

    def _change(self, said: Invocation, effect: Changes, live: Live) -> Explanation:
        draft = effect.plan(said, live)
        target = live.workload(f"{draft.patch.ref.kind}/{draft.patch.ref.name}")
        permitted = self._permitted(said, target["metadata"].get("labels") or {})
        if permitted.refused:
            return permitted
        plan = live.preview(said.verb, draft)
        exposure = self.exposure(live.environment, draft, target)
        return change(
            self.config, self._membership, permitted, said, plan, self._circumstances(said), exposure,
            now=self.now(), max_age=self.max_age,
        )  # fmt: skip

    def _permitted(self, said: Invocation, labels: dict[str, str] | None = None) -> Explanation:
        scope = scope_of(said, labels=labels)
        return permission(self.config, self._membership, said.person, scope, now=self.now(), max_age=self.max_age)

    @cached_property
    def _membership(self) -> Membership:
        """Read once: this object lives for one command."""
        return self.store.people.membership([self.asker.person.id])

    def _circumstances(self, said: Invocation) -> Circumstances:
        environment = said.environment or ""
        locks = self.store.locks.in_force(self.now())
        return Circumstances(
            asked_before=self.store.turns.asked(environment, said.person.id, self.now()),
            running_before=self.store.turns.running(environment),
            locks=tuple(lock for lock in locks if lock.environment == environment),
        )
