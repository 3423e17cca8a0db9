"""The words around the subcommands: help, exit codes, and last words."""

from __future__ import annotations

import logging

import click
import pytest
from click.testing import CliRunner

from quarterdeck import cli
from quarterdeck.logs import configure, say


@pytest.mark.parametrize("words", [[], *([name] for name in cli.SUBCOMMANDS), ["audit", "export"]])
def test_everything_explains_itself(words: list[str]) -> None:
    done = CliRunner().invoke(cli.cli, [*words, "--help"])
    assert done.exit_code == 0
    assert "Usage:" in done.output


def test_a_fault_of_our_own_ends_in_a_sentence_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    @click.command()
    def faulty() -> None:
        raise KeyError("no such key")

    monkeypatch.setattr(cli, "cli", faulty)
    monkeypatch.setattr("sys.argv", ["quarterdeck"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 1
    told = capsys.readouterr().err
    assert "quarterdeck: KeyError" in told
    assert "this should not have happened" in told
    assert "Traceback" not in told


def test_last_words_show_no_secret(capsys: pytest.CaptureFixture[str]) -> None:
    say("cannot reach redis://:hunter2@redis:6379 with xoxb-1-2")
    assert capsys.readouterr().err == "cannot reach redis://…@redis:6379 with …\n"


def test_last_words_are_json_where_logs_are(capsys: pytest.CaptureFixture[str]) -> None:
    configure("json", "info")
    say("it failed", logging.ERROR)
    assert '"level": "error", "logger": "quarterdeck", "message": "it failed"' in capsys.readouterr().err
