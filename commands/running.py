"""What pods really run behind a tag: the digests that their nodes found for it. The same tag may mean another one tomorrow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from commands.objects import Image, every_image, image_of
from commands.wording import counted


@dataclass(frozen=True, slots=True)
class Running:
    """Of one container: its image as the template says it, and how many pods run which digest of it, most first."""

    container: str
    image: str
    digests: tuple[tuple[str, int], ...]

    @property
    def said(self) -> str:
        """``web:1.4.2 → sha256:abcd…``"""
        parts = image_of(self.image)
        name = f"{parts.repository.rpartition('/')[2]}:{parts.version}"
        if len(self.digests) == 1:
            return f"{name} → {short(self.digests[0][0])}"
        several = ", ".join(f"{short(digest)} in {counted(pods, 'pod')}" for digest, pods in self.digests)
        return f"{name} → not the same everywhere: {several}"


def short(digest: str) -> str:
    """Its beginning, for reading."""
    return Image("", None, digest).version


def running(template: Mapping[str, Any], pods: Sequence[Mapping[str, Any]]) -> Iterator[Running]:
    """Of each container whose image names no digest, as far as these pods tell."""
    for container, image in every_image(template).items():
        if image_of(image).digest is None and (found := digests(pods, container, image)):
            yield Running(container, image, tuple(found.most_common()))


def digests(pods: Sequence[Mapping[str, Any]], container: str, image: str) -> Counter[str]:
    """How many pods run which digest in that container, of those whose own image is that very one."""
    found: Counter[str] = Counter()
    for pod in pods:
        if every_image(pod).get(container) == image:
            status = pod.get("status") or {}
            every = (*(status.get("initContainerStatuses") or ()), *(status.get("containerStatuses") or ()))
            ids = (str(each.get("imageID") or "") for each in every if each["name"] == container)
            found.update(digest for id in ids if (digest := image_of(id).digest))
    return found
