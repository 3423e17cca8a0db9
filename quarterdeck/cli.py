"""``quarterdeck``: one file per subcommand beside this one. Exit codes: 0 done, 1 it failed, 2 wrong usage."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from commands.errors import ConfigError, QuarterdeckError
from quarterdeck.logs import LEVELS, configure, hear_threads, say

SUBCOMMANDS = ("audit", "bot", "check", "demo", "manifest", "policy", "up", "watcher", "worker")


class Subcommands(click.Group):
    """Imported when asked for: a worker needs nothing of Slack's in memory, nor a bot of Kubernetes's."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(SUBCOMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in SUBCOMMANDS:
            return None
        command = import_module(f"quarterdeck.{cmd_name}").command
        assert isinstance(command, click.Command)  # noqa: S101 - each file of a subcommand has one
        return command


@click.group(cls=Subcommands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--config", metavar="FILE", help="The configuration; QUARTERDECK_CONFIG, else quarterdeck.yaml.")
@click.option("--log-format", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--log-level", type=click.Choice(LEVELS), default="info", show_default=True)
@click.version_option(package_name="quarterdeck")
@click.pass_context
def cli(context: click.Context, config: str | None, log_format: str, log_level: str) -> None:
    """Run your Kubernetes clusters from Slack: planned, shown, approved, watched to the true end."""
    configure(log_format, log_level)
    context.obj = config


def main() -> None:
    """No traceback is shown unless it is asked for: what happened and how to mend it are in the sentence."""
    hear_threads()
    try:
        code = cli.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(2 if isinstance(error, click.UsageError) else 1)
    except Exception as error:  # the one handler of last resort; a fault of ours ends in a sentence too
        logging.getLogger("quarterdeck").debug("it failed here", exc_info=error)
        for sentence in _sentences(error):
            say(sentence, logging.ERROR)
        sys.exit(1)
    sys.exit(code if isinstance(code, int) else 0)


def _sentences(error: Exception) -> Sequence[str]:
    match error:
        case ConfigError():
            return error.problems
        case QuarterdeckError() | OSError():
            return [f"quarterdeck: {error}"]
        case _:
            told = "this should not have happened; `--log-level debug` shows where, and the maintainers want to know"
            return [f"quarterdeck: {type(error).__name__}: {error}; {told}"]
