"""Who is who, as last read from Slack: written by the bot, read by everyone. Kept until read anew; each fact has its time.

What a newer version of Quarterdeck wrote is not known here, nor what bears no signature of ours where there is a key: who
needs it asks the bot, which reads it from Slack again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from commands import canonical
from commands.membership import SCHEMA, ChannelFacts, GroupFacts, Membership, PersonFacts
from commands.proof.signing import Key
from commands.store.connection import Pipeline, Wire
from commands.store.schema import decode_known

Fact = TypeVar("Fact", PersonFacts, GroupFacts, ChannelFacts)


class People:
    def __init__(self, wire: Wire, key: Key | None) -> None:
        self._wire, self._key = wire, key

    def membership(self, people: Iterable[str]) -> Membership:
        """What is known of these people, and of every group."""
        with self._wire.client.pipeline(transaction=False) as pipe:
            self.ask(pipe, people)
            return self.answered(*pipe.execute())

    def ask(self, pipe: Pipeline, people: Iterable[str]) -> None:
        """Put the questions of ``membership`` to Redis along with others; ``answered`` reads their three answers."""
        pipe.hmget(self._wire.key("people"), sorted(set(people)) or ["-"])
        pipe.hgetall(self._wire.key("groups"))
        pipe.get(self._wire.key("team"))

    def answered(self, found: list[str | None], groups: dict[str, str], team: str | None) -> Membership:
        members = (self._believed(facts, PersonFacts) for facts in found)
        circles = (self._believed(facts, GroupFacts) for facts in groups.values())
        return Membership(
            people={person.id: person for person in members if person},
            groups={group.id: group for group in circles if group},
            team=team,
        )

    def channel(self, id: str) -> ChannelFacts | None:
        """Whether the bot can post there, as last read."""
        found = self._wire.client.hget(self._wire.key("channels"), id)
        return self._believed(found, ChannelFacts)

    def put(
        self,
        people: Iterable[PersonFacts] = (),
        groups: Iterable[GroupFacts] = (),
        channels: Iterable[ChannelFacts] = (),
    ) -> None:
        """What was read from Slack; it is wanted no more."""
        facts = {
            "people": {fact.id: self._signed(fact) for fact in people},
            "groups": {fact.id: self._signed(fact) for fact in groups},
            "channels": {fact.id: self._signed(fact) for fact in channels},
        }
        with self._wire.client.pipeline() as pipe:
            for name, read in facts.items():
                if read:
                    pipe.hset(self._wire.key(name), mapping=read)
                    pipe.srem(self._wire.key("wanted"), *read)
            pipe.publish(self._wire.key("bell", "membership"), "")
            pipe.execute()

    def _signed(self, fact: Fact) -> str:
        """As it lies in Redis."""
        mac = self._key.mac("fact", _words(fact)) if self._key else None
        return canonical.dump(replace(fact, signature=mac)).decode()

    def _believed(self, kept: str | None, type_: type[Fact]) -> Fact | None:
        """As it was put, or None where it was put by nobody of ours."""
        fact = decode_known(kept, type_, SCHEMA)
        if fact is None or (self._key and not self._key.made(fact.signature or "", "fact", _words(fact))):
            return None
        return replace(fact, signature=None)

    def home(self, team: str, address: str = "") -> None:
        """Which workspace is home, and its ``address``, such as ``https://shop.slack.com/``."""
        self._wire.client.mset({self._wire.key("team"): team, self._wire.key("address"): address})

    def permalink(self, channel: str, ts: str) -> str | None:
        """Where a message of ours is read in a browser, as Slack's "Copy link" has it; None where the address is not known."""
        address: str | None = self._wire.client.get(self._wire.key("address"))
        known = address and address.startswith(("https://", "http://"))
        return f"{address.rstrip('/')}/archives/{channel}/p{ts.replace('.', '')}" if address and known else None

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


def _words(fact: PersonFacts | GroupFacts | ChannelFacts) -> bytes:
    return canonical.said([type(fact).__name__, replace(fact, signature=None)])
