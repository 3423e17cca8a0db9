"""Who is who, as last read from Slack: written by the bot, read by everyone. Kept until read anew; each fact has its time.

What a newer version of Quarterdeck wrote is not known here: who needs it asks the bot, which reads it from Slack again.
"""

from __future__ import annotations

from collections.abc import Iterable

from commands import canonical
from commands.membership import SCHEMA, ChannelFacts, GroupFacts, Membership, PersonFacts
from commands.store.connection import Wire
from commands.store.schema import decode_known


class People:
    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def membership(self, people: Iterable[str]) -> Membership:
        """What is known of these people, and of every group."""
        wanted = sorted(set(people))
        with self._wire.client.pipeline(transaction=False) as pipe:
            pipe.hmget(self._wire.key("people"), wanted or ["-"])
            pipe.hgetall(self._wire.key("groups"))
            pipe.get(self._wire.key("team"))
            found, groups, team = pipe.execute()
        return Membership(
            people={person.id: person for facts in found if (person := decode_known(facts, PersonFacts, SCHEMA))},
            groups={group.id: group for facts in groups.values() if (group := decode_known(facts, GroupFacts, SCHEMA))},
            team=team,
        )

    def channel(self, id: str) -> ChannelFacts | None:
        """Whether the bot can post there, as last read."""
        found = self._wire.client.hget(self._wire.key("channels"), id)
        return decode_known(found, ChannelFacts, SCHEMA)

    def put(
        self,
        people: Iterable[PersonFacts] = (),
        groups: Iterable[GroupFacts] = (),
        channels: Iterable[ChannelFacts] = (),
    ) -> None:
        """What was read from Slack; it is wanted no more."""
        facts: dict[str, Iterable[PersonFacts | GroupFacts | ChannelFacts]] = {
            "people": people,
            "groups": groups,
            "channels": channels,
        }
        with self._wire.client.pipeline() as pipe:
            for name, every in facts.items():
                if read := {fact.id: canonical.dump(fact).decode() for fact in every}:
                    pipe.hset(self._wire.key(name), mapping=read)
                    pipe.srem(self._wire.key("wanted"), *read)
            pipe.publish(self._wire.key("bell", "membership"), "")
            pipe.execute()

    def home(self, team: str) -> None:
        """Which workspace is home."""
        self._wire.client.set(self._wire.key("team"), team)

    def want(self, ids: Iterable[str]) -> None:
        """Ask the bot to read these from Slack now."""
        with self._wire.client.pipeline() as pipe:
            pipe.sadd(self._wire.key("wanted"), *ids)
            pipe.publish(self._wire.key("bell", "wanted"), "")
            pipe.execute()

    def wanted(self) -> frozenset[str]:
        return frozenset(self._wire.client.smembers(self._wire.key("wanted")))

    def unwant(self, ids: Iterable[str]) -> None:
        """Slack does not know them."""
        self._wire.client.srem(self._wire.key("wanted"), *ids)
