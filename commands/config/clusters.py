"""``clusters``: how a worker reaches each. Nothing is opened here: on the bot's machine the files need not exist."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator

from commands.config.fields import Section, Text


class Cluster(Section):
    """With neither key: the in-cluster service account, else the default kubeconfig."""

    kubeconfig: Text | None = None
    context: Text | None = None


ClusterEntry = Annotated[Cluster, BeforeValidator(lambda value: {} if value is None else value)]
"""``main:`` with nothing behind it is a cluster too."""
