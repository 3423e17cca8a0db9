"""What bot and worker sign, so that a worker believes no record for the sake of its lying in Redis: who asked, and who voted.

Without a key nothing is signed and everything is believed, as ``quarterdeck check`` warns.
"""

from __future__ import annotations

from dataclasses import replace

from commands import canonical
from commands.demand import Vote
from commands.operation import (
    Operation,
)
from commands.proof.signing import Key


def signed_vote(key: Key | None, operation: str, cast: Vote) -> Vote:
    """The vote with its signature: of this person, on this operation, to this digest, at this time."""
    return replace(cast, signature=key.mac("vote", _vote(operation, cast))) if key else cast


def is_signed_vote(key: Key | None, operation: str, cast: Vote) -> bool:
    """Whether the bot took this very vote on this very operation."""
    return key is None or key.made(cast.signature or "", "vote", _vote(operation, cast))


def signed_request(key: Key | None, operation: Operation) -> Operation:
    """The operation with its signature: who asked, in which words and channel, for which command with which arguments where.

    The bot signs what it heard, and a worker anew when planning has made the arguments absolute.
    """
    return replace(operation, signature=key.mac("request", _request(operation))) if key else operation


def is_signed_request(key: Key | None, operation: Operation) -> bool:
    """Whether the bot heard this very request."""
    return key is None or key.made(operation.signature or "", "request", _request(operation))


def signed_plan(key: Key | None, operation: Operation) -> Operation:
    """The operation with a worker's signature of what people are shown: the whole plan, and whose yes it waits for."""
    return replace(operation, plan_signature=key.mac("plan", _plan(operation))) if key else operation


def is_signed_plan(key: Key | None, operation: Operation) -> bool:
    """Whether a worker made this very plan of this very operation."""
    return key is None or key.made(operation.plan_signature or "", "plan", _plan(operation))


def signed_course(key: Key | None, before: Operation | None, after: Operation) -> Operation:
    """What was written is signed with each move from then on; never where what it moves from was not signed before.

    So nothing that somebody writes into a record is signed by whoever moves it next.
    """
    believed = before is None or before.written is None or is_signed_course(key, before)
    if key is None or after.written is None or not believed:
        return after
    return replace(after, course_signature=key.mac("course", _course(after)))


def is_signed_course(key: Key | None, operation: Operation) -> bool:
    """Whether it truly wrote that to that target, and truly came to that state."""
    return key is None or key.made(operation.course_signature or "", "course", _course(operation))


def _course(operation: Operation) -> bytes:
    digest = operation.plan.digest if operation.plan else None
    return canonical.said(
        [operation.id, digest, operation.target, operation.state, operation.written, operation.undone]
    )


def _plan(operation: Operation) -> bytes:
    return canonical.said([operation.id, operation.round, operation.plan, operation.demand])


def _vote(operation: str, cast: Vote) -> bytes:
    return canonical.said([operation, cast.person, cast.digest, cast.at, cast.no])


def _request(operation: Operation) -> bytes:
    said = operation.invocation
    heard = [said.person.id, said.person.team, said.place.channel, said.verb, said.text, said.arguments]
    return canonical.said([operation.id, *heard, operation.environment, operation.created, operation.origin])
