"""Values of the Secrets that pods use, so that they can be masked exactly wherever a program or a cluster repeats them.

Only where an environment asks for it (``mask_secrets``): by default no process of ours may read a Secret. It is one way, for
evidence, for logs that people ask for, and for what status tells of pods and events.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any, Protocol
from urllib.parse import quote

from commands.errors import Missing
from workers.redact import MASK, redact

Object = Mapping[str, Any]

SHORTEST = 4
"""Characters. Masking every ``1`` or ``on`` would leave no log to read, and they are nobody's secret."""


class Source(Protocol):
    """What is needed of ``workers.cluster.Cluster``."""

    def get(self, kind: str, namespace: str, name: str) -> Any: ...


def hiding(cluster: Source, namespace: str, pods: Iterable[Object]) -> Callable[[str], str]:
    """Masks in a text what looks like a secret, and exactly what the Secrets of these pods hold. Raises ``ClusterError``.

    A Secret that does not exist holds nothing.
    """
    found = []
    for name in sorted(used_by(pods)):
        with suppress(Missing):
            found.append(cluster.get("Secret", namespace, name))
    values = values_in(found)
    return lambda text: redact(without(values, text))


def used_by(pods: Iterable[Object]) -> frozenset[str]:
    """The names of the Secrets that these pods mount or take their environment from."""
    return frozenset(name for pod in pods for name in _names(pod["spec"]) if name)


def values_in(secrets: Iterable[Object]) -> frozenset[str]:
    """Each value, also as its bare lines, in base64 and as in a web address: programs print it in all these ways."""
    found = {form for secret in secrets for data in (secret.get("data") or {}).values() for form in _forms(str(data))}
    return frozenset(form for form in found if len(form) >= SHORTEST)


def without(values: Iterable[str], text: str) -> str:
    """The text with each of these values masked, the longest first: one may be a part of another."""
    for value in sorted(values, key=len, reverse=True):
        text = text.replace(value, MASK)
    return text


def _forms(encoded: str) -> Iterator[str]:
    try:
        value = base64.b64decode(encoded).decode()
    except (binascii.Error, UnicodeDecodeError):
        return  # no text, so nothing that a log would repeat
    yield encoded
    for form in (value, value.strip(), *map(str.strip, value.splitlines())):
        yield from (form, quote(form, safe=""))


def _names(spec: Object) -> Iterator[str | None]:
    for volume in spec.get("volumes") or ():
        yield (volume.get("secret") or {}).get("secretName")
        for source in (volume.get("projected") or {}).get("sources") or ():
            yield (source.get("secret") or {}).get("name")
    for part in ("initContainers", "containers", "ephemeralContainers"):
        for container in spec.get(part) or ():
            for source in container.get("envFrom") or ():
                yield (source.get("secretRef") or {}).get("name")
            for variable in container.get("env") or ():
                yield ((variable.get("valueFrom") or {}).get("secretKeyRef") or {}).get("name")
