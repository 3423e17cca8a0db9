"""``logs``, ``diff`` and ``help``."""

from __future__ import annotations

import pytest

from commands.declaration import Reads
from commands.errors import Ambiguous, NotFound, NothingToChange, UsageError
from commands.report import Code, Diff, Prose, Report, Table
from tests.unit.commands.cluster_objects import pod, running, waiting, workload
from tests.unit.commands.live import FakeLive
from tests.unit.commands.saying import REGISTRY, answered, reported

OLD, NEW, NEWEST = "2026-07-28T08:00:00Z", "2026-07-28T09:00:00Z", "2026-07-28T09:30:00Z"


def logs(words: str, *pods: dict[str, object], written: str = "listening\n") -> tuple[Report, dict[str, object]]:
    live = FakeLive([workload()], running=list(pods), written=written)
    return reported(f"logs {words}", live), live.asked_for_logs


class TestLogs:
    def test_are_private_and_kept_for_minutes(self) -> None:
        effect = REGISTRY.get("logs").effect
        assert isinstance(effect, Reads)
        assert (effect.private, effect.seconds) == (True, 300)

    def test_of_the_newest_pod(self) -> None:
        report, asked = logs("web in prod", pod("old", created=OLD), pod("new", created=NEW))
        assert report.title == "Logs of new (app) in prod"
        assert report.sections == (
            Prose("The newest of 2 pods. It is Running. The last 50 lines at most:"),
            Code("listening\n", "new-app.log"),
        )
        assert asked == {"pod": "new", "container": "app", "since": None, "tail": 50, "previous": False}

    def test_of_the_newest_failing_pod_before_any_other(self) -> None:
        bad = waiting("CrashLoopBackOff")
        report, asked = logs(
            "web in prod", pod("older", bad, created=OLD), pod("bad", bad, created=NEW), pod("new", created=NEWEST)
        )
        assert asked["pod"] == "bad"
        assert "The newest of 2 failing pods (of 3). Its container app: CrashLoopBackOff." in str(report.sections[0])

    def test_of_the_container_that_fails(self) -> None:
        """The others have nothing to tell; while an init container fails they have no log at all."""
        bad = waiting("CrashLoopBackOff")
        assert logs("web in prod", pod("a", running(), bad))[1]["container"] == "proxy"
        assert logs("web in prod", pod("a", waiting("PodInitializing"), init=(bad,)))[1]["container"] == "init-0"

    def test_as_asked(self) -> None:
        report, asked = logs(
            "web in prod pod=a container=proxy since=10m tail=5 previous", pod("a", running(), running()), pod("b")
        )
        assert asked == {"pod": "a", "container": "proxy", "since": 600, "tail": 5, "previous": True}
        assert report.title == "Logs of a (proxy, the run before) in prod"

    def test_one_line_is_said_of_one(self) -> None:
        told = reported("logs web in prod tail=1", FakeLive([workload()], running=[pod("a")])).sections[0]
        assert told == Prose("It is Running. The last line:")

    def test_searched_for_words_in_many_more_lines(self) -> None:
        written = "GET /a 200\nget /b 500\nPOST /c 500\nlistening\n"
        report, asked = logs("web in prod grep=get", pod("a"), written=written)
        assert asked["tail"] == 10_000
        assert report.sections == (
            Prose("It is Running. 2 of the last 4 lines hold `get`:"),
            Code("GET /a 200\nget /b 500", "a-app.log"),
        )
        one, _ = logs("web in prod grep=post tail=20", pod("a"), written=written)
        assert one.sections[0] == Prose("It is Running. 1 of the last 4 lines holds `post`:")

    def test_searched_for_words_in_one_line(self) -> None:
        some, _ = logs("web in prod grep=get", pod("a"), written="get /a\n")
        none, _ = logs("web in prod grep=post", pod("a"), written="get /a\n")
        assert some.sections[0] == Prose("It is Running. The only line holds `get`:")
        assert none.sections == (Prose("It is Running. The only line does not hold `post`."),)

    def test_words_that_nothing_holds(self) -> None:
        report, _ = logs('web in prod grep="(a+)+$"', pod("a"), written="aaaa\nb\n")
        assert report.sections == (Prose("It is Running. None of the last 2 lines holds `(a+)+$`."),)

    def test_of_a_pod_by_its_name(self) -> None:
        assert logs("pod/b in prod", pod("a"), pod("b"))[1]["pod"] == "b"

    def test_of_an_init_container(self) -> None:
        assert (
            logs("web in prod container=init-0", pod("a", init=(waiting("ErrImagePull"),)))[1]["container"] == "init-0"
        )

    def test_two_containers_are_asked_about(self) -> None:
        with pytest.raises(Ambiguous, match=r"a has 2 containers\. Say which: `container=app` or `container=proxy`\."):
            logs("web in prod", pod("a", running(), running()))

    def test_nothing_written(self) -> None:
        assert logs("web in prod", pod("a"), written="\n")[0].sections == (Prose("It is Running. It wrote nothing."),)

    def test_nothing_within_the_time_that_was_asked_for_says_for_which_time(self) -> None:
        report, _ = logs("web in prod since=10m", pod("a"), written="")
        assert report.sections == (
            Prose("It is Running. It wrote nothing within the last 10m. Ask for a longer time, or leave out `since`."),
        )

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            ("web in prod pod=wbe-1", "web has no pod `wbe-1`. Did you mean `web-1`?"),
            ("web in prod container=ap", "web-1 has no container `ap`. Did you mean `app`?"),
            ("pod/none in prod", "There is no pod `none`."),
        ],
    )
    def test_what_is_not_there_suggests_the_nearest(self, words: str, sentence: str) -> None:
        with pytest.raises(NotFound) as refused:
            logs(words, pod("web-1"))
        assert str(refused.value).startswith(sentence)

    def test_no_pods(self) -> None:
        with pytest.raises(NotFound, match="web in prod has no pods"):
            logs("web in prod")

    def test_two_pods_named(self) -> None:
        with pytest.raises(UsageError, match="Two pods are named"):
            logs("pod/a in prod pod=b", pod("a"))


