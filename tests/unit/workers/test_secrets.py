"""Which Secrets a pod uses, and every form in which a log may repeat what they hold. Pure."""

from __future__ import annotations

import base64
from typing import Any

from workers.secrets import used_by, values_in, without


def secret(value: bytes) -> dict[str, Any]:
    return {"data": {"key": base64.b64encode(value).decode()}}


def test_every_way_in_which_a_pod_can_use_one():
    spec = {
        "volumes": [
            {"name": "a", "secret": {"secretName": "mounted"}},
            {"name": "b", "projected": {"sources": [{"secret": {"name": "projected"}}, {"configMap": {"name": "no"}}]}},
        ],
        "initContainers": [
            {"name": "i", "envFrom": [{"secretRef": {"name": "all"}}, {"configMapRef": {"name": "no"}}]}
        ],
        "containers": [
            {
                "name": "c",
                "env": [{"name": "A", "value": "x"}, {"name": "B", "valueFrom": {"secretKeyRef": {"name": "one"}}}],
            }
        ],
    }
    assert used_by([{"spec": spec}, {"spec": {"containers": []}}]) == {"mounted", "projected", "all", "one"}


def test_each_line_and_each_writing_of_a_value_is_masked():
    values = values_in([secret(b"-- key --\nline one/1\nline two\n")])
    log = "a: line one/1\nb: line two\nc: line%20one%2F1\nd: -- key --"
    assert without(values, log) == "a: [redacted]\nb: [redacted]\nc: [redacted]\nd: [redacted]"


def test_the_longest_goes_first_so_that_nothing_of_it_is_left():
    assert (
        without(values_in([secret(b"fish"), secret(b"swordfish")]), "a swordfish, a fish")
        == "a [redacted], a [redacted]"
    )


def test_what_is_short_or_no_text_is_left_alone():
    assert values_in([secret(b"on"), secret(b"\xff\xfe\x00"), {"data": {"key": "no base64!"}}, {}]) <= {"b24="}
