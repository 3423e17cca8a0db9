"""``quarterdeck demo``: a Slack-like page, a simulated cluster and the real processes, from one command."""

from quarterdeck.demo.command import command

__all__ = ["command"]
