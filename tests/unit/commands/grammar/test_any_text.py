"""Properties: any text is understood or refused; what is understood can be said again."""

# ruff: noqa: RUF001 - the quotes that phones insert are what is tested
from __future__ import annotations

from hypothesis import event, example, given, settings
from hypothesis import strategies as st

from commands import canonical
from commands.errors import UsageError
from commands.grammar import Parsed, parse, render
from commands.grammar.slack import escaped, readable
from tests.unit.commands.saying import ENVIRONMENTS, REGISTRY

VERBS = st.none() | st.sampled_from([command.name for command in REGISTRY])
PIECES = st.sampled_from([
    "deploy", "scale", "rollback", "restart", "status", "logs", "diff", "help", "cancel", "operations", "history",
    "web", "web:1.4.2", "1.4.2", "registry/web:1.4.2", "sts/db", "pod/web-1", "prod", "staging", "Production", "to", "in", "on",
    "for", "2h", "+2", "6", "12", "op-7k3f", "container=app", "--container", "previous", "reason=\"a 'b' \\\" c\"", "reason=“a”",
    "link=<https://x.example|x>", "\u2014container", '"', "'", "=", "--", "@", ":", "/", "\x00", "&lt;", "<!channel>", "\ud800", "since=10m",
])  # fmt: skip
LINES = (
    st.text()
    | st.lists(PIECES, max_size=9).map(" ".join)
    | st.lists(PIECES | st.text(max_size=3), max_size=9).map("".join)
)


def outcome(text: str, verb: str | None, environments: dict[str, str]) -> Parsed | str:
    try:
        return parse(text, verb, REGISTRY, environments)
    except UsageError as error:
        return str(error)


@given(LINES, VERBS, st.sampled_from([ENVIRONMENTS, {"prod": "prod"}, {}]))
@example("web 1.4.2 to prod " + "\"'" * 3000, "deploy", ENVIRONMENTS)
@example("--" * 5000, None, ENVIRONMENTS)
@settings(max_examples=200, deadline=None)
def test_any_text_is_understood_or_refused_in_a_sentence(
    text: str, verb: str | None, environments: dict[str, str]
) -> None:
    result = outcome(text, verb, environments)
    if isinstance(result, str):
        sentence = result.splitlines()[0]
        assert sentence
        assert sentence[-1] in ".?"
        assert len(result) < 1500
    else:
        assert canonical.load(canonical.dump(result.arguments), dict) == result.arguments
        assert result.environment in {*environments.values(), None}


WORKLOADS = st.sampled_from(
    ["web", "sts/db", "Deployment.apps/web", '"to"', "op-7k3f", "deploy/op-7k3f", "prod", "previous", "10"]
)
FIRST = {
    "deploy": st.tuples(
        WORKLOADS, st.sampled_from(["1.4.2", "registry/web:1.4.2", "prod", "sha256:" + "0" * 64, "previous"])
    ),
    "scale": st.tuples(WORKLOADS, st.sampled_from(["6", "+2", "\u22121", "to 6", "007", "+02"])),
    "rollback": st.tuples(WORKLOADS, st.sampled_from(["", "12", "to 12"])),
    "status": st.tuples(WORKLOADS | st.just("")),
    "logs": st.tuples(
        WORKLOADS | st.just("pod/web-1"), st.sampled_from(["", "previous", "since=1h30m", "tail=7 --pod web-1"])
    ),
    "help": st.tuples(st.sampled_from(["", "undo", "deploy", "log"])),
}
EXTRAS = st.sampled_from(
    [
        "",
        "container=app",
        "reason=“it’s \u2014 late”",
        "reason='\"'",
        "link=<https://x.example?a=1&amp;b|x>",
        "reason=a\\ b",
    ]
)
SAYABLE = st.sampled_from(sorted(FIRST)).flatmap(
    lambda verb: st.tuples(st.sampled_from(["", "diff "]).map(lambda outer: outer + verb), FIRST[verb].map(" ".join),
                           st.sampled_from(["", "to prod", "Production", "in staging"]), EXTRAS).map(" ".join))  # fmt: skip


@given(SAYABLE)
@settings(max_examples=250, deadline=None)
def test_what_is_understood_can_be_said_again(text: str) -> None:
    parsed = outcome(text, None, ENVIRONMENTS)
    event(type(parsed).__name__)
    if isinstance(parsed, Parsed):
        assert parse(escaped(render(parsed)), None, REGISTRY, ENVIRONMENTS) == parsed


NAMES = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)
TEXTS = st.text(min_size=1, max_size=40).filter(lambda text: readable(text).strip())


@given(NAMES, NAMES, st.sampled_from(["staging", "prod"]))
@settings(deadline=None)
def test_any_change_can_be_said(workload: str, container: str, environment: str) -> None:
    parsed = Parsed(
        REGISTRY.get("deploy"), {"workload": workload, "version": "1.4.2", "container": container}, environment
    )
    assert parse(render(parsed), None, REGISTRY, ENVIRONMENTS) == parsed


@given(TEXTS)
@settings(deadline=None)
def test_any_reason_can_be_given(reason: str) -> None:
    kept = readable(escaped(reason)).strip()
    parsed = Parsed(REGISTRY.get("restart"), {"workload": "web", "reason": kept}, "prod")
    assert parse(escaped(render(parsed)), None, REGISTRY, ENVIRONMENTS) == parsed
