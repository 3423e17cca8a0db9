"""Where an image comes from: registries, and paths in them."""

from __future__ import annotations

from collections.abc import Iterable

from commands.objects import image_of

HUB = "docker.io"


def is_from(image: str, registries: Iterable[str]) -> bool:
    """Whether an image lies in one of these registries, or under a path of one. A bare name is Docker Hub's."""
    repository = in_full(image_of(image).repository)
    return any(repository.startswith(f"{registry}/") for registry in registries)


def in_full(repository: str) -> str:
    """``web`` as ``docker.io/library/web``: a first part with a dot, a colon or a capital, or ``localhost``, is a host.

    As https://github.com/distribution/reference/blob/main/normalize.go reads it.
    """
    host, slash, rest = repository.partition("/")
    if slash and (host == "localhost" or host != host.lower() or not {".", ":"}.isdisjoint(host)):
        return f"{HUB}/{rest}" if host == f"index.{HUB}" else repository
    return f"{HUB}/{repository}" if slash else f"{HUB}/library/{repository}"
