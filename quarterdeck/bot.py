"""``quarterdeck bot``: Slack's side. Holds the Slack tokens, and never looks at a kubeconfig."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import click
from slack_sdk import WebClient
from slack_sdk.socket_mode.builtin import SocketModeClient

from bot.http import HttpServer
from bot.meter import Meter
from bot.process import Bot, BotParts, Front
from bot.socket_mode import SocketMode
from commands.config import Config, Rules
from commands.registry import discover
from commands.store import Store
from quarterdeck import compose, compose_bot, metrics
from quarterdeck.announcing import announcing
from quarterdeck.health import address, checked, redis_answers, served
from quarterdeck.logs import say
from quarterdeck.running import stopping
from quarterdeck.settings import Settings, SlackSecrets
from quarterdeck.startup import both, patiently, wait_for_redis


@click.command("bot")
@click.option(
    "--http",
    metavar="HOST:PORT",
    callback=checked,
    help="Take requests over HTTP (POST /slack/events) instead of Socket Mode.",
)
@click.option("--health", metavar="HOST:PORT", callback=checked, help="Serve /healthz, /readyz and /metrics there.")
@click.pass_obj
def command(config: str | None, http: str | None, health: str | None) -> None:
    """Listen to Slack, over Socket Mode or HTTP."""
    settings = Settings.read(config)
    secrets, loaded = both(
        lambda: SlackSecrets.read(http=http is not None), lambda: compose.essentials(settings, discover())
    )
    run(settings, secrets, loaded, http=http, health=health)


def run(settings: Settings, secrets: SlackSecrets, config: Config, *, http: str | None, health: str | None) -> None:
    stop = stopping()
    rules = Rules(config)
    counted = metrics.registry(compose.collector(settings, rules))
    parts = compose_bot.bot_parts(settings, secrets, rules, metrics.BotMeter(counted))
    running = _Running(parts.hurried)
    with (
        compose.reloaded(settings, parts.rules, running.ready, counted) as ready,
        served(health, ready, counted),
        announcing("bot", settings),
    ):
        if not wait_for_redis(parts.store, stop):
            return
        who = patiently(lambda: compose_bot.identity(parts.client), stop)
        if who is None:
            return
        bot = Bot(parts, who)
        front = _http(bot, address(http), parts.meter) if http else _socket_mode(bot, parts, secrets)
        running.bot, running.front = bot, front
        bot.start()
        try:
            if patiently(lambda: _listen(front, parts.client), stop):
                say(f"quarterdeck bot: listening {'on ' + http if http else 'over Socket Mode'}")
                stop.wait()
            front.stop()
        finally:
            bot.stop()


@dataclass
class _Running:
    """What ``/readyz`` tells. Until Slack has said who we are there is neither bot nor front."""

    store: Store
    bot: Bot | None = None
    front: Front | None = None

    def ready(self) -> tuple[bool, dict[str, object]]:
        parts = {
            "slack": self.front is not None and self.front.connected(),
            "loops": self.bot is not None and self.bot.alive(),
            "redis": redis_answers(self.store),
        }
        told = self.front.told() if self.front else "Slack has not told yet who I am"
        return all(parts.values()), parts | {"slack_told": told}


def _listen(front: Front, client: WebClient) -> bool:
    with compose_bot.slack_said_in_words(client, "SLACK_APP_TOKEN"):
        front.start()
    return True


def _socket_mode(bot: Bot, parts: BotParts, secrets: SlackSecrets) -> Front:
    socket = SocketModeClient(app_token=secrets.app_token or "", web_client=parts.client, ping_interval=5)
    if compose_bot.is_loopback(parts.client.base_url):
        socket.proxy = None
    return SocketMode(socket, bot.app, parts.machine, bot.unacknowledged, parts.meter, bot.rush)


class _HttpFront:
    """Connected while it serves and Slack answers."""

    def __init__(self, server: HttpServer, bot: Bot) -> None:
        self._server, self._bot = server, bot
        self._thread = threading.Thread(target=server.run, name="http", daemon=True)

    def start(self) -> None:
        self._bot.feel_pulse()
        self._thread.start()

    def stop(self) -> None:
        self._server.stop()

    def connected(self) -> bool:
        return self._thread.is_alive() and self._bot.pulse.beats()

    def told(self) -> str:
        return self._bot.pulse.told() if self._thread.is_alive() else "the HTTP server has ended"


def _http(bot: Bot, where: tuple[str, int], meter: Meter) -> Front:
    try:
        return _HttpFront(HttpServer(bot.app, *where, meter, bot.rush), bot)
    except OSError as error:
        raise OSError(
            f"cannot listen on {where[0]}:{where[1]} for --http: {error.strerror or error}; choose another port"
        ) from error
