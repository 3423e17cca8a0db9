"""What is not understood: the sentence, the word pointed at, and how it is said."""

from __future__ import annotations

import pytest

from tests.unit.commands.saying import pointed_at, reason, refused

DIGEST = "sha256:" + "0123456789abcdef" * 4

MISTAKES = [
    ("deplyo web 1.4.2 to prod", "There is no command `deplyo`. Did you mean `deploy`?", "deplyo"),
    ("deploy web 1.4.2 to prd", "There is no environment `prd`. Did you mean `prod`?", "prd"),
    (
        "deploy web 1.4.2 prd",
        "`prd` is one word too many: I don't know what it means here. There is no environment",
        "prd",
    ),
    ("deploy web 1.4.2", "In which environment? There are `staging` and `prod`.", ""),
    ("status", "In which environment?", ""),
    ("status web", "In which environment?", ""),
    ("deploy web 1.4.2 to prod in staging", "The environment is said twice: `prod` and `staging`.", "staging"),
    ("deploy web 1.4.2 prod staging", "The environment is said twice: `prod` and `staging`.", "staging"),
    ("deploy web 1.4.2 to prod env=prod", "The environment is said twice", "env=prod"),
    ("deploy web 1.4.2 please to prod", "`please` is one word too many", "please"),
    ("deploy web 1.4.2 to prod container=a container=b", "The container is said twice.", "container=b"),
    ("deploy web 1.4.2 to prod contaner=app", "deploy has no `contaner`. Did you mean `container`?", "contaner=app"),
    ("deploy web 1.4.2 to prod --force", "deploy has no `force`.", "--force"),
    ("deploy web 1.4.2 to prod -c app", "deploy has no option `-c`.", "-c"),
    ("deploy web 1.4.2 to prod --container", "`--container` needs a value behind it.", "--container"),
    ("deploy web 1.4.2 to", "`to` what?", "to"),
    ('deploy web 1.4.2 to prod reason="oops', "The quote that opens here is never closed.", 'reason="oops'),
    ("deploy web 1.4.2 to prod reason=''", "The text is empty.", "reason=''"),
    (
        "deploy web :tada: to prod",
        "`:tada:` names no version: say a tag such as 1.4.2, a digest, or a whole image.",
        ":tada:",
    ),
    (
        "restart web in prod link=JIRA-7",
        "`JIRA-7` is no link: say its whole address, which begins with https:// or http://.",
        "link=JIRA-7",
    ),
    ("restart web in prod link=javascript:alert(1)", "`javascript:alert(1)` is no link", "link=javascript:alert(1)"),
    ("deploy", "deploy needs a workload and a version. For example: `deploy web 1.4.2 to prod`.", ""),
    ("deploy web prod", "deploy needs a version", ""),
    ("cancel", "cancel needs an operation. For example: ", ""),
    (
        "deploy registry/web:1.4.2 prod",
        "`registry/web:1.4.2` is an image. Say before it which workload",
        "registry/web:1.4.2",
    ),
    ("deploy web registry/web prod", "`registry/web` names no version", "registry/web"),
    ("deploy web sha256:abc prod", "`sha256:abc` is not a whole digest", "sha256:abc"),
    ("deploy web @sha256:abc prod", "`@sha256:abc` is not a whole digest", "@sha256:abc"),
    ("deploy web@sha256:abc prod", "`sha256:abc` is not a whole digest", "sha256:abc"),
    ("deploy web REG/Web:1 prod", "`REG/Web` cannot be an image's repository", "REG/Web:1"),
    ("deploy web -x prod", "`-x` names no version", "-x"),
    (
        "deploy Web 1.4.2 prod",
        "`Web` cannot be a name in Kubernetes: lower-case letters, digits, `-` and `.` only. Did you mean `web`?",
        "Web",
    ),
    ("restart secret/web in prod", "`secret` is no kind of workload I handle", "secret/web"),
    ("scale web many in prod", "`many` is not a number of replicas", "many"),
    ("scale web 99999 in prod", "`99999` replicas are more than I will ever ask for (10000).", "99999"),
    ("scale web +0 in prod", "`+0` is no change of replicas", "+0"),
    ("scale web ٣ in prod", "`٣` is not a number of replicas", "٣"),
    (
        "scale web 10 in prod for 2h",
        "`for 2h` is not yet possible: I cannot take it back when the time is over. Say it without, and scale back yourself.",
        "for",
    ),
    ("scale web 10 in prod for", "`for …` is not yet possible: I cannot take it back", "for"),
    (
        "scale web 10 in prod for=2h",
        "`for=2h` is not yet possible: I cannot take it back",
        "for=2h",
    ),
    ("rollback web in prod to yesterday", "`yesterday` is not the number of a revision", "yesterday"),
    ("rollback web to yesterday", "That is no revision either. There is no environment `yesterday`.", "yesterday"),
    ("rollback web 12 in prod to 11", "`12` is one word too many: I don't know what it means here.", "12"),
    ("logs web in prod since=10", "`10` is not a time I can use", "since=10"),
    ("logs web in prod tail=0", "`0` is not a number from 1 to 10000.", "tail=0"),
    ("logs web in prod previous=maybe", "`maybe` says nothing here", "previous=maybe"),
    ("status web op-7k3f", "An operation's id is enough", "op-7k3f"),
    ("status op-7k3f in prod", "An operation's id is enough", "prod"),
    ("cancel 7k3f", "`7k3f` is not the id of an operation", "7k3f"),
    ("cancel op-7k3f in prod", "`in` is one word too many", "in"),
    ("help depoly", "There is no command `depoly`. Did you mean `deploy`?", "depoly"),
    ("diff", "diff of what?", ""),
    (
        "can approve op-7k3f",
        (
            "`approve` changes nothing, and can is about changes: it takes `deploy`, `restart`, `rollback` or `scale`. Whether you "
            "may depends on the operation: `pending` lists what waits for your yes, `status` and its id shows how it stands."
        ),
        "approve",
    ),
    ("diff status web in prod", "`status` changes nothing, and diff is about changes: it takes", "status"),
    ("diff deploy web 1.4.2 to prd", "There is no environment `prd`.", "prd"),
]


