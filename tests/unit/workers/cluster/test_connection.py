"""What happens when the API server does not answer as it should: reads are tried again, writes never."""

import socket
import threading
from pathlib import Path

import pytest

from commands.errors import ConfigError, Forbidden, Invalid, OutcomeUnknown, Unreachable
from tests.unit.workers.cluster.stub import answer, half, hang_up, stubbed, write_kubeconfig
from workers.cluster import connection, open_cluster

POD = {"metadata": {"name": "web-1"}}
BUSY = answer(503, {"message": "apiserver is shutting down"})
EDIT = [{"op": "replace", "path": "/spec/replicas", "value": 2}]


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "PAUSES", (0.001, 0.001))


@pytest.mark.parametrize("first", [hang_up, half, BUSY, answer(429, {"message": "slow down"})])
def test_a_read_that_failed_is_tried_again(tmp_path, first):
    with stubbed(tmp_path, first, first, answer(200, POD)) as (stub, cluster):
        assert cluster.get("Pod", "shop", "web-1") == POD
        assert len(stub.requests) == 3


def test_a_read_is_given_up_after_three_tries(tmp_path):
    with stubbed(tmp_path, hang_up) as (stub, cluster):
        with pytest.raises(Unreachable, match="The cluster main cannot be reached: the connection broke"):
            cluster.get("Pod", "shop", "web-1")
        assert len(stub.requests) == 3


def test_a_refusal_is_not_asked_for_twice(tmp_path):
    with stubbed(tmp_path, answer(400, {"message": "no such field selector"})) as (stub, cluster):
        with pytest.raises(Invalid, match="no such field selector"):
            cluster.list("Pod", "shop", field_selector="nonsense=1")
        assert len(stub.requests) == 1


@pytest.mark.parametrize("lost", [hang_up, half, answer(500, {}), answer(502, "gateway"), answer(504, {})])
def test_a_write_whose_answer_was_lost_goes_out_once_and_is_unknown(tmp_path, lost):
    with stubbed(tmp_path, lost) as (stub, cluster):
        with pytest.raises(OutcomeUnknown):
            cluster.patch("Deployment", "shop", "web", EDIT, dry_run=False)
        assert len(stub.requests) == 1


def test_a_write_that_was_turned_away_is_not_unknown(tmp_path):
    with stubbed(tmp_path, answer(429, {"message": "slow down"})) as (stub, cluster):
        with pytest.raises(Unreachable) as raised:
            cluster.patch("Deployment", "shop", "web", EDIT, dry_run=False)
        assert not isinstance(raised.value, OutcomeUnknown)
        assert len(stub.requests) == 1


def test_a_write_that_never_left_is_not_unknown(tmp_path):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # bound but not listening: connections are refused
        cluster = open_cluster("main", write_kubeconfig(tmp_path, f"http://127.0.0.1:{nobody.getsockname()[1]}"))
        with pytest.raises(Unreachable, match="nothing listens at its address") as raised:
            cluster.patch("Deployment", "shop", "web", EDIT, dry_run=False)
        cluster.close()
    assert not isinstance(raised.value, OutcomeUnknown)


def test_a_dry_run_is_a_read(tmp_path):
    with stubbed(tmp_path, hang_up, answer(200, {"metadata": {}})) as (stub, cluster):
        cluster.patch("Deployment", "shop", "web", EDIT, dry_run=True)
        assert all("dryRun=All" in request for request in stub.requests)


def test_a_silent_server_is_left_in_time(tmp_path, monkeypatch):
    monkeypatch.setattr("workers.cluster.client.WRITE_SECONDS", 0.1)
    left = threading.Event()
    with stubbed(tmp_path, lambda handler: left.wait(60)) as (_, cluster):
        with pytest.raises(OutcomeUnknown):
            cluster.patch("Deployment", "shop", "web", EDIT, dry_run=False)
        left.set()


def test_credentials_that_are_not_accepted_are_said_to_be(tmp_path):
    with (
        stubbed(tmp_path, answer(401, {"message": "Unauthorized"})) as (stub, cluster),
        pytest.raises(Forbidden, match="does not accept Quarterdeck's credentials"),
    ):
        cluster.get("Pod", "shop", "web-1")
    assert stub.headers[0]["authorization"] == "Bearer t0ken"


def test_the_environments_proxy_is_not_used_for_a_loopback_address(tmp_path, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    with stubbed(tmp_path, answer(200, POD)) as (_, cluster):
        assert cluster.get("Pod", "shop", "web-1") == POD


def test_warnings_of_the_server_come_along(tmp_path):
    script = answer(200, {"metadata": {}}, Warning='299 - "unknown field \\"spec.nonsense\\""')
    with stubbed(tmp_path, script) as (_, cluster):
        answered = cluster.patch("Deployment", "shop", "web", EDIT, dry_run=True)
    assert answered.warnings == ('unknown field "spec.nonsense"',)


def test_a_name_that_no_object_can_have_is_not_sent(tmp_path):
    with stubbed(tmp_path, answer(200, POD)) as (stub, cluster):
        for name in ("../secrets/x", "web?x=1", "WEB", "a" * 300, "web\x00"):
            with pytest.raises(Exception, match="can be named"):
                cluster.get("Pod", "shop", name)
        assert stub.requests == []


def test_a_list_is_read_page_by_page_and_begun_again_when_its_token_has_expired(tmp_path):
    def page(name: str, token: str) -> dict[str, object]:
        return {"metadata": {"continue": token, "resourceVersion": "7"}, "items": [{"metadata": {"name": name}}]}

    scripts = (
        answer(200, page("stale", "t1")),
        answer(410, {"message": "the provided continue parameter is too old"}),
        answer(200, page("a", "t2")),
        answer(200, page("b", "")),
    )
    with stubbed(tmp_path, *scripts) as (stub, cluster):
        listing = cluster.list("Pod", "shop", label_selector="app=web")
    assert [item["metadata"]["name"] for item in listing.items] == ["a", "b"]
    assert {item["kind"] for item in listing.items} == {"Pod"}
    assert listing.resource_version == "7"
    assert stub.requests[-1].endswith("labelSelector=app%3Dweb&limit=500&continue=t2")


def test_a_kubeconfig_that_is_not_there_is_named():
    with pytest.raises(ConfigError, match="cluster main: there is no kubeconfig at /nowhere/kubeconfig"):
        open_cluster("main", "/nowhere/kubeconfig")


def test_a_context_that_is_not_there_is_named(tmp_path):
    path: Path = write_kubeconfig(tmp_path, "https://example.com")
    with pytest.raises(ConfigError, match="prod"):
        open_cluster("main", path, "prod")
