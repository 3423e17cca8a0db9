"""Images that do not come: by the words of containerd, CRI-O and the registries behind them."""

from __future__ import annotations

import re

from workers.kinds.faults.container import Container, could_start
from workers.kinds.faults.fault import Circumstances, Fault, ends, short

_LAYERS = re.compile(
    r"(?:Back-off pulling image \"[^\"]*\": (?:ErrImagePull: )?|rpc error: code = \w+ desc = "
    r"|failed to pull (?:and unpack )?image \"[^\"]*\": |failed to resolve (?:reference|image) \"[^\"]*\": |failed to do request: )+"
)
"""What each layer puts before the words of the one below, the image once more in each."""

_ABSENT = ("not found", "manifest unknown", "does not exist", "no such manifest", "name unknown")
_BARRED = (
    "unauthorized",
    "401",
    "403 forbidden",
    "access denied",
    "denied:",
    "authentication required",
    "no basic auth",
)


def pull(container: Container, around: Circumstances) -> Fault:
    """Barred goes before absent: a registry hides what one may not see behind "does not exist or may require …"."""
    said = container.message.lower()
    if any(word in said for word in _BARRED):
        return container.fault(f": image {container.image} may not be pulled (unauthorized)")
    if "no match for platform" in said:
        return container.fault(f": image {container.image} has nothing for this kind of node (platform)")
    if any(word in said for word in _ABSENT):
        return container.fault(f": image {container.image} not found")
    until = ends(could_start(container.pod), around.patience.image_pull)
    why = short(_LAYERS.sub("", str(container.waiting.get("message") or ""), count=1))
    return container.fault(f": image {container.image} cannot be pulled: {why}", proven_at=until)


def name(container: Container, _around: Circumstances) -> Fault:
    return container.fault(f": {container.image} is no valid image name")


def never(container: Container, _around: Circumstances) -> Fault:
    return container.fault(f": image {container.image} is not on the node, and its pull policy is Never")


def signature(container: Container, _around: Circumstances) -> Fault:
    return container.fault(f": image {container.image} is not signed as it has to be: {container.message}")


RULES = {
    "ErrImagePull": pull,
    "ImagePullBackOff": pull,
    "RegistryUnavailable": pull,
    "ImageInspectError": pull,
    "InvalidImageName": name,
    "ErrImageNeverPull": never,
    "SignatureValidationFailed": signature,
}
"""By the reason for which a container waits."""
