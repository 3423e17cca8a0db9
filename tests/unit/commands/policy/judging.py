"""What the tables about operations mean: an operation as a case describes it, and what a person may do with it.

Everything left out of a case is as in ``building``: U0DANA asks for web in prod, prod wants two of sre, it is ``NOW``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from commands.config import BreakGlass, Config
from commands.demand import Demand, Need, Vote
from commands.draft import Draft, Edit, Exposure, Failing, Patch, Plan, Ref
from commands.errors import MembershipUnknown, NotAllowed, NotFound, Unsuitable
from commands.invocation import Invocation, Place
from commands.locks.lock import Lock
from commands.membership import ChannelFacts, Membership
from commands.notices import reviewing
from commands.operation import Ending, Moment, Operation, State, Written
from commands.policy import (
    Circumstances,
    Scope,
    asked_roles,
    asks_for_labels,
    authorise,
    check_acknowledges,
    check_audience,
    check_break_glass,
    check_objections,
    environments_visible,
    identity,
    is_shown,
    may_approve,
    may_cancel,
    may_count,
    may_deny,
    may_see,
    may_withdraw,
    offered,
    permit,
    permit_freeing,
    permit_way_back,
    roles_of,
    scope_of,
    scope_of_operation,
    stricter,
    verbs_allowed,
)  # fmt: skip
from commands.policy.freezes import freezings
from commands.policy.standing import Known
from commands.proof.signatures import signed_course, signed_plan, signed_request, signed_vote
from commands.proof.signing import Key
from commands.registry import discover
from tests.unit.commands.policy.building import ASKED, NOW, config, facts, membership, who, without

Json = Mapping[str, Any]
KEY = Key(b"k" * 32)
REGISTRY = discover()
PARTIES = {"approve", "cancel", "deploy", "diff", "help", "status", "unlock"}
"""One of each kind that help may name."""
IMAGE = "/spec/template/spec/containers/0/image"


@dataclass(frozen=True)
class Judged:
    """A case: ``who`` does what, ``after`` so many seconds, in a world that differs so from ``building``'s."""

    does: str
    expected: str
    who: str = "U0SAM"
    because: str = ""
    after: float = 0
    rules: Json = field(default_factory=dict)
    given: Json = field(default_factory=dict)
    """The operation: see ``operation``."""
    now: Json = field(default_factory=dict)
    """What is found at that moment: labels, exposure, locks, asked_before, running_before, readers, read (when),
    target (another name), within (seconds)."""
    unread: tuple[str, ...] = ()
    """Of whom nothing is known."""
    people: Json = field(default_factory=dict)
    """Flags of people who are otherwise."""
    oncall: tuple[str, ...] = ("U0OLGA", "U0SAM")
    home: str | None = "T0HOME"


def outcome(case: Judged) -> tuple[str, str]:
    """``allowed``, ``refused`` or ``unknown``, and in which words; after them, who is told of a refusal."""
    try:
        told = _do(case, config(**_tuples(case.rules)), _known(case), operation(case.given))
    except NotAllowed as refusal:
        return "refused", " ".join([str(refusal), *refusal.people])
    except (Unsuitable, NotFound) as refusal:
        return "refused", str(refusal)
    except MembershipUnknown as unknown:
        return "unknown", ", ".join(sorted(unknown.wanted))
    return ("refused" if told is False else "allowed"), str(told)


