"""Which names the API server takes, and what it says of others."""

from __future__ import annotations

import re

from playground.cluster.status import Cause

_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_SUBDOMAIN = rf"{_LABEL}(\.{_LABEL})*"
_CONFIG_KEY = "[-._a-zA-Z0-9]+"


def label_fault(name: str) -> str:
    """What is wrong with a name as a DNS label (Services, ports), or ""."""
    if len(name) > 63:
        return "must be no more than 63 characters"
    if re.fullmatch(_LABEL, name):
        return ""
    return (
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end "
        f"with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '{_LABEL}')"
    )


def subdomain_fault(name: str) -> str:
    """What is wrong with a name as a DNS subdomain, which most kinds' names are, or ""."""
    if len(name) > 253:
        return "must be no more than 253 characters"
    if re.fullmatch(_SUBDOMAIN, name):
        return ""
    return (
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start "
        "and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
        f"'{_SUBDOMAIN}')"
    )


def namespace_fault(name: str) -> str:
    return "must not contain dots" if "." in name else label_fault(name)


def config_key_fault(key: str) -> str:
    """What is wrong with a key of a ConfigMap's or Secret's data, or ""."""
    if key in {".", ".."}:
        return f"must not be '{key}'"
    if key.startswith(".."):
        return "must not start with '..'"
    if re.fullmatch(_CONFIG_KEY, key):
        return ""
    return (
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.' "
        f"(e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '{_CONFIG_KEY}')"
    )


def invalid_value(field: str, value: str, fault: str) -> Cause:
    return Cause(field, f'Invalid value: "{value}": {fault}')
