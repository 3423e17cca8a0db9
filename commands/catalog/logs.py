"""``logs``: the latest lines of one container of one pod, to the asker alone and for minutes only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from commands.declaration import Argument, Asks, Command, Reads, Type
from commands.errors import Ambiguous, NotFound, UsageError
from commands.grammar.suggestions import did_you_mean, listed, quoted
from commands.invocation import Invocation
from commands.live import Live, Object
from commands.objects import PodState, containers, init_containers, name_of, pod_state
from commands.report import Code, Prose, Report, Section
from commands.times import duration
from commands.wording import plural

TAIL = 50
SEARCHED = 10_000
"""Lines that are looked through for some words, unless somebody says how many."""


def report(invocation: Invocation, live: Live) -> Report:
    """Of the pod that was named; else of the newest that fails, else of the newest."""
    pod, why = _pod(invocation, live)
    container = _container(pod, invocation.argument("container"))
    wanted = invocation.argument("grep")
    tail = invocation.argument("tail") or (SEARCHED if wanted else TAIL)
    previous = bool(invocation.argument("previous"))
    since = invocation.argument("since")
    text = live.logs(name_of(pod), container, since=since, tail=tail, previous=previous)
    run = ", the run before" if previous else ""
    title = f"Logs of {name_of(pod)} ({container}{run}) in {live.environment}"
    about = f"{why}{_standing(pod_state(pod))}"
    if not text.strip():
        return Report(title, (Prose(f"{about} {_nothing(since)}"),))
    if wanted:
        return Report(title, tuple(_found(about, text, wanted, f"{name_of(pod)}-{container}.log")))
    return Report(title, (Prose(f"{about} {_last(tail)}"), Code(text, f"{name_of(pod)}-{container}.log")))


def _found(about: str, text: str, wanted: str, file: str) -> Iterator[Section]:
    """Lines that hold these very letters, small or capital. An expression could be made to take for ever."""
    lines = text.splitlines()
    found = [line for line in lines if wanted.casefold() in line.casefold()]
    if not found:
        only = "The only line does not hold" if len(lines) == 1 else f"None of the last {len(lines)} lines holds"
        yield Prose(f"{about} {only} {quoted(wanted)}.")
        return
    some = "The only line" if len(lines) == 1 else f"{len(found)} of the last {len(lines)} lines"
    yield Prose(f"{about} {some} {plural(len(found), 'holds', 'hold')} {quoted(wanted)}:")
    yield Code("\n".join(found), file)


def _standing(state: PodState) -> str:
    return f"Its container {state.container}: {state.word}." if state.container else f"It is {state.word}."


def _last(tail: int) -> str:
    return f"The last {tail} lines at most:" if tail > 1 else "The last line:"


def _nothing(since: int | None) -> str:
    if since is None:
        return "It wrote nothing."
    return f"It wrote nothing within the last {duration(since)}. Ask for a longer time, or leave out `since`."


def _pod(invocation: Invocation, live: Live) -> tuple[Object, str]:
    """The pod, and why it is that one."""
    said, wanted = invocation.arguments["workload"], invocation.argument("pod")
    if said.startswith("pod/"):
        if wanted:
            raise UsageError(f"Two pods are named, {said} and pod={wanted}: say one.")
        return live.pod(said.removeprefix("pod/")), ""
    pods = live.pods(live.subject(said))
    if not pods:
        raise NotFound(f"{said} in {live.environment} has no pods, so there are no logs.")
    return (_named(pods, wanted, said), "") if wanted else _newest(pods)


def _named(pods: Sequence[Object], name: str, said: str) -> Object:
    names = [name_of(pod) for pod in pods]
    if name not in names:
        raise NotFound(
            f"{said} has no pod {quoted(name)}.{did_you_mean(name, names)} It has {listed(sorted(names)[:8], 'and')}."
        )
    return pods[names.index(name)]


def _newest(pods: Sequence[Object]) -> tuple[Object, str]:
    ordered = sorted(pods, key=lambda pod: (pod["metadata"]["creationTimestamp"], name_of(pod)), reverse=True)
    failing = [pod for pod in ordered if pod_state(pod).failing]
    if failing:
        which = "The one failing pod" if len(failing) == 1 else f"The newest of {len(failing)} failing pods"
        return failing[0], f"{which} (of {len(pods)}). "
    return ordered[0], f"The newest of {len(pods)} pods. " if len(pods) > 1 else ""


def _container(pod: Object, wanted: str | None) -> str:
    """By name, or the one that fails, or the only one. Raises ``Ambiguous`` where there are several: asked, never guessed."""
    ordinary, state = [container["name"] for container in containers(pod)], pod_state(pod)
    known = [*ordinary, *(container["name"] for container in init_containers(pod))]
    if wanted is None and state.failing and state.container:
        return state.container
    if wanted is None and len(ordinary) == 1:
        return str(ordinary[0])
    if wanted is None:
        raise Ambiguous(
            f"{name_of(pod)} has {len(ordinary)} containers. Say which: {listed(f'container={name}' for name in known)}."
        )
    if wanted not in known:
        raise NotFound(
            f"{name_of(pod)} has no container {quoted(wanted)}.{did_you_mean(wanted, known)} It has {listed(known, 'and')}."
        )
    return wanted


COMMAND = Command(
    name="logs",
    summary="Show the latest log lines of a workload or a pod, to you alone",
    effect=Reads(report, private=True, seconds=300),
    asks=frozenset({Asks.SUBJECT, Asks.PODS, Asks.POD, Asks.LOGS}),
    arguments=(
        Argument("workload", Type.POD_OR_WORKLOAD, "whose logs: web, sts/db, cj/backup, or pod/web-5c9-x2x"),
        Argument(
            "pod", Type.NAME, "which pod of it; the newest failing one, if left out", required=False, keyword=True
        ),
        Argument(
            "container",
            Type.NAME,
            "which container, where there are several; the failing one, if left out",
            required=False,
            keyword=True,
        ),
        Argument("since", Type.DURATION, "not older than that: 10m, 2h", required=False, keyword=True),
        Argument("tail", Type.COUNT, f"how many lines; {TAIL}, if left out", required=False, keyword=True),
        Argument("grep", Type.TEXT, "only lines that hold these words, small or capital", required=False, keyword=True),
        Argument("previous", Type.FLAG, "the run before the last restart", required=False, keyword=True),
    ),
    examples=(
        "logs web in prod",
        "logs web in prod since=10m container=app",
        "logs pod/web-5c9-x2x in prod previous",
        'logs web in prod grep="time out"',
    ),
    aliases=("log",),
)
