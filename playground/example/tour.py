"""The guided tour: what to say next, as whom, and what to look for. The person sends every command themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """``say`` is put into the composer; ``act`` names something that happens in the cluster when its button is pressed."""

    title: str
    text: str
    say: str = ""
    person: str = ""
    act: str = ""
    act_label: str = ""
    look: str = ""


@dataclass(frozen=True, slots=True)
class Asking:
    """Whose yes a command takes: ``people`` by name, as many as it takes and as there are; ``missing`` it would take besides."""

    people: tuple[str, ...]
    missing: int = 0
    own: bool = False
    """Whoever asked may say yes too."""

    @property
    def total(self) -> int:
        return len(self.people) + self.missing


@dataclass(frozen=True, slots=True)
class Plot:
    """What the tour is told with: two environments, the first the one where least is asked for; names of people; ``prefix`` of commands.

    ``first``, ``deploy`` and ``scale``: what any change asks for in ``quick``, and each of these in ``guarded``; None: nothing.
    """

    quick: str
    guarded: str
    developer: str
    guest: str
    first: Asking | None = None
    deploy: Asking | None = None
    scale: Asking | None = None
    prefix: str = ""


def steps(plot: Plot) -> tuple[Step, ...]:
    """What would be about an approval that nobody asks for is left out, and so is what asks for one in both environments."""
    return tuple(_steps(plot))


def _steps(plot: Plot) -> Iterator[Step]:
    quick, guarded, developer = plot.quick, plot.guarded, plot.developer
    deploy, scale = f"/{plot.prefix}deploy", f"/{plot.prefix}scale"
    too = f" {quick} asks for approvals too: they come first." if plot.first else ""
    if not plot.first:
        yield Step(
            "A good deploy",
            f"You are {developer}. Nobody has to be asked in {quick}: send the command, and watch the pods roll.",
            f"{deploy} web 1.4.2 to {quick}", developer,
            look="The message follows the rollout; the cells beside it are the pods, old revision and new.",
        )  # fmt: skip
    if plot.deploy:
        yield Step(
            f"A deploy in {guarded}, with approval", _asking(guarded, plot.deploy),
            f"{deploy} web 1.4.2 to {guarded}", developer,
            look="Whoever asks may approve here, too." if plot.deploy.own
            else "Nobody approves their own request: try it as the one who asked.",
        )  # fmt: skip
    yield Step(
        "A broken image, and the way back",
        f"web 1.4.3 was never pushed. The bot says so within seconds, and does not wait for a deadline. Then press Roll back.{too}",
        f"{deploy} web 1.4.3 to {quick}", developer,
        look="The cause stands in the message, the events and logs in its thread.",
    )  # fmt: skip
    if plot.deploy:
        yield Step(
            "It changes while it waits",
            "Send it, and do not approve. Then let somebody else change the same Deployment with kubectl.",
            f"{deploy} api 2.1.1 to {guarded}", developer, act="drift", act_label="Change it behind the bot's back",
            look="Approvals are void, the message says what drifted, and it asks again.",
        )  # fmt: skip
    if plot.scale:
        deny = f"become {plot.scale.people[0]}, and press Deny: say why. Or " if plot.scale.people else ""
        yield Step(
            "An approval that is refused",
            f"Send it, {deny}become {plot.guest} and press Approve.",
            f"{scale} jobs 5 in {guarded}", developer,
            look="The requester is told the reason; whoever may not approve is told so privately.",
        )  # fmt: skip
    yield Step(
        "More than the nodes hold",
        f"There is no room for so many pods. The plan is fine; the cluster is not.{too}",
        f"{scale} api 60 in {quick}", developer,
        look="Pods without a node are drawn dashed; the message gives the scheduler's reason. Then press Stop following, and Roll back.",
    )  # fmt: skip
    yield Step(
        "Break something",
        "If api is still to have 60 pods, press Stop following and Roll back first: new pods find no room until then. "
        "Below are buttons that kill processes and fail servers for real. Start a deploy, break something in the middle of it, "
        f"and watch the channel end true all the same.{too}",
        f"{deploy} web 1.5.0 to {quick}", developer,
    )  # fmt: skip


def _asking(environment: str, asking: Asking) -> str:
    """Who presses, one after the other; or that it will not come to its end here."""
    if not asking.people:
        return (
            f"{environment} asks for {_approvals(asking.total)}, and nobody in this rehearsal may give one. Send it, see whom "
            "it asks, and press Cancel."
        )
    first, *others = asking.people
    told = f"Send it, then become {first}, read what would change, and press Approve"
    told += f"; then do the same as {_listed(others)}." if others else "."
    if not asking.missing:
        return f"{environment} asks for {_approvals(asking.total)}. {told}"
    only = f"only {_listed(asking.people)} may give one in this rehearsal"
    return f"{environment} asks for {_approvals(asking.total)}, and {only}. {told} It goes on waiting: press Cancel."


def _approvals(count: int) -> str:
    return "an approval" if count == 1 else f"{count} approvals"


def _listed(names: Sequence[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
