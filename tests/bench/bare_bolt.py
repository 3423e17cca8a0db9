"""The app to compare with: Bolt with its defaults, one command, nothing done but the ack. Run as a process.

Under waitress with its defaults: Bolt's own development server resets connections when 50 come at once.
"""

from __future__ import annotations

import sys

import waitress
from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient


def main() -> None:
    port, token, secret, api = sys.argv[1:]
    app = App(client=WebClient(token=token, base_url=api), signing_secret=secret)

    @app.command("/deploy")
    def deploy(ack) -> None:
        ack("op-2345: planning deploy web 1.4.2 in staging …")

    waitress.serve(SlackRequestHandler(app, path="/slack/events"), host="127.0.0.1", port=int(port))


if __name__ == "__main__":
    main()
