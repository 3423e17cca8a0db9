"""Plurals and articles: the one place where a sentence agrees with the number and the noun in it. Pure."""

from __future__ import annotations


def plural(number: int, one: str, many: str = "") -> str:
    """``pod`` or ``pods``; ``many`` where it is not just an s more: ``entries``, ``are``."""
    return one if number == 1 else many or f"{one}s"


def counted(number: int, one: str, many: str = "") -> str:
    """``1 pod``, ``2 pods``, ``0 entries``."""
    return f"{number} {plural(number, one, many)}"


def article(noun: str) -> str:
    """``an operation``, ``a version``. By its first letter, which does for the nouns and verbs said here; replicas bear none."""
    if noun == "replicas":
        return noun
    return f"{'an' if noun[:1].lower() in set('aeio') else 'a'} {noun}"
