"""``quarterdeck check``."""

import click


@click.command("check")
def command() -> None:
    """Tell what works, what does not, and the mend."""