def _do(case: Judged, rules: Config, known: Membership, found: Operation) -> object:
    person, at = who(case.who), {"now": NOW + case.after, "max_age": 60.0}
    digest = case.given.get("shown") or (found.plan.digest if found.plan else "")
    what: dict[str, Callable[[], object]] = {
        "approve": lambda: may_approve(rules, known, found, person, digest=digest, **at),
        "deny": lambda: may_deny(rules, known, found, person, digest=digest, **at),
        "have counted": lambda: may_count(rules, known, found, case.who, **at),
        "withdraw": lambda: may_withdraw(found, case.who),
        "cancel": lambda: may_cancel(rules, known, found, person, **at),
        "see": lambda: may_see(rules, known, person, found, **at),
        "hold": lambda: sorted(roles_of(rules, known, person, **at)),
        "be asked": lambda: sorted(asked_roles(rules, found)),
        "be to the cluster": lambda: identity(rules, known, person, found.environment, **at),
        "break the glass": lambda: check_break_glass(rules, known, replace(found.invocation, person=person), **at),
        "acknowledge": lambda: check_acknowledges(rules, known, _notice(case, found), person, **at),
        "ask": lambda: check_audience(rules, known, found, found.demand, _channel(case), **at),
        "run": lambda: authorise(rules, known, person, Scope(**case.given), **at),
        "run what was said": lambda: authorise(
            rules, known, person, scope_of(found.invocation, case.now.get("right"), case.now.get("labels")), **at
        ),
        "run what was asked": lambda: authorise(
            rules, known, person, scope_of_operation(found, _renamed(found, case.now.get("target")), case.now.get("labels")), **at
        ),
        "be shown": lambda: is_shown(rules, Known(known, NOW, 60.0), person, Scope(**case.given)),
        "be offered": lambda: sorted(
            verbs_allowed(rules, known, person, ["deploy", "scale", "status"], environment=case.given.get("environment"), **at)
        ),
        "be helped with": lambda: sorted(offered(rules, known, person, REGISTRY, **at) & PARTIES),
        "visit": lambda: environments_visible(rules, known, person, verb=case.given.get("verb"), **at),
        "be asked for labels": lambda: asks_for_labels(rules, Scope(**case.given)),
        "be planned": lambda: check_objections(rules, found, found.plan or plan(), _circumstances(case), NOW + case.after),
        "be told of freezes": lambda: [
            f"{each.freeze.name} {'holds' if each.holds(at['now']) else 'comes'} {each.until}"
            for each in freezings(rules, found.environment, at["now"], at["now"] + case.now.get("within", 0))
        ],
        "be asked for more": lambda: [change.new for change in stricter(rules, known, found, **at)],
        "act": lambda: permit(
            rules, known, found, case.now.get("labels", {}), _circumstances(case),
            key=KEY if "signed" in case.given else None, exposure=_exposure(case.now), **at,
        ) and None,
        "go back": lambda: permit_way_back(rules, found, now=at["now"], key=KEY if "signed" in case.given else None) and None,
        "free its way": lambda: permit_freeing(rules, found, now=at["now"], key=KEY if "signed" in case.given else None) and None,
    }  # fmt: skip
    return what[case.does]()


def _renamed(found: Operation, name: str | None) -> Ref | None:
    """The object as it was found: of that name."""
    return replace(plan().promise.ref, name=name) if name else found.target


def _channel(case: Judged) -> ChannelFacts:
    readers, read = case.now.get("readers"), NOW + case.now.get("read", 0)
    who_reads = None if readers is None else tuple(readers)
    return ChannelFacts(case.now.get("in", "C0CLOSED"), postable=True, at=read, readers=who_reads)


def _exposure(said: Json) -> Exposure | None:
    return Exposure(**said["exposure"]) if "exposure" in said else None


def _tuples(said: Any) -> Any:
    """As the configuration's own reader makes them of YAML's lists."""
    if isinstance(said, Mapping):
        return {key: _tuples(value) for key, value in said.items()}
    return tuple(map(_tuples, said)) if isinstance(said, list) else said


def _known(case: Judged) -> Membership:
    known = membership(oncall=case.oncall)
    people = known.people | {user: facts(user, **flags) for user, flags in case.people.items()}
    return replace(without(replace(known, people=people), *case.unread), team=case.home)


def _circumstances(case: Judged) -> Circumstances:
    before, running = case.now.get("asked_before"), case.now.get("running_before")
    locks = [
        Lock(
            "prod",
            lock.get("kind"),
            lock.get("name"),
            "U0OLGA",
            "hands off",
            NOW + lock["since"],
            NOW + lock["until"],
            operation=lock.get("operation"),
        )
        for lock in case.now.get("locks", ())
    ]
    asked = None if before is None else tuple(NOW + at for at in before)
    return Circumstances(asked, None if running is None else tuple(running), tuple(locks))


def _notice(case: Judged, found: Operation) -> Any:
    rule = BreakGlass.model_validate({"roles": ("sre",), "channel": "C0ALARMS"})
    assert found.plan
    notice = reviewing.opened(rule, found, found.plan, NOW)
    assert notice.review
    if case.given.get("review") == "none":
        return replace(notice, review=None)
    return replace(notice, review=replace(notice.review, by=case.given.get("acknowledged_by")))


