"""The guided tour: what to say next, as whom, and what to look for. The person sends every command themselves."""

from __future__ import annotations

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
    asks: bool = False
    """Whether it is about an approval."""


def steps(quick: str, guarded: str, developer: str, approver: str, guest: str, prefix: str = "") -> tuple[Step, ...]:
    """``quick`` and ``guarded`` are environments without and with approvals; then names of people; ``prefix`` of commands."""
    return (
        Step(
            "A good deploy",
            f"You are {developer}. Nobody has to be asked in {quick}: send the command, and watch the pods roll.",
            f"/{prefix}deploy web 1.4.2 to {quick}", developer,
            look="The message follows the rollout; the cells beside it are the pods, old revision and new.",
        ),
        Step(
            f"The same in {guarded}",
            f"{guarded} asks for an approval. Send it, then become {approver}, read what would change, and press Approve.",
            f"/{prefix}deploy web 1.4.2 to {guarded}", developer,
            asks=True, look="Nobody approves their own request: try it as the one who asked.",
        ),
        Step(
            "A broken image, and the way back",
            "web 1.4.3 was never pushed. The bot says so within seconds, and does not wait for a deadline. Then press Roll back.",
            f"/{prefix}deploy web 1.4.3 to {quick}", developer,
            look="The cause stands in the message, the events and logs in its thread.",
        ),
        Step(
            "It changes while it waits",
            "Send it, and do not approve. Then let somebody else change the same Deployment with kubectl.",
            f"/{prefix}deploy api 2.1.1 to {guarded}", developer, act="drift", act_label="Change it behind the bot's back",
            asks=True, look="Approvals are void, the message says what drifted, and it asks again.",
        ),
        Step(
            "An approval that is refused",
            f"Send it, become {approver}, and press Deny: say why. Or become {guest} and press Approve.",
            f"/{prefix}scale jobs 5 in {guarded}", developer,
            asks=True, look="The requester is told the reason; whoever may not approve is told so privately.",
        ),
        Step(
            "More than the nodes hold",
            "There is no room for so many pods. The plan is fine; the cluster is not.",
            f"/{prefix}scale api 60 in {quick}", developer,
            look="Pods without a node are drawn dashed; the message gives the scheduler's reason. Then press Stop following, and Roll back.",
        ),
        Step(
            "Break something",
            "Below are buttons that kill processes and fail servers for real. Start a deploy, break something in the middle of it, "
            "and watch the channel end true all the same.",
            f"/{prefix}deploy web 1.5.0 to {quick}", developer,
        ),
    )  # fmt: skip