class TestDiff:
    def test_the_same_plan_and_nothing_changed(self) -> None:
        report = reported("diff deploy web latest to prod", FakeLive([workload()]))
        assert report.title == "deploy web 1.4.1 → latest in prod: preview"
        diff, risk, end = report.sections
        assert isinstance(diff, Diff)
        assert diff.changes[0].new == "registry/web:latest"
        assert risk == Prose("⚠️ image tag is `latest`")
        assert end == Prose("Only a preview, nothing was changed. To carry it out, type: deploy web latest to prod")

    def test_what_would_refuse_it_as_things_stand(self) -> None:
        live = FakeLive([workload()], refusing=("web in prod is held by op-9x9x.",))
        *_, refused, end = reported("diff deploy web 1.4.2 to prod", live).sections
        assert refused == Prose("🚫 As things stand it would be refused: web in prod is held by op-9x9x.")
        assert isinstance(end, Prose)
        assert "To carry it out, once that is settled, type: deploy web 1.4.2 to prod" in end.text

    def test_a_refusal_is_the_commands_own(self) -> None:
        with pytest.raises(NothingToChange, match="already runs"):
            reported("diff deploy web 1.4.1 to prod", FakeLive([workload()]))


def shown(*allowed: str) -> list[str]:
    table = answered("help", *allowed).sections[0]
    assert isinstance(table, Table)
    return [row[0].split(maxsplit=1)[0] for row in table.rows]


class TestHelp:
    def test_shows_what_is_offered_and_nothing_else(self) -> None:
        assert shown() == []
        assert shown("status", "help") == ["help", "status"]

    def test_of_one_command(self) -> None:
        report = answered("help undo", "rollback")
        assert report.title == "rollback: Take a workload back to an earlier revision"
        assert report.sections[0] == Code(
            "rollback WORKLOAD in ENVIRONMENT [to REVISION] [reason=TEXT] [link=URL] [supersede] [break-glass]"
        )
        told = str(report)
        assert "which one; the last before that is not known to have broken, if left out" in told
        assert "Also said: undo" in told
        assert "rollback web in prod to 12" in told

    def test_of_a_command_that_no_rule_allows(self) -> None:
        assert answered("help deploy", "status").title == "No rule lets you run `deploy`; help lists what you may."
