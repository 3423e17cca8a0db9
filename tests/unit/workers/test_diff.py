"""Diffs as people read them. Pure."""

from typing import Any

import pytest

from workers.diff import LONGEST, changes
from workers.paths import ABSENT, at, named_path, pointer, shown


def workload(**container: Any) -> dict[str, Any]:
    app = {"name": "app", "image": "r/web:1", "terminationMessagePath": "/dev/termination-log", **container}
    template = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [app], "dnsPolicy": "ClusterFirst"}}
    return {
        "kind": "Deployment",
        "metadata": {"name": "web", "uid": "u1", "resourceVersion": "7", "generation": 3, "annotations": {"a": "b"}},
        "spec": {"replicas": 3, "template": template},
        "status": {"replicas": 3},
    }


def env(name: str, value: str) -> dict[str, Any]:
    return {"env": [{"name": name, "value": value}]}


def noted(value: str) -> dict[str, Any]:
    """With an annotation of an innocent name: what is not a variable is masked by how it looks alone."""
    after = workload()
    after["metadata"]["annotations"]["upstream"] = value
    return after


def lines(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str | None, str | None]]:
    return [(change.path, change.old, change.new) for change in changes(before, after)]


def test_nothing_differs():
    assert lines(workload(), workload()) == []


def test_a_field_of_a_named_item():
    assert lines(workload(), workload(image="r/web:2")) == [("containers[app].image", "r/web:1", "r/web:2")]


def test_items_that_only_changed_places_are_the_same():
    both = [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]
    assert lines(workload(env=both), workload(env=both[::-1])) == []


def test_a_list_of_plain_values_is_one_value():
    assert lines(workload(args=["a", "b"]), workload(args=["x", "a", "b"])) == [
        ("containers[app].args", '["a","b"]', '["x","a","b"]')
    ]


def test_what_the_server_owns_is_left_out():
    after = workload()
    after["metadata"] |= {"resourceVersion": "8", "generation": 4, "managedFields": [{"manager": "x"}]}
    after["metadata"]["annotations"] = {
        "a": "b",
        "quarterdeck/operation": "op-1",
        "kubernetes.io/change-cause": "x",
        "deployment.kubernetes.io/revision": "2",
    }
    after["status"] = {"replicas": 0}
    assert lines(workload(), after) == []


def test_an_annotation_of_somebody_elses_stays():
    after = workload()
    after["metadata"]["annotations"] = {"a": "c", "example.com/x": "y"}
    assert lines(workload(), after) == [
        ("metadata.annotations.a", "b", "c"),
        ("metadata.annotations[example.com/x]", None, "y"),
    ]


def test_a_default_is_news_only_where_it_replaces_something():
    before = workload(imagePullPolicy="Always")
    assert lines(before, workload(imagePullPolicy="IfNotPresent")) == [
        ("containers[app].imagePullPolicy", "Always", "IfNotPresent")
    ]
    assert lines(workload(), workload(imagePullPolicy="IfNotPresent")) == []


def test_a_long_value_is_cut():
    [(_, _, new)] = lines(workload(), workload(image="x" * 1000))
    assert new is not None
    assert len(new) == LONGEST
    assert new.endswith("…")


@pytest.mark.parametrize(
    "name", ["DB_PASSWORD", "API_TOKEN", "SIGNING_KEY", "clientSecret", "AWS_ACCESS_KEY_ID", "PGPASS"]
)
def test_a_secret_looking_variable_is_masked_and_seen_to_change(name: str):
    assert lines(workload(**env(name, "hunter2")), workload(**env(name, "hunter3"))) == [
        (f"containers[app].env[{name}].value", "(secret 1)", "(secret 2)")
    ]


@pytest.mark.parametrize("value", ["1234", "off", "staging"])
def test_under_such_a_name_nothing_is_shown_at_all(value: str):
    assert lines(workload(**env("DB_PASSWORD", "5")), workload(**env("DB_PASSWORD", value)))[0][1:] == (
        "(secret 1)",
        "(secret 2)",
    )


@pytest.mark.parametrize(
    "value", ["hunter2", "correct horse battery staple", "https://hooks.example/x7/k2", "12345678901234"]
)
def test_nor_is_what_may_be_a_secret_whatever_the_variable_is_called(value: str):
    """A short password is told from a word by nothing. That it changed, and whether back, is seen."""
    [(path, old, new)] = lines(workload(**env("MODE", "quiet")), workload(**env("MODE", value)))
    assert (path, old, new) == ("containers[app].env[MODE].value", "(secret 1)", "(secret 2)")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("8", "16"), ("-1", "0.75"), ("80%", "100%"), ("250m", "1500m"), ("512Mi", "1Gi"), ("64MB", "2G"), ("30s", "1h30m"),
        ("500ms", "2.5s"), ("true", "false"), ("Yes", "off"), ("info", "DEBUG"), ("warn", "trace"), ("staging", "production"),
        ("", "none"),
    ],
)  # fmt: skip
def test_what_cannot_be_one_is_shown(old: str, new: str):
    """Numbers and quantities, times, switches, log levels and names of environments: what people change, and weigh."""
    assert lines(workload(**env("MODE", old)), workload(**env("MODE", new)))[0][1:] == (old, new)


