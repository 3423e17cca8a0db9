"""Records as hostile as people and clusters can make them, for property tests."""

from __future__ import annotations

from typing import TypeVar

from hypothesis import strategies as st

from commands.demand import Demand, Vote
from commands.draft import FieldChange, Plan, Promise, Ref, Write
from commands.invocation import Invocation, Person, Place
from commands.operation import Diagnosis, Drift, Ending, Moment, Operation, Origin, State, Written
from commands.progress import Phase, Progress, Startup
from commands.report import Choice, Code, Diff, Fields, Prose, Report, Table

T = TypeVar("T")

VICTIM = "U0VICTIM"
"""Appears in texts and takes part in nothing: never to be mentioned."""

PIECES = (
    "<!channel>", "<!here>", "<!everyone|x>", f"<@{VICTIM}>", "<!subteam^S0ALL>", "<#C1>", "<https://evil|your bank>", "@channel",
    "```", "``", "`", "*", "_", "~", "&amp;", "&lt;!channel&gt;", "&", "<", ">", "|", "“smart”", "—", "\x00", "\x1b[31m", "\r\n", "\n",
    "\u202e", "\ud800", "👩‍👩‍👧", "🔥", "e\u0301", "שלום", "مرحبا", "x" * 300, "word ", "\u2028", "\t", '"', "\\",
)  # fmt: skip


def _long(unit: str) -> str:
    return (unit * 10_000)[:10_000]


texts = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=12).map("".join),
    st.sampled_from(PIECES).map(_long),
    st.sampled_from([f"image <@{VICTIM}> not found", '"\n' * 5_000]),
    st.text(st.characters(), max_size=40),
)
maybe = st.none() | texts
times = st.floats(min_value=0, max_value=4e9)
people = st.sampled_from(["U0ANN", "U0SAM", "W0ROBIN"])
digests = st.sampled_from(["a" * 64, "b" * 64])
few = st.integers(min_value=0, max_value=12)
counts = st.integers(min_value=-1, max_value=10_000)


def tuples(of: st.SearchStrategy[T], size: int = 8, least: int = 0) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(of, min_size=least, max_size=size).map(tuple)


changes = tuples(st.builds(FieldChange, texts, maybe, maybe), 4) | st.just(
    (FieldChange("spec.x", "y" * 600, None),) * 12
)
paths = st.sampled_from(["/spec/replicas", "/spec/template/spec/x", "/spec/template/metadata/annotations/a"])
promises = st.builds(
    Promise,
    verb=texts,
    ref=st.just(Ref("main", "prod", "Deployment", "web", "uid")),
    arguments=st.just({}),
    writes=tuples(st.builds(Write, paths, digests, digests)),
    guards=st.just(()),
    template=st.just(""),
)
plans = st.builds(Plan, promises, digests, texts, changes, tuples(texts), times, tuples(texts))
invocations = st.builds(
    Invocation,
    verb=st.sampled_from(["deploy", "scale"]) | texts,
    arguments=st.fixed_dictionaries(
        {}, optional={"reason": texts, "link": texts | st.just("https://t/1?a&b"), "to": few}
    ),
    environment=st.just("prod"),
    person=st.builds(Person, people, st.just("T1")),
    place=st.just(Place("C1")),
    text=texts,
    at=times,
)
diagnoses = st.builds(
    Diagnosis, texts, maybe, maybe, maybe, st.none() | counts, tuples(texts, 14), few, texts, tuples(texts), maybe
)
endings = st.builds(Ending, texts, st.none() | people, st.none() | diagnoses)
drifts = tuples(st.tuples(changes, times), 3).map(
    lambda seen: tuple(Drift(moved, at, round) for round, (moved, at) in enumerate(seen, start=1))
)
operations = st.builds(
    Operation,
    id=st.just("op-7k3f"),
    state=st.sampled_from(State),
    invocation=invocations,
    environment=st.just("prod") | texts,
    created=times,
    moments=tuples(st.builds(Moment, st.sampled_from(State), times), 3, least=1),
    round=st.integers(min_value=1, max_value=3),
    plan=st.none() | plans,
    demand=st.none() | st.builds(Demand, few, tuples(texts), times, st.booleans()),
    votes=tuples(st.builds(Vote, people, digests, times, st.booleans(), maybe), 4),
    drifts=drifts,
    written=st.none() | st.just(Written(1, "", None, 0.0)),
    ending=st.none() | endings,
    origin=st.none() | st.builds(Origin, st.just("op-1a2b"), st.sampled_from(["retry", "rollback"])),
)
phases = st.none() | st.builds(Phase, texts, st.none() | times)
starts = st.none() | st.builds(Startup, counts, times, times, texts)
progresses = st.none() | st.builds(
    Progress, texts, counts, counts, counts, counts, times, tuples(texts),
    phases, st.none() | times, st.none() | times, starts,
)  # fmt: skip

cells = st.one_of(st.sampled_from(PIECES), st.just("x" * 600))
tables = st.builds(Table, tuples(cells, 25), tuples(tuples(cells, 25), 4))
wide_tables = st.builds(Table, st.just(("a", "b")), st.just((("x" * 150, "<none>"),) * 130))
sections = st.one_of(
    st.builds(Prose, texts, st.booleans()),
    st.builds(Fields, tuples(st.tuples(texts, texts), 4)),
    tables,
    wide_tables,
    st.builds(Code, texts | cells.map(lambda text: (text + "\n") * 50)),
    st.builds(Diff, changes),
    st.builds(Choice, texts, tuples(st.tuples(texts, st.sampled_from(["", "rollback web", "x" * 200])), 4), texts),
)
many = st.just((Prose("one of many"),) * 80)
reports = st.builds(Report, texts, tuples(sections, 3) | many)
