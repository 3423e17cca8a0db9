"""``quarterdeck demo``: what can be said. What it shows, and shows it with, is imported when it is asked for."""

from __future__ import annotations

import math
from pathlib import Path

import click

from commands.errors import QuarterdeckError
from quarterdeck.running import stopping


def _number(_context: click.Context, _parameter: click.Parameter, speed: float) -> float:
    """A range lets NaN through."""
    if math.isnan(speed):
        raise click.BadParameter("nan is not a number.")
    return speed


@click.command("demo")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=4242, show_default=True, help="Of the page; 0: any free one."
)
@click.option("--no-browser", is_flag=True, help="Only print the page's address.")
@click.option("--config", "own", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Rehearse your own quarterdeck.yaml, on clusters and people made to fit it.")  # fmt: skip
@click.option("--speed", type=click.FloatRange(0.1, 100), default=1.0, show_default=True, callback=_number,
              help="Of the clusters' time.")  # fmt: skip
@click.pass_context
def command(context: click.Context, port: int, no_browser: bool, own: Path | None, speed: float) -> None:
    """Try it in one minute: a Slack-like page, a simulated cluster and the real processes. Nothing to set up."""
    stop = stopping(None)  # so early, for who changes their mind while all is set up presses Ctrl-C more than once
    try:
        from quarterdeck.demo.show import show  # noqa: PLC0415 - where Quarterdeck runs in earnest, none of it is there
    except ModuleNotFoundError as error:
        mend = "install requirements/demo.txt, or the extra `demo`"
        raise QuarterdeckError(f"{error.name}, which only the demo needs, is not installed; {mend}") from error
    show(context.find_root().params, port, no_browser, own, speed, stop)