def test_where_a_variable_comes_from_is_shown():
    def kept_in(name: str) -> dict[str, Any]:
        return {"env": [{"name": "MODE", "valueFrom": {"secretKeyRef": {"name": name, "key": "mode"}}}]}

    assert lines(workload(**kept_in("one")), workload(**kept_in("two"))) == [
        ("containers[app].env[MODE].valueFrom.secretKeyRef.name", "one", "two")
    ]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("kJ8sQ2mVx0PzL5tRw9YbN3cF", "aT7dH1gU6eWq4ZsX8vKjC2Bn"),
        ("7qTfZp/2RkXn9Lw+sV4bYd1HgMc8UeJo3AiQ5tKz", "Pz8nR/e4VhYq2Tj+kD6mGx1WsLb9FcUo5JaI3vCw"),
        ("bm90IGEgcmVhbCBzZWNyZXQgMTIzNDU2Nzg5MA==", "YW5vdGhlciBvbmUsIDk4NzY1NDMyMTAgYW5kIG1vcmU="),
    ],
)
def test_what_chance_wrote_is_masked_whatever_it_is_called(one: str, two: str):
    assert lines(noted(one), noted(two))[0][1:] == ("(secret 1)", "(secret 2)")


@pytest.mark.parametrize(
    "value",
    [
        "https://app:hunter2@db.internal/app",
        "xoxb-" + "1234567890-abcdefghij",
        "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2",
        "AKIA" + "IOSFODNN7EXAMPLE",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl",
        "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----",
    ],
)
def test_what_looks_like_a_secret_is_masked_whatever_it_is_called(value: str):
    [(_, _, new)] = lines(workload(), noted(value))
    assert new is not None
    assert value not in new
    assert "[redacted]" in new or new == "(secret 1)"


@pytest.mark.parametrize(
    "value",
    [
        "registry.example.com:5000/Team/Web:1.4.2@sha256:" + "9f86d081" * 8,
        "sha256:" + "9F86d081" * 8,
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "123e4567-e89b-12d3-a456-426614174000",
        "2026-07-28T09:30:00.123456Z",
        "web-7d9f8b6c5d-x2x4z",
        "/var/lib/Quarterdeck/Data2/v1/Cache",
        "AbstractSingletonProxyFactoryBean2ForHTTP2Handlers",
        "UseG1GC-MaxRAMPercentage-75-InitialRAMPercentage-50",
        "FEATURE_NEW_CHECKOUT_2026_ENABLED",
        "https://example.com/docs/GettingStarted2?page=10",
        "Europe/Berlin",
    ],
)
def test_what_only_looks_complicated_is_shown(value: str):
    [(_, _, new)] = lines(workload(), noted(value))
    assert new == value


def test_a_variable_that_is_there_twice_is_masked_whatever_it_is_called():
    """Then its path has a number instead of its name."""
    twice = [{"name": "DB_PASSWORD", "value": "hunter2"}, {"name": "DB_PASSWORD", "value": "hunter3"}]
    assert "hunter" not in str(lines(workload(), workload(env=twice)))


@pytest.mark.parametrize("name", ["Authorization", "X-Api-Key", "Cookie"])
def test_a_secret_looking_header_of_a_probe_is_masked(name: str):
    def probed(value: str) -> dict[str, Any]:
        headers = [{"name": name, "value": value}]
        return workload(readinessProbe={"httpGet": {"path": "/", "port": 80, "httpHeaders": headers}})

    assert [line[1:] for line in lines(probed("hunter2"), probed("hunter3"))] == [("(secret 1)", "(secret 2)")]


def test_equal_secrets_are_recognisable_as_equal():
    before = workload(env=[{"name": "A_TOKEN", "value": "x"}, {"name": "B_TOKEN", "value": "y"}])
    after = workload(env=[{"name": "A_TOKEN", "value": "y"}, {"name": "B_TOKEN", "value": "z"}])
    assert [line[1:] for line in lines(before, after)] == [("(secret 1)", "(secret 2)"), ("(secret 2)", "(secret 3)")]


def test_a_secrets_data_shows_only_which_keys_changed():
    before = {"kind": "Secret", "data": {"user": "YQ==", "same": "Yg=="}, "stringData": {"x": "plain"}}
    after = {"kind": "Secret", "data": {"user": "Yw==", "same": "Yg=="}, "stringData": {"x": "other"}}
    assert lines(before, after) == [
        ("data.user", "(secret 1)", "(secret 2)"),
        ("stringData.x", "(secret 3)", "(secret 4)"),
    ]


def test_the_last_applied_annotation_is_masked_whole():
    after = workload()
    after["metadata"]["annotations"]["kubectl.kubernetes.io/last-applied-configuration"] = '{"data":{"x":"hunter2"}}'
    [(path, old, new)] = lines(workload(), after)
    assert (old, new) == (None, "(secret 1)")
    assert "last-applied" in path


def test_an_image_is_shown_whatever_it_is_called():
    [(_, old, new)] = lines(workload(image="r/auth-token:1"), workload(image="r/auth-token:2"))
    assert (old, new) == ("r/auth-token:1", "r/auth-token:2")


def test_a_password_inside_another_value_is_masked():
    after = workload(args=["--url=postgres://app:hunter2@db/app", "--password=hunter2"])
    [(_, _, new)] = lines(workload(), after)
    assert "hunter2" not in (new or "")


def test_pointers():
    assert pointer("metadata", "annotations", "a/b~c") == "/metadata/annotations/a~1b~0c"
    assert at({"a/b~c": [1, {"x": 2}]}, "/a~1b~0c/1/x") == 2
    for nowhere in ("/a/0", "/b", "/a~1b~0c/9", "/a~1b~0c/x", "/a~1b~0c/1/x/y"):
        assert at({"a/b~c": [1, {"x": 2}]}, nowhere) is ABSENT
    assert shown(named_path(workload(), "/spec/template/spec/containers/0/image")) == "containers[app].image"
    assert shown(named_path(workload(), "/spec/template/spec/containers/7/image")) == "containers[7].image"
    assert at({"a": None}, "/a") is None
