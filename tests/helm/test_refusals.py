"""Bad values: refused by the schema or by a sentence, before anything reaches a cluster."""

from __future__ import annotations

import pytest

from tests.helm.helm import CHART, CONFIG, RELEASE, TRIAL, VALUES, Json, Refused, helm, merged, rendered

SENTENCES: dict[str, tuple[Json, str]] = {
    "no tokens": ({"slack": {"secret": ""}}, "slack.secret is empty: name a Secret with SLACK_BOT_TOKEN"),
    "no image": ({"image": {"repository": ""}}, "image.repository is empty: say where the image lies"),
    "no digest": ({"image": {"digest": ""}}, "image.digest is empty: say which image, as sha256:…"),
    "no configuration": ({"config": None}, "config is empty: put your quarterdeck.yaml there"),
    "no redis": ({"redis": {"secret": ""}}, "there is no Redis: name a Secret with REDIS_URL"),
    "two redis": (
        merged(TRIAL, {"redis": {"secret": "redis"}}),
        "redis.secret and redis.trial are two Redis: choose one",
    ),
    "a trial of nothing": (merged(TRIAL, {"redis": {"trial": {"image": ""}}}), "redis.trial needs an image by digest"),
    "a trial with another's certificates": (
        merged(TRIAL, {"redis": {"caSecret": "ca"}}),
        "redis.caSecret, clientSecret and sentinelSecret are for a Redis of yours",
    ),
    "no kubeconfig": (
        {"config": {"clusters": {"main": {"context": "prod"}}}},
        "config.clusters.main is reached by a kubeconfig: name a Secret with it in kubeconfigSecret",
    ),
    "no such cluster": (
        {"config": {"environments": {"prod": {"cluster": "moon"}}}},
        'config.environments.prod: there is no cluster "moon"',
    ),
    "acting as nobody": (
        {"config": {"environments": {"prod": {"impersonate": {"user": "slack:{user_id}"}}}}},
        "config.environments.prod.impersonate: name whom the worker may act as in rbac.impersonate",
    ),
    "a proxy that cannot be reached": (
        {"slack": {"proxy": "http://proxy.test:3128"}},
        "networkPolicy.proxy is empty: say which peers slack.proxy is",
    ),
    "alerts without a runbook": ({"monitoring": {"alerts": True}}, "monitoring.runbook is empty"),
    "more at least than at most": (
        {"worker": {"autoscaling": {"enabled": True, "min": 9, "max": 8}}},
        "worker.autoscaling.min is above max",
    ),
}

SCHEMA: dict[str, tuple[Json, str]] = {
    "an unknown key": ({"replicaCount": 3}, "additional properties 'replicaCount' not allowed"),
    "an unknown key below": ({"bot": {"replica": 3}}, "additional properties 'replica' not allowed"),
    "an unknown key in the configuration": (
        {"config": {"environments": {"prod": {"name_space": "prod"}}}},
        "additional properties 'name_space' not allowed",
    ),
    "acting as the administrators": ({"rbac": {"impersonate": {"groups": ["system:masters"]}}}, "not"),
    "acting as anybody": ({"rbac": {"impersonate": {"users": ["*"]}}}, "does not match pattern"),
    "a tag": ({"image": {"digest": "1.4.2"}}, "does not match pattern"),
    "half a digest": ({"image": {"digest": "sha256:abc"}}, "does not match pattern"),
    "no port of redis": ({"networkPolicy": {"redisPorts": []}}, "minItems"),
    "a tagged redis": ({"redis": {"trial": {"image": "valkey:8"}}}, "does not match pattern"),
    "no bot": ({"bot": {"replicas": 0}}, "minimum"),
    "a level that there is not": ({"logLevel": "loud"}, "value must be one of"),
    "another path": (
        {"config": {"clusters": {"main": {"kubeconfig": "/root/.kube/config"}}}},
        "/etc/quarterdeck/kubeconfig",
    ),
    "every address as DNS": ({"networkPolicy": {"dns": []}}, "minItems"),
    "a password in the proxy": ({"slack": {"proxy": "http://u:p@proxy.test:3128"}}, "does not match pattern"),
}


@pytest.mark.parametrize("what", SENTENCES)
def test_a_sentence_says_what_is_wrong_and_how_to_mend_it(what: str):
    over, sentence = SENTENCES[what]
    with pytest.raises(Refused, match=sentence.replace("(", r"\(")):
        rendered(over)


@pytest.mark.parametrize("what", SCHEMA)
def test_the_schema_refuses(what: str):
    over, said = SCHEMA[what]
    with pytest.raises(Refused, match="values don't meet the specifications of the schema") as refused:
        rendered(over)
    assert said in str(refused.value)


def test_everything_that_is_missing_is_said_at_once():
    with pytest.raises(Refused) as refused:
        helm("template", RELEASE, str(CHART))
    for what in ("no tokens", "no image", "no digest", "no configuration", "no redis"):
        assert SENTENCES[what][1] in str(refused.value)


@pytest.mark.parametrize("values", [None, VALUES, {**VALUES, "config": {**CONFIG, "permissions": []}}])
def test_lint_finds_nothing(values: Json | None):
    assert "1 chart(s) linted, 0 chart(s) failed" in helm("lint", "--strict", str(CHART), values=values)
