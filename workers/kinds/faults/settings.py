"""ConfigMaps and Secrets that a pod needs: the thing itself is missing, or a key in it. By the kubelet's words."""

from __future__ import annotations

import re

_KINDS = {"configmap": "ConfigMap", "config": "ConfigMap", "secret": "Secret"}

_KEY = re.compile(r"couldn't find key (?P<key>\S+) in (?P<kind>ConfigMap|Secret) [^/\s]+/(?P<name>\S+)")
_KEY_OF_VOLUME = re.compile(r"references non-existent (?P<kind>config|secret) key: (?P<key>\S+)")
_THING = re.compile(r"\b(?P<kind>configmap|secret)s? \"(?P<name>[^\"]+)\" not found", re.IGNORECASE)


def missing(text: str, volume: str = "") -> str | None:
    """``the Secret db, which does not exist``: what is needed and is not there. None where the text speaks of something else.

    ``volume``: the name of what the volume is made from, which the text leaves out.
    """
    if found := _KEY.search(text):
        return f"the key {found['key']} of the {found['kind']} {found['name']}, which has no such key"
    if found := _KEY_OF_VOLUME.search(text):
        kind = _KINDS[found["kind"]]
        return f"the key {found['key']} of {f'the {kind} {volume}' if volume else f'a {kind}'}, which has no such key"
    if found := _THING.search(text):
        return f"the {_KINDS[found['kind'].lower()]} {found['name']}, which does not exist"
    return None
