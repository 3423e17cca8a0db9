"""What people do: say, click, submit, use shortcuts. Each is delivered to the app and its answer is shown to them."""

from __future__ import annotations

from typing import Any

from playground.workspace import modals, payloads, posting
from playground.workspace.delivery import Delivery, Outcome
from playground.workspace.entering import entered, options, state_of
from playground.workspace.errors import NotPossible, SlackError
from playground.workspace.handles import Click, Handle, Said, Submission
from playground.workspace.model import Channel, Message, User, View
from playground.workspace.reading import Button
from playground.workspace.responses import apply_answer
from playground.workspace.server import Server
from playground.workspace.typing_box import as_command_text, as_message, split_command
from playground.workspace.view_check import checked_view

Json = dict[str, Any]


class People:
    def __init__(self, server: Server) -> None:
        self.server = server
        self.state = server.state

    def say(self, user: User, channel: Channel, typed: str, thread_ts: str | None, sent_ago: float) -> Said:
        with self.state.lock:
            if user.deleted:
                raise NotPossible(f"{user.name} is deactivated")
            if user.id not in channel.members:
                raise NotPossible(f"{user.name} is not in {channel.name or channel.id}")
            if channel.is_archived:
                raise NotPossible(f"{channel.name} is archived: nobody can write there")
            parts = split_command(typed)
            if parts is None:
                return self._message(user, channel, as_message(self.state, typed), thread_ts)
            return self._command(user, channel, parts, thread_ts, sent_ago)

    def redeliver(self, handle: Handle) -> Said:
        """The identical signed request once more; over Socket Mode the same payload in a new envelope."""
        if handle.delivery is None:
            raise NotPossible("it was never delivered")
        return Said(handle.delivery, self.server.run(self._again(handle.delivery)))

    def click(self, user: User, where: Message | View, wanted: Button, choice: Any, values: Json | None) -> Click:
        """Uses a control. `choice` is the option picked in a select or overflow menu."""
        with self.state.lock:
            self._need_interactivity()
            action = _action(wanted, choice)
            if isinstance(where, View):
                payload = payloads.view_action(
                    self.state, user, where, action, _state(where.blocks, wanted, action, values)
                )
            else:
                held = _state(where.blocks, wanted, action, values)
                payload = payloads.message_action(self.state, user, where, action, held)
            delivery = Delivery("interactive", payload)
            return Click(delivery, self.server.run(self.server.courier.deliver(delivery)), wanted.confirm)

    def submit(self, user: User, modal: View, given: Json) -> Submission:
        with self.state.lock:
            self._need_interactivity()
            if "submit" not in modal.body:
                raise NotPossible(f"the modal {modal.title!r} has no submit button")
            values = entered(modal.blocks, given)
            delivery = Delivery("interactive", payloads.view_submission(self.state, user, modal, values))
            outcome = self.server.run(self._submitted(modal, delivery))
            return Submission(delivery, outcome, lambda: modal.is_open)

    def dismiss(self, user: User, modal: View) -> Handle | None:
        """Closes a modal; the app hears of it only if the view asked (`notify_on_close`)."""
        with self.state.lock:
            modals.close_modal(self.state, modal)
            if not modal.body.get("notify_on_close"):
                return None
            return self._interactive(payloads.view_closed(self.state, user, modal, cleared=False))

    def use_shortcut(self, user: User, callback_id: str, message: Message | None) -> Handle:
        with self.state.lock:
            kind = "global" if message is None else "message"
            known = self.state.app.shortcuts.get(callback_id)
            if known is None or known.type != kind:
                raise NotPossible(f"no {kind} shortcut {callback_id!r}; there are: {sorted(self.state.app.shortcuts)}")
            return self._interactive(payloads.shortcut(self.state, user, callback_id, message))

    def _need_interactivity(self) -> None:
        if not self.state.app.interactivity:
            raise NotPossible("interactivity is not enabled in the app's manifest: Slack delivers no clicks")

    def _message(self, user: User, channel: Channel, text: str, thread_ts: str | None) -> Said:
        message = posting.post(self.state, channel, user.id, text, thread_ts=thread_ts)
        if f"<@{self.state.app.bot_user_id}>" in text and self.state.bot_is_in(channel) and not channel.is_im:
            shown = {"type": "app_mention", "channel": channel.id, "event_ts": message.ts}
            self.state.emit("app_mention", posting.as_json(self.state, message) | shown)
        published = self.server.published
        heard = published.get(("app_mention", message.ts)) or published.get(("message", message.ts))
        delivery, outcome = heard or (None, None)
        return Said(delivery, outcome, message=message)

    def _command(
        self, user: User, channel: Channel, parts: tuple[str, str], thread_ts: str | None, sent_ago: float
    ) -> Said:
        """docs.slack.dev/interactivity/implementing-slash-commands: not in threads, only what is installed."""
        name, text = parts
        known = self.state.app.commands.get(name)
        if thread_ts or known is None:
            reason = "not_supported_in_threads" if thread_ts else "invalid_command"
            said = f"{name} is not supported in threads. Sorry!" if thread_ts else f"{name} is not a valid command."
            posting.post_private(self.state, channel.id, user.id, said, user="USLACKBOT", source="slackbot",
                                 thread_ts=thread_ts)  # fmt: skip
            return Said(None, None, reason)
        text = as_command_text(self.state, text, known.should_escape)
        payload = payloads.command(self.state, user, channel, name, text)
        delivery = Delivery("slash_commands", payload, signed_ago=sent_ago)
        return Said(delivery, self.server.run(self._commanded(user, channel, delivery)))

    def _interactive(self, payload: Json) -> Handle:
        delivery = Delivery("interactive", payload)
        return Handle(delivery, self.server.run(self.server.courier.deliver(delivery)))

    async def _again(self, delivery: Delivery) -> Outcome:
        if not delivery.sent:
            return await self.server.courier.deliver(delivery)
        return await self.server.courier.repeat(delivery, self.server.http.send_request)

    async def _commanded(self, user: User, channel: Channel, delivery: Delivery) -> Outcome:
        """Delivers a command and shows the person its acknowledgement, or Slackbot's word on why there is none."""
        outcome = await self.server.courier.deliver(delivery)
        key = delivery.payload["response_url"].rsplit("/", 1)[1]
        with self.state.lock:
            if outcome.body is not None:
                try:
                    apply_answer(self.state, self.state.response_urls[key], outcome.body, source="ack")
                except SlackError as refusal:
                    outcome = Outcome(None, refusal.code, outcome.ms)
            if outcome.error:
                said = f'{delivery.payload["command"]} failed with the error "{outcome.error}"'
                posting.post_private(self.state, channel.id, user.id, said, user="USLACKBOT", source="slackbot")
        return outcome

    async def _submitted(self, modal: View, delivery: Delivery) -> Outcome:
        """docs.slack.dev/surfaces/modals#handling_submissions: close, errors, update, push or clear."""
        outcome = await self.server.courier.deliver(delivery)
        if outcome.body is None:
            return outcome
        with self.state.lock:
            try:
                self._respond_to_submission(modal, outcome.body)
            except SlackError as refusal:
                return Outcome(None, str(refusal), outcome.ms)
        return outcome

    def _respond_to_submission(self, modal: View, answer: Json) -> None:
        match answer.get("response_action"):
            case None if not answer:
                modals.close_modal(self.state, modal)
            case "clear":
                modals.close_modal(self.state, modal, whole_stack=True)
            case "update":
                modals.replace_body(self.state, modal, checked_view(answer.get("view"), "modal"))
            case "push":
                modals.push_modal(self.state, modal, checked_view(answer.get("view"), "modal"))
            case "errors":
                inputs = {block["block_id"] for block in modal.blocks if block["type"] == "input"}
                if not answer.get("errors") or not set(answer["errors"]) <= inputs:
                    raise SlackError("invalid_arguments", [f"errors name blocks {sorted(inputs)} only"])
            case other:
                raise SlackError("invalid_arguments", [f"unknown response_action: {other}"])


def _action(control: Button, choice: Any) -> Json:
    """The `actions[]` entry (docs.slack.dev/reference/interaction-payloads/block_actions-payload)."""
    element = control.element
    action: Json = {"action_id": control.action_id, "block_id": control.block_id, "type": control.type}
    if control.type == "button":
        return action | {key: element[key] for key in ("text", "value", "style", "url") if key in element}
    if control.type == "overflow":
        picked = next((o for o in options(element) if choice in (o["value"], o["text"]["text"])), None)
        if picked is None:
            raise NotPossible(f"no entry {choice!r}; there are: {[o['text']['text'] for o in options(element)]}")
        return action | {"selected_option": picked}
    return action | state_of(element, choice)


def _state(blocks: list[Json], control: Button, action: Json, given: Json | None) -> Json:
    """What the other inputs beside the control hold; unfilled required ones do not matter to a click."""
    values = entered([{**b, "optional": True} if b["type"] == "input" else b for b in blocks], given or {})
    if control.type not in ("button", "overflow"):
        values.setdefault(control.block_id, {})[control.action_id] = {
            k: v for k, v in action.items() if k not in ("action_id", "block_id")
        }
    return values
