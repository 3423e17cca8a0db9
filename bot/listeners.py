"""What reaches us from Slack, as Bolt listeners: thin, and done before the ack (``process_before_response``).

What needs Slack itself (a modal, a private answer to a click) goes to ``later``, a small pool that runs after the ack.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App, BoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.clicks import Clicks
from bot.intake import Intake, Said
from bot.membership import EVENTS, MembershipNews
from bot.small_talk import small_talk
from bot.timeliness import is_late
from bot.views import actions
from bot.views.modal import reason
from bot.views.view import View
from commands.concern import concerning
from commands.invocation import Person, Place
from commands.registry import Registry

log = logging.getLogger(__name__)

Json = dict[str, Any]

NO_REASON = "Please say why; the requester will read it."
EVENTS_PATIENCE = 30.0
"""Seconds. Slack delivers an event again after 1 and 5 minutes: by then the person has said it otherwise."""

LATE = "That reached me too late to be carried out. Nothing was changed; please say it again."


def build_app(
    client: WebClient, identity: AuthorizeResult, registry: Registry, prefix: str, intake: Intake, clicks: Clicks,
    news: MembershipNews, now: Callable[[], float], *, signing_secret: str | None = None,
) -> App:  # fmt: skip
    """Bolt, with our listeners. ``identity`` is known from the start, so that no listener waits for auth.test.

    ``now`` is this machine's clock: it is compared with what Slack has stamped.
    """
    quiet = logging.getLogger("bot.bolt")
    quiet.setLevel(logging.ERROR)  # it warns of what is meant so: a client and an identity of our own
    app = App(
        name=quiet.name,  # it silences the logger of that name too; without one it walks the stack for a file's
        logger=quiet,
        client=client,
        signing_secret=signing_secret or "socket mode needs none",
        request_verification_enabled=signing_secret is not None,
        authorize=lambda: identity,
        process_before_response=True,
        raise_error_for_unhandled_request=False,
    )
    _commands(app, registry.slash_names(prefix), intake, now)
    _interactivity(app, clicks)
    _events(app, identity.bot_user_id or "", registry, intake, clicks, now)
    app.event(re.compile("^(" + "|".join(EVENTS) + ")$"))(news.heard)
    return app


def _commands(app: App, slash: dict[str, str | None], intake: Intake, now: Callable[[], float]) -> None:
    names = "|".join(re.escape(name) for name in slash)

    @app.command(re.compile(f"^/({names})$"))
    def on_command(ack: Ack, body: Json, request: BoltRequest) -> None:
        said = _said(body, slash[body["command"].removeprefix("/")])
        if is_late(request, now()):
            intake.refuse(said, LATE)
            ack(LATE)
            return
        with concerning(user=said.person.id):
            heard = intake.hear(said)
        request.context["operation"] = heard.operation
        _answer(ack, heard.view)


def _interactivity(app: App, clicks: Clicks) -> None:
    @app.action(re.compile("^(" + "|".join(actions.BUTTONS) + ")$"))
    def on_action(ack: Ack, body: Json, action: Json) -> None:
        with concerning(user=body["user"]["id"]):
            clicks.press(action["action_id"], action.get("value", ""), _person(body), _place_of_click(body), body)
        ack()

    @app.action(actions.SAY)
    def on_choice(ack: Ack, body: Json, action: Json) -> None:
        with concerning(user=body["user"]["id"]):
            clicks.say(action["selected_option"]["value"], _person(body), _place_of_click(body), body["trigger_id"])
        ack()

    @app.view(actions.DENY_MODAL)
    def on_deny(ack: Ack, body: Json, view: Json) -> None:
        said = reason(view)
        with concerning(user=body["user"]["id"]):
            problem = clicks.deny(view["private_metadata"], _person(body), said) if said else NO_REASON
        if problem:
            ack(response_action="errors", errors={actions.REASON_BLOCK: problem[:2000]})
        else:
            ack()


def _events(app: App, bot: str, registry: Registry, intake: Intake, clicks: Clicks, now: Callable[[], float]) -> None:
    def heard(event: Json, body: Json) -> None:
        with concerning(user=event["user"]):
            hear(event, body)

    def hear(event: Json, body: Json) -> None:
        """The same words in a thread or a DM; events come again until acknowledged, so their id tells them apart."""
        text = re.sub(rf"^\s*<@{bot}(\|[^>]*)?>", "", event.get("text", ""))
        place = Place(event["channel"], event.get("thread_ts"), direct=event.get("channel_type") == "im")
        person = Person(event["user"], event.get("user_team") or event.get("team") or body.get("team_id", ""))
        said = Said(person, place, None, text, f"event:{body['event_id']}")
        if now() - body["event_time"] > EVENTS_PATIENCE:
            log.warning("an event of %s came too late to be carried out", event["user"])
            intake.refuse(said, LATE)
            return
        talk = small_talk(text, registry) if event["type"] == "app_mention" else None
        if (view := talk or intake.hear(said).view) is not None:
            clicks.tell(place, person, view)

    @app.event("app_mention")
    def on_mention(event: Json, body: Json) -> None:
        heard(event, body)

    @app.event("message")
    def on_message(event: Json, body: Json) -> None:
        if event.get("channel_type") == "im" and not event.get("bot_id") and not event.get("subtype"):
            heard(event, body)


def _answer(ack: Ack, view: View | None) -> None:
    if view is None:
        ack()
    else:
        ack(text=view.text, blocks=list(view.blocks) or None, response_type="ephemeral")


def _said(body: Json, verb: str | None) -> Said:
    """Slash commands carry no id: their one-time ``trigger_id`` tells deliveries apart (facts/slack.md)."""
    place = Place(
        body["channel_id"], direct=body.get("channel_name") == "directmessage", response_url=body.get("response_url")
    )
    person = Person(body["user_id"], body.get("team_id", ""))
    return Said(person, place, verb, body.get("text", ""), f"command:{body['trigger_id']}")


def _person(body: Json) -> Person:
    user = body["user"]
    return Person(user["id"], user.get("team_id") or (body.get("team") or {}).get("id", ""))


def _place_of_click(body: Json) -> Place:
    channel = (body.get("channel") or {}).get("id") or (body.get("container") or {}).get("channel_id", "")
    return Place(channel, response_url=body.get("response_url"))