@pytest.mark.parametrize(("line", "sentence", "word"), MISTAKES, ids=[row[0] for row in MISTAKES])
def test_a_mistake_says_what_is_wrong_and_points_at_the_word(line: str, sentence: str, word: str) -> None:
    assert reason(line).startswith(sentence)
    assert pointed_at(line) == word


def test_the_whole_text() -> None:
    assert refused("deploy web 1.4.2 to prd").splitlines() == [
        "There is no environment `prd`. Did you mean `prod`? There are `staging` and `prod`.",
        "",
        "deploy web 1.4.2 to prd",
        "                    ^^^",
        "Usage: deploy WORKLOAD VERSION to ENVIRONMENT [container=NAMES] [reason=TEXT] [link=URL] [supersede] [break-glass]",
    ]


def test_the_inner_command_explains_itself() -> None:
    told = "Usage: scale WORKLOAD (REPLICAS | [min=COUNT] [max=COUNT]) in ENVIRONMENT [reason=TEXT]"
    assert refused("diff scale web in prod").splitlines()[-1].startswith(told)


def test_a_long_line_is_cut_around_the_word() -> None:
    line = f"deploy web 1.4.2 to prod {'a' * 5000} {'b' * 5000}"
    _, _, shown, carets, _ = refused(line).splitlines()
    assert len(shown) < 80
    assert len(carets) < 80
    assert len(refused(line)) < 500


def test_a_backtick_does_not_end_the_quotation() -> None:
    assert "`a'b`" in reason("deploy web 1.4.2 to a`b")


def test_without_any_environment_the_configuration_is_to_blame() -> None:
    assert reason("deploy web 1.4.2", {}) == "No environment is configured: quarterdeck.yaml has to name one."


def test_the_last_word_is_the_environment_even_if_it_could_be_a_version() -> None:
    """With one environment, ``prod`` as a tag would be deployed to it: a guess."""
    assert "I read `prod` as the environment." in reason("deploy web prod", {"prod": "prod"})
