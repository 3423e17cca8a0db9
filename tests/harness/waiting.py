"""Waiting for objects by watching them, so that a test goes on the moment its condition holds."""

import json
import time
from collections.abc import Callable, Iterator
from threading import Event

import urllib3

from tests.harness.api import Api, ApiError, Json

_RECONNECT_SECONDS = 0.05
_GONE = 410


def wait_items(api: Api, path: str, predicate: Callable[[list[Json]], bool], timeout: float) -> list[Json]:
    """Watch a collection (a path that can be listed) until `predicate` holds for its items; returns them.

    Survives a restart of the API server. Raises TimeoutError that shows the items as they were last.
    """
    deadline = time.monotonic() + timeout
    items: list[Json] = []
    while time.monotonic() < deadline:
        try:
            for items in _states(api, path, deadline):
                if predicate(items):
                    return items
        except (TimeoutError, urllib3.exceptions.HTTPError):  # out of time, or the API server is away
            Event().wait(_RECONNECT_SECONDS)
    raise TimeoutError(f"{path}: not as expected after {timeout} s; last seen:\n{json.dumps(items, indent=1)}")


def wait_object(api: Api, path: str, predicate: Callable[[Json], bool], timeout: float) -> Json:
    """Watch one object by its path until it exists and `predicate` holds for it; returns it."""
    collection, _, name = path.rpartition("/")
    selector = f"{collection}?fieldSelector=metadata.name%3D{name}"
    [item] = wait_items(api, selector, lambda items: bool(items) and predicate(items[0]), timeout)
    return item


def wait_gone(api: Api, path: str, timeout: float) -> None:
    """Wait until no object is at this path."""
    collection, _, name = path.rpartition("/")
    wait_items(api, f"{collection}?fieldSelector=metadata.name%3D{name}", lambda items: not items, timeout)


def _states(api: Api, path: str, deadline: float) -> Iterator[list[Json]]:
    """Yield the collection as listed and after each event, until the watch ends."""
    listed = api.request("GET", path)
    items = {item["metadata"]["uid"]: item for item in listed["items"]}
    yield list(items.values())
    query = {"resourceVersion": listed["metadata"]["resourceVersion"]}
    for event in api.watch(path, query=query, timeout=max(0.01, deadline - time.monotonic())):
        changed = event["object"]
        if event["type"] == "ERROR":
            if changed.get("code") == _GONE:  # too old: list again
                return
            raise ApiError("WATCH", path, int(changed.get("code", 0)), changed)
        if event["type"] == "DELETED":
            items.pop(changed["metadata"]["uid"], None)
        else:
            items[changed["metadata"]["uid"]] = changed
        yield list(items.values())