def operation(given: Json) -> Operation:
    """Keys: by, state, since, queued, arguments, channel, environment, target, plan, asked, approved, pending, denied, voted, signed,
    written, ended_by."""
    by, environment = given.get("by", "U0DANA"), given.get("environment", "prod")
    arguments = {"workload": "web"} | given.get("arguments", {})
    said = Invocation(
        given.get("verb", "deploy"), arguments, environment, who(by), Place(given.get("channel", "C0DEPLOYS")), "", NOW
    )
    state, since = State(given.get("state", "awaiting approval")), NOW + given.get("since", 0)
    queued = [Moment(State.QUEUED, NOW + given["queued"])] if "queued" in given else []
    made = None if given.get("plan", ()) is None else plan(**given.get("plan", {}))
    target = given.get("target", "web")
    found = Operation(
        "op-7k3f", state, said, environment, NOW + given.get("created", 0), (*queued, Moment(state, since)),
        target=replace(made.promise.ref, name=target) if made and target else None, plan=made,
        demand=_demand(given.get("asked", {})),
    )  # fmt: skip
    key, signed = KEY, given.get("signed") or ()
    written = Written(2, "template-2", None, NOW) if given.get("written") else None
    ending = Ending("It was not to be", by=given["ended_by"]) if "ended_by" in given else None
    found = replace(found, votes=tuple(_votes(found, given)), written=written, ending=ending)
    found = signed_request(key, found) if "request" in signed else found
    found = signed_plan(key, found) if "plan" in signed else found
    votes = (signed_vote(key, found.id, vote) if "votes" in signed else vote for vote in found.votes)
    found = replace(found, votes=tuple(votes))
    return signed_course(key, None, found) if "course" in signed else found


def _votes(found: Operation, given: Json) -> list[Vote]:
    digest = given.get("voted_for") or (found.plan.digest if found.plan else "")
    at = NOW + given.get("voted", 0)
    counted = [Vote(user, digest, at, counted=True) for user in given.get("approved", ())]
    pending = [Vote(user, digest, at) for user in given.get("pending", ())]
    return [*counted, *pending, *(Vote(user, digest, at, no="not now") for user in given.get("denied", ()))]


def _demand(asked: Json | None) -> Demand | None:
    if asked is None:
        return None
    also = tuple(Need(each["required"], tuple(each["roles"])) for each in asked.get("also", ()))
    plain = {key: value for key, value in asked.items() if key not in {"also", "expires", "roles"}}
    expires = NOW + asked.get("expires", 1800)
    return replace(ASKED, **plain, roles=tuple(asked.get("roles", ("sre",))), expires=expires, also=also)


def plan(
    verb: str = "deploy", namespace: str = "prod", cluster: str = "main", kind: Any = "Deployment", replicas: int | None = None,
    had: int | None = None, told: int | None = None, image: str | None = "web:2", images: Any = None, made: float = 0,
    owners: tuple[str, ...] = (), labels: Any = None, also: bool = False, edited: bool = False, frees: bool = False, failing: Json | None = None, exposure: Json | None = None, path: str = IMAGE, old: Any = "web:1",
) -> Plan:  # fmt: skip
    """Of web: ``replicas`` from ``had`` (the record: ``told``), or (``also``) the ``image`` at ``path``."""
    ref = Ref(cluster, namespace, kind, "web", "uid-1")
    edits = [Edit(path, old, image)] if image and (also or replicas is None) else []
    edits += [Edit("/spec/replicas", had, replicas)] if replicas is not None else []
    arguments = {"workload": "web"} | ({"images": images} if images is not None else {})
    arguments |= {"replicas": replicas} if replicas is not None else {}
    draft = Draft("web", arguments, Patch(ref, tuple(edits)), "template-1", replicas=had if told is None else told)
    draft = replace(draft, frees=frees, failing=Failing(**failing) if failing is not None else None)
    found = Plan.of(verb, draft, NOW + made, owners=owners)
    found = replace(found, labels=labels, exposure=Exposure(**exposure) if exposure is not None else None)
    return replace(found, digest="another") if edited else found
