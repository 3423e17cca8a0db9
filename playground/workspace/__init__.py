"""A Slack workspace on this machine: Slack's Web API, Socket Mode and signed HTTP deliveries, as strict as Slack.

A tour (every call is synchronous; the server runs in a thread of its own)::

    with Workspace() as ws:                                   # ws.url is SLACK_API_URL; ws.bot_token, ws.app_token,
        sam = ws.add_user("sam")                              # ws.signing_secret, ws.bot_user_id, ws.team_id
        oncall = ws.add_group("oncall", [sam])                # ws.set_group(oncall, [...]) tells the app
        deploys = ws.add_channel("deploys", members=[sam])    # bot_in=, private=, archived=; ws.dm(sam)
        ws.install(manifest)                                  # or the permissive ws.install_all(["/deploy"])
        ws.use_http("http://127.0.0.1:PORT/slack/events")     # used while no socket is connected
        ws.wait_for_sockets()

        said = ws.say(sam, deploys, "/deploy web 1.4.2 to prod")   # waits for the ack; wait=False does not
        said.ack, said.ack_ms, said.error                          # {"text": ...} or "operation_timeout"
        message = ws.wait_message(deploys, "awaiting approval")    # text, or a predicate on Message
        message.plain(), message.buttons(), message.pings, message.edits, ws.thread(deploys, message.ts)
        ws.click(sam, message, "Approve")                          # or action_id=..., option=..., stale=True
        modal = ws.wait(lambda: ws.open_modals(sam))[-1]
        ws.submit(sam, modal, {"Reason": "not today"}).errors      # by label, block ID or action ID
        ws.messages(deploys); ws.private(sam); ws.notifications(sam); ws.calls("chat.update")
        ws.redeliver(said)                                         # the same signed bytes once more

        ws.faults.add("chat.postMessage", "drop_after")            # 429, 500, drop_before, drop_after, delay, error
        ws.disconnect("refresh_requested"); ws.close_sockets(); ws.archive(deploys); ws.remove_bot(deploys)
        ws.advance(4)                                              # triggers expire, rate limits refill

Slack's numbers are one table, `rules.RULES`, each row with its source. Where this server is stricter than Slack:
unknown arguments are refused (`invalid_arguments`), and a person cannot write where they are not a member.
"""

from playground.workspace.errors import NotPossible, SlackError
from playground.workspace.handles import Click, Handle, Said, Submission
from playground.workspace.model import Call, Channel, Message, Notification, User, UserGroup, View
from playground.workspace.reading import Button
from playground.workspace.workspace import Workspace

__all__ = [
    "Button",
    "Call",
    "Channel",
    "Click",
    "Handle",
    "Message",
    "NotPossible",
    "Notification",
    "Said",
    "SlackError",
    "Submission",
    "User",
    "UserGroup",
    "View",
    "Workspace",
]
