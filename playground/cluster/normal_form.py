"""What is left of an object once the API server's typed structures have read and written it again.

They leave out what says nothing: null, "", empty lists and maps, and false or 0 where that is the same as not given.
Source: the ``omitempty`` marks of the published API types. Quantities come back in their canonical writing.
"""

from __future__ import annotations

from typing import Any

from playground.cluster.quantity import canonical
from playground.cluster.status import bad_request

Json = dict[str, Any]
_MAPS = frozenset({
    "labels", "annotations", "nodeSelector", "matchLabels", "data", "stringData", "binaryData", "parameters", "volumeAttributes",
})  # fmt: skip
"""Maps of people's own keys: left out if empty, else theirs to the letter."""
_QUANTITY_MAPS = frozenset({"limits", "requests", "capacity", "allocatable", "overhead", "hard", "used"})
_QUANTITIES = frozenset({"divisor", "sizeLimit"})
_FALSE_IS_NOTHING = frozenset({"readOnly", "hostNetwork", "hostPID", "hostIPC", "stdin", "stdinOnce", "tty", "paused"})
_ZERO_IS_NOTHING = frozenset({
    "minReadySeconds", "initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold", "hostPort",
})  # fmt: skip
_EMPTY_TEXT_SAYS_SOMETHING = frozenset({
    ("hostPath", "type"), ("grpc", "service"), ("httpHeaders", "value"), ("sysctls", "value"), ("spec", "storageClassName"),
    ("nodeInfo", "kubeProxyVersion"),
})  # fmt: skip


def read(obj: Json) -> None:
    """Bring a whole object into its normal form, in place. Raises StatusError 400 for a quantity that is none."""
    try:
        normalise(obj)
    except ValueError as error:
        kind, version = obj["kind"], obj["apiVersion"].rpartition("/")[2]
        raise bad_request(f'{kind} in version "{version}" cannot be handled as a {kind}: {error}') from error


def normalise(obj: Json, inside: str = "") -> None:
    """As ``read``, of any part of an object; ``inside`` names the field it is in. Raises ValueError."""
    for key, value in list(obj.items()):
        if _says_nothing(key, value, inside):
            del obj[key]
        elif key in _QUANTITY_MAPS and isinstance(value, dict):
            obj[key] = {name: _quantity(amount) for name, amount in value.items()}
        elif key in _QUANTITIES:
            obj[key] = _quantity(value)
        elif key not in _MAPS:
            _descend(key, value)


def _descend(key: str, value: Any) -> None:
    if isinstance(value, dict):
        normalise(value, key)
    elif isinstance(value, list):
        for item in value:
            if isinstance(item, dict):
                normalise(item, key)


def _says_nothing(key: str, value: Any, inside: str) -> bool:
    if value is None or value == []:
        return True
    if value == "":
        return (inside, key) not in _EMPTY_TEXT_SAYS_SOMETHING
    if value == {}:
        return key in _MAPS or key in _QUANTITY_MAPS
    if value is False:
        return key in _FALSE_IS_NOTHING
    return bool(value == 0 and key in _ZERO_IS_NOTHING)


def _quantity(amount: Any) -> str:
    return canonical(amount if isinstance(amount, (str, int, float)) else "")
