"""Other rules for a deck while it runs, as somebody edits the file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import yaml

from commands.config import load
from tests.invariants.deck import Deck

Json = dict[str, Any]


def rule(deck: Deck, change: Callable[[Json], object]) -> None:
    """From now on the file is as ``change`` makes it."""
    file = deck.folder / "quarterdeck.yaml"
    said = yaml.safe_load(file.read_text())
    change(said)
    file.write_text(yaml.safe_dump(said))
    deck.rules.now = load(file, registry_names=frozenset(command.name for command in deck.context.registry))


def limit(deck: Deck, environment: str, **limits: Any) -> None:
    rule(deck, lambda said: said["environments"][environment].update(limits=limits))
