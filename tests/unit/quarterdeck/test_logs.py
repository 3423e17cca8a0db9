"""Each line of the log names what it is about, and none holds a secret, wherever in the line it stood."""

from __future__ import annotations

import io
import json
import logging
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from commands.concern import concern, concerning, concerns_too
from quarterdeck import redaction
from quarterdeck.logs import configure, hear_threads

HANDED = "0123456789abcdef0123456789abcdef"
"""As Slack's signing secrets look: nothing but its value tells it from a checksum."""

SECRETS = {
    "bot token": "xoxb-17-42-AbCdEf",
    "app token": "xapp-1-A0-17-abcdef",
    "password in a URL": "redis://worker:hunter2@redis:6379/0",
    "response_url": "https://hooks.slack.com/commands/T0TEAM/17/AbCdEf",
    "bearer token": "Authorization: Bearer abc.def-ghi",
    "service account's token": "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ3b3JrZXIifQ.c2lnbmF0dXJl",
    "private key": "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKC\n-----END RSA PRIVATE KEY-----",
    "what the process was handed": HANDED,
}
TELLING = ("AbCdEf", "abcdef-", "xapp-", "hunter2", "abc.def", "eyJ", "MIIE", HANDED)


class Log:
    """What a process would write on standard error."""

    def __init__(self, form: str) -> None:
        configure(form, "debug")
        [self._handler] = logging.getLogger().handlers
        assert isinstance(self._handler, logging.StreamHandler)
        self._stream = io.StringIO()
        self._handler.setStream(self._stream)

    @property
    def text(self) -> str:
        return self._stream.getvalue()

    @property
    def lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.text.splitlines()]


@pytest.fixture(autouse=True)
def handed() -> None:
    redaction.hide(HANDED)


log = logging.getLogger("bot.some")


def in_message(secret: str) -> None:
    log.warning(f"Slack was asked with {secret}")  # noqa: G004 - somebody may write so


def in_arguments(secret: str) -> None:
    log.warning("Slack was asked with %s and %r", secret, {"token": secret})


def broken(secret: str) -> None:
    try:
        int(secret)
    except ValueError as error:
        raise RuntimeError(f"again with {secret}") from error


def in_exception(secret: str) -> None:
    try:
        broken(secret)
    except RuntimeError:
        log.exception("a fault of ours")


def in_stack(secret: str) -> None:
    exec(compile(f"log.warning('here', stack_info=True)  # {secret!r}", secret, "exec"), {"log": log})


def in_extra(secret: str) -> None:
    log.warning("a call", extra={"body": {"headers": [secret, (secret,)], secret: 1}, "error": OSError(secret)})


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("where", [in_message, in_arguments, in_exception, in_stack, in_extra])
@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
def test_a_secret_is_in_no_line_wherever_it_stood(form: str, where, secret: str) -> None:
    written = Log(form)
    where(secret)
    assert written.text
    assert not [told for told in TELLING if told in written.text]
    if form == "json":
        assert all({"at", "level", "logger", "message"} <= line.keys() for line in written.lines)


def test_what_ends_a_thread_is_a_line_too() -> None:
    written = Log("json")
    hear_threads()
    thread = threading.Thread(target=broken, args=(HANDED,), name="hints")
    thread.start()
    thread.join()
    [line] = written.lines
    assert line["message"] == "hints ended with a fault of ours"
    assert "RuntimeError: again with …" in str(line["traceback"])


def test_what_is_no_secret_is_left_as_it_is() -> None:
    written = Log("json")
    said = 'a "basic" check of http://redis:6379 for sam@example.com: 3:4 @ noon; ' + "f" * 40
    log.warning(said)
    assert [line["message"] for line in written.lines] == [said]


def test_each_line_names_the_operation_and_the_user() -> None:
    written = Log("json")
    with concerning("op-7k3f", "U0SAM"):
        log.info("a vote waits")
        logging.getLogger("slack_sdk").error("of others' packages too")
    log.info("nothing in particular")
    [first, second, third] = written.lines
    assert (first["operation"], first["user"]) == (second["operation"], second["user"]) == ("op-7k3f", "U0SAM")
    assert not {"operation", "user"} & third.keys()


def test_text_says_what_the_sentence_does_not() -> None:
    written = Log("text")
    with concerning("op-7k3f", "U0SAM"):
        log.info("op-7k3f: a vote waits")
        log.info("a vote waits")
    log.info("a vote waits")
    said = [line.partition("bot.some: ")[2] for line in written.text.splitlines()]
    assert said == ["[U0SAM] op-7k3f: a vote waits", "[op-7k3f U0SAM] a vote waits", "a vote waits"]


def test_a_loop_over_many_names_the_one_that_its_sentence_is_about() -> None:
    written = Log("json")
    log.info("op-7k3f: enqueued again")
    log.info("it was so", extra={"operation": "op-2345", "user": None})
    assert [line["operation"] for line in written.lines] == ["op-7k3f", "op-2345"]


def test_a_fault_is_one_json_line_with_its_traceback() -> None:
    written = Log("json")
    with concerning("op-7k3f"):
        in_exception("a cause")
    [line] = written.lines
    assert line["operation"] == "op-7k3f"
    assert line["message"] == "a fault of ours"
    assert "RuntimeError: again with a cause" in str(line["traceback"])


def test_what_shows_later_holds_until_the_end_and_overrides_nothing() -> None:
    concerns_too("op-7k3f", "U0DEV")
    assert concern().operation is None, "nothing was taken up"
    with concerning(user="U0SAM"):
        concerns_too("op-7k3f", "U0DEV")
        assert (concern().operation, concern().user) == ("op-7k3f", "U0SAM"), "who presses, not who asked"
        concerns_too("op-2345", "U0DEV")
        assert concern().operation == "op-7k3f"
    with concerning("op-7k3f"):
        concerns_too("op-7k3f", "U0DEV")
        assert concern().user == "U0DEV"
        with ThreadPoolExecutor(1) as others:
            assert others.submit(concern).result().operation is None, "each thread has its own"
    assert concern().operation is None
