"""Which labels, annotations' keys and environment variables' names the API server takes, and what it says of others."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from playground.cluster import faults
from playground.cluster.naming import subdomain_fault
from playground.cluster.status import Cause

Json = dict[str, Any]
_NAME = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
_LONGEST = 63


def key_faults(key: str) -> list[str]:
    """What is wrong with a qualified name such as ``app`` or ``example.com/app``."""
    prefix, slash, name = key.rpartition("/")
    if "/" in prefix:
        fault = (
            "a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
            f"character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '{_NAME}') with an optional DNS "
            "subdomain prefix and '/' (e.g. 'example.com/MyName')"
        )
        return [fault]
    found = []
    if slash:
        fault = "must be non-empty" if not prefix else subdomain_fault(prefix)
        found += [f"prefix part {fault}"] if fault else []
    if not name:
        found.append("name part must be non-empty")
    if len(name) > _LONGEST:
        found.append(f"name part must be no more than {_LONGEST} bytes")
    if not re.fullmatch(_NAME, name):
        found.append(
            "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
            f"character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '{_NAME}')"
        )
    return found


def value_faults(value: str) -> list[str]:
    found = [f"must be no more than {_LONGEST} bytes"] if len(value) > _LONGEST else []
    if not re.fullmatch(f"({_NAME})?", value):
        found.append(
            "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end "
            f"with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '({_NAME})?')"
        )
    return found


def label_causes(field: str, labels: Mapping[str, str]) -> list[Cause]:
    """In the order of keys."""
    causes: list[Cause] = []
    for key in sorted(labels):
        causes += [faults.invalid(field, key, fault) for fault in key_faults(key)]
        causes += [faults.invalid(field, labels[key], fault) for fault in value_faults(labels[key])]
    return causes


def annotation_causes(field: str, annotations: Mapping[str, str]) -> list[Cause]:
    return [faults.invalid(field, key, fault) for key in sorted(annotations) for fault in key_faults(key.lower())]


def metadata_causes(metadata: Json) -> list[Cause]:
    return [
        *label_causes("metadata.labels", metadata.get("labels") or {}),
        *annotation_causes("metadata.annotations", metadata.get("annotations") or {}),
    ]


def variable_causes(field: str, name: str) -> list[Cause]:
    if re.fullmatch(r"[ -<>-~]+", name):
        return []
    why = "a valid environment variable name must consist only of printable ASCII characters other than '='"
    return [faults.invalid(field, name, why)]
