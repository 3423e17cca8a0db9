"""Lists and watches: pages, selectors, revisions, tables, and what a watch says from where."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.conftest import Cluster, Kubectl
from tests.contract.raw import Client
from tests.harness.api import ApiError

Json = dict[str, Any]
TABLE = {"Accept": "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"}
PARTIAL = {"Accept": "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io,application/json"}
PARTIAL_LIST = {"Accept": "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json"}
MINE = "?labelSelector=mine"
WATCH_SECONDS = 45


@pytest.fixture
def maps(cluster: Cluster, namespace: str) -> str:
    """The path of config maps a to d, labelled ``mine`` and by ``tier``."""
    path = f"/api/v1/namespaces/{namespace}/configmaps"
    for name in "abcd":
        labels = {"mine": "yes", "tier": "odd" if name in "ac" else "even"}
        cluster.api.request("POST", path, {"metadata": {"name": name, "labels": labels}, "data": {"key": name}})
    return path


@pytest.fixture
def client(cluster: Cluster) -> Iterator[Client]:
    made = Client(cluster)
    yield made
    made.close()


def names(listed: Json) -> list[str]:
    return [item["metadata"]["name"] for item in listed["items"]]


def events(cluster: Cluster, path: str, count: int, **query: str) -> list[Json]:
    """That many events of a watch."""
    seen: list[Json] = []
    for event in cluster.api.watch(path, query=query, timeout=WATCH_SECONDS):
        seen.append(event)
        if len(seen) == count:
            break
    return seen


def brief(seen: list[Json]) -> list[tuple[str, str]]:
    return [(event["type"], event["object"]["metadata"].get("name", "")) for event in seen]


def test_pages_show_the_list_as_it_was_at_the_first(cluster: Cluster, maps: str):
    first = cluster.get(f"{maps}?limit=3")
    cluster.delete(f"{maps}/d")
    rest = cluster.get(f"{maps}?limit=3&continue={first['metadata']['continue']}")
    assert names(first) == ["a", "b", "c"]
    assert names(rest) == ["d", "kube-root-ca.crt"]
    assert first["metadata"]["remainingItemCount"] == 2
    assert rest["metadata"] == {"resourceVersion": first["metadata"]["resourceVersion"]}


def test_selected_pages_do_not_say_how_much_is_left(cluster: Cluster, maps: str):
    assert "remainingItemCount" not in cluster.get(f"{maps}{MINE}&limit=1")["metadata"]


def test_the_items_of_a_list_say_neither_kind_nor_version(cluster: Cluster, maps: str):
    listed = cluster.get(maps)
    assert (listed["kind"], listed["apiVersion"]) == ("ConfigMapList", "v1")
    assert not {"kind", "apiVersion"} & set(listed["items"][0])


@pytest.mark.parametrize(
    ("selector", "selected"),
    [
        ("labelSelector=tier%3Dodd", "ac"),
        ("labelSelector=mine,tier%3D%3Deven", "bd"),
        ("labelSelector=mine,tier!%3Dodd", "bd"),
        ("labelSelector=tier+in+(odd,%20even)", "abcd"),
        ("labelSelector=mine,tier+notin+(odd)", "bd"),
        ("labelSelector=mine,!tier", ""),
        ("labelSelector=!other,mine", "abcd"),
        ("labelSelector=tier%3D", ""),
        ("fieldSelector=metadata.name%3Db", "b"),
        ("labelSelector=mine&fieldSelector=metadata.name!%3Db", "acd"),
        ("labelSelector=mine&fieldSelector=metadata.namespace%3Dother", ""),
    ],
)
def test_selectors(cluster: Cluster, maps: str, selector: str, selected: str):
    assert names(cluster.get(f"{maps}?{selector}")) == list(selected)


def test_a_namespace_that_is_not_there_is_empty(cluster: Cluster):
    assert cluster.get("/api/v1/namespaces/missing/configmaps")["items"] == []


def test_the_past_is_listed_exactly(cluster: Cluster, maps: str):
    before = cluster.get(f"{maps}{MINE}")
    cluster.patch(f"{maps}/a", {"data": {"key": "new"}})
    cluster.delete(f"{maps}/b")
    cluster.api.request("POST", maps, {"metadata": {"name": "e", "labels": {"mine": "yes"}}})
    revision = before["metadata"]["resourceVersion"]
    assert cluster.get(f"{maps}{MINE}&resourceVersion={revision}&resourceVersionMatch=Exact") == before
    assert names(cluster.get(f"{maps}{MINE}&resourceVersion={revision}")) == list("acde")
    page = cluster.get(f"{maps}{MINE}&resourceVersion={revision}&limit=2")
    assert (names(page), page["metadata"]["resourceVersion"]) == (["a", "b"], revision)


def test_a_revision_to_come_times_out(cluster: Cluster, maps: str):
    for path in (f"{maps}?resourceVersion=999999999", f"{maps}/a?resourceVersion=999999999"):
        with pytest.raises(ApiError) as refused:
            cluster.get(path)
        assert refused.value.code == 504
        causes = [{"reason": "ResourceVersionTooLarge", "message": "Too large resource version"}]
        assert refused.value.status["details"] == {"causes": causes, "retryAfterSeconds": 1}


def test_a_table_has_columns_cells_and_metadata(client: Client, maps: str):
    table = client.ask("GET", f"{maps}{MINE}", None, TABLE).body
    columns = [
        (column["name"], column["type"], column["format"], column["priority"]) for column in table["columnDefinitions"]
    ]
    assert (table["kind"], table["apiVersion"]) == ("Table", "meta.k8s.io/v1")
    assert columns == [("Name", "string", "name", 0), ("Data", "string", "", 0), ("Age", "string", "", 0)]
    first = table["rows"][0]
    assert first["cells"][:2] == ["a", 1]
    assert (first["object"]["kind"], first["object"]["apiVersion"]) == ("PartialObjectMetadata", "meta.k8s.io/v1")
    assert first["object"]["metadata"]["labels"] == {"mine": "yes", "tier": "odd"}


def test_a_table_holds_whole_objects_or_none_if_asked(client: Client, maps: str):
    whole = client.ask("GET", f"{maps}{MINE}&includeObject=Object", None, TABLE).body["rows"][0]
    bare = client.ask("GET", f"{maps}{MINE}&includeObject=None", None, TABLE).body["rows"][0]
    assert whole["object"]["data"] == {"key": "a"}
    assert not bare.get("object")


def test_metadata_alone(client: Client, maps: str):
    one = client.ask("GET", f"{maps}/a", None, PARTIAL).body
    many = client.ask("GET", f"{maps}{MINE}", None, PARTIAL_LIST).body
    assert (one["kind"], set(one)) == ("PartialObjectMetadata", {"kind", "apiVersion", "metadata"})
    assert (many["kind"], names(many)) == ("PartialObjectMetadataList", list("abcd"))


def test_a_watch_without_revision_begins_with_what_there_is(cluster: Cluster, maps: str):
    for revision in ({}, {"resourceVersion": "0"}):
        seen = events(cluster, f"{maps}{MINE}", 4, **revision)
        assert sorted(brief(seen)) == [("ADDED", name) for name in "abcd"]
        assert seen[0]["object"]["kind"] == "ConfigMap"


def test_a_watch_resumes_after_a_revision(cluster: Cluster, maps: str):
    revision = cluster.get(maps)["metadata"]["resourceVersion"]
    cluster.patch(f"{maps}/a", {"data": {"key": "new"}})
    cluster.delete(f"{maps}/b")
    cluster.api.request("POST", maps, {"metadata": {"name": "e"}})
    seen = events(cluster, maps, 3, resourceVersion=revision)
    assert brief(seen) == [("MODIFIED", "a"), ("DELETED", "b"), ("ADDED", "e")]
    revisions = [int(event["object"]["metadata"]["resourceVersion"]) for event in seen]
    assert revisions == sorted(revisions)
    assert revisions[0] > int(revision)


def test_what_leaves_a_selection_is_deleted_and_what_enters_it_is_added(cluster: Cluster, maps: str):
    revision = cluster.get(maps)["metadata"]["resourceVersion"]
    cluster.patch(f"{maps}/a", {"metadata": {"labels": {"tier": "even"}}})
    left = cluster.patch(f"{maps}/b", {"metadata": {"labels": {"tier": "odd"}}})
    cluster.delete(f"{maps}/d")
    seen = events(cluster, f"{maps}?labelSelector=tier%3Deven", 3, resourceVersion=revision)
    assert brief(seen) == [("ADDED", "a"), ("DELETED", "b"), ("DELETED", "d")]
    gone = seen[1]["object"]["metadata"]
    assert (gone["labels"]["tier"], gone["resourceVersion"]) == ("even", left["metadata"]["resourceVersion"])


def test_a_watch_that_asks_for_initial_events_is_told_when_they_end(cluster: Cluster, maps: str):
    query = {"sendInitialEvents": "true", "resourceVersionMatch": "NotOlderThan", "allowWatchBookmarks": "true"}
    *added, end = events(cluster, f"{maps}{MINE}", 5, **query)
    assert sorted(brief(added)) == [("ADDED", name) for name in "abcd"]
    assert (end["type"], end["object"]["kind"]) == ("BOOKMARK", "ConfigMap")
    assert end["object"]["metadata"]["annotations"] == {"k8s.io/initial-events-end": "true"}


def test_a_watch_from_the_beginning_with_bookmarks_is_told_too(cluster: Cluster, maps: str):
    *added, end = events(cluster, f"{maps}{MINE}", 5, allowWatchBookmarks="true")
    assert sorted(brief(added)) == [("ADDED", name) for name in "abcd"]
    assert end["object"]["metadata"]["annotations"] == {"k8s.io/initial-events-end": "true"}
    assert set(end["object"]) == {"kind", "apiVersion", "metadata"}


def test_nobody_gets_bookmarks_unasked(cluster: Cluster, maps: str):
    revision = cluster.get(maps)["metadata"]["resourceVersion"]
    query = {"resourceVersion": revision, "timeoutSeconds": "1"}
    assert list(cluster.api.watch(maps, query=query, timeout=WATCH_SECONDS)) == []


def test_a_watched_table_names_its_columns_once(client: Client, cluster: Cluster, maps: str):
    answer = client.ask("GET", f"{maps}{MINE}&watch=true&timeoutSeconds=1", None, TABLE)
    seen = [json.loads(line) for line in answer.body.splitlines()] if isinstance(answer.body, str) else []
    tables = [event["object"] for event in seen]
    assert [bool(table.get("columnDefinitions")) for table in tables] == [True, False, False, False]
    assert sorted(table["rows"][0]["cells"][0] for table in tables) == list("abcd")


def test_kubectl_shows_a_change_while_it_watches(cluster: Cluster, maps: str, kubectl: Kubectl):
    shown = kubectl("get", "configmaps", "-l", "tier=odd", "-w", "--request-timeout=2s", "--no-headers")
    assert (shown[0], [line.split()[:2] for line in shown[1].splitlines()]) == (0, [["a", "1"], ["c", "1"]])


def test_kubectl_prints_names_labels_and_all_namespaces(cluster: Cluster, namespace: str, maps: str, kubectl: Kubectl):
    assert kubectl("get", "cm", "-l", "mine", "-o", "name")[1].split() == [f"configmap/{name}" for name in "abcd"]
    assert "mine=yes,tier=odd" in kubectl("get", "cm", "a", "--show-labels")[1]
    code, out, err = kubectl("get", "cm", "-A", "-l", "mine,tier=odd", "--sort-by=.metadata.name")
    assert (code, err) == (0, "")
    assert [line.split()[:2] for line in out.splitlines()[1:] if namespace in line] == [
        [namespace, "a"],
        [namespace, "c"],
    ]
