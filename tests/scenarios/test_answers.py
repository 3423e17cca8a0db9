"""What only answers: status, operations, history, logs, diff and help. Nothing is changed by any of them."""

from __future__ import annotations

import pytest

from playground.workspace import Message, User
from tests.harness.workloads import cron_job, job
from tests.scenarios.scene import Scene, operation
from tests.scenarios.stack import Cast


def test_status_of_a_workload(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("prod")
    shown = answer(scene, cast.mallory, f"/ops status {web} in prod")
    assert shown.text == f"{web} in prod: ready, 2 of 2 ready"
    read = shown.plain().replace("*", "")
    assert f"Workload: Deployment/{web}" in read
    assert f"Image {web}: registry.test/web:1.4.1" in read
    assert "Running | 2 | - | 0 | " in read


def test_status_of_a_workload_that_is_changing_names_the_operation(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("prod")
    asked = scene.until(scene.ask(cast.dev, f"/deploy {web} 1.4.2 to prod"), "awaiting approval")
    shown = answer(scene, cast.mallory, f"/ops status {web} in prod")
    assert f"{operation(asked)}: deploy {web} 1.4.1 → 1.4.2 in prod: awaiting approval" in shown.plain()


@pytest.mark.parametrize("words", ["/ops {}", "@quarterdeck {}"])
def test_an_answer_leaves_nothing_else_on_the_screen(scene: Scene, cast: Cast, words: str) -> None:
    """What a command or a mention was told privately can never be replaced or taken away again."""
    web = scene.deployed("staging", replicas=1)
    scene.say(cast.mallory, words.format(f"logs {web} in staging"))
    scene.told(cast.mallory, "Logs of ")
    answer(scene, cast.mallory, f"/ops status {web} in staging")
    assert [m.text.partition(" ")[0] for m in scene.whispers(cast.mallory)] == ["Logs"]


def test_status_of_an_environment_shows_the_worst_first(scene: Scene, cast: Cast) -> None:
    well = scene.deployed("home")
    ill = scene.deployed("home", "registry.test/api:unready", wait=False)
    scene.stack.cluster.wait(scene.path("home", ill), lambda d: d.get("status", {}).get("updatedReplicas") == 2)
    shown = answer(scene, cast.dev, "/ops status in home")
    assert "workloads not ready" in shown.text
    rows = [line.split(" | ")[0] for line in shown.plain().splitlines() if " | " in line]
    assert rows.index(f"Deployment/{ill}") < rows.index(f"Deployment/{well}")


def test_status_of_an_operation_tells_it_in_full(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("prod")
    done = scene.carried_out(cast.dev, f"/deploy {web} 1.4.2 to prod reason=because")
    shown = answer(scene, cast.mallory, f"/ops status {operation(done)}")
    assert shown.text == f"{operation(done)}: deploy {web} 1.4.1 → 1.4.2 in prod: succeeded"
    read = shown.plain().replace("*", "")
    assert f"Said: /deploy {web} 1.4.2 to prod reason=because" in read
    assert "Reason: because" in read
    assert "Approvals: 1 of 1 (@sam)" in read
    assert "Asked by: @dev at" in read
    for state in ("planning", "awaiting approval", "queued", "acting", "observing", "succeeded"):
        assert f"\n{state} | " in read
    assert shown.pings == frozenset(), "who is only mentioned in a report is not called"


def test_operations_lists_what_goes_on(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("prod")
    asked = scene.until(scene.ask(cast.dev, f"/deploy {web} 1.4.2 to prod"), "awaiting approval")
    scene.say(cast.mallory, "/ops operations in prod")
    shown = scene.told(cast.mallory, "under way in prod")
    row = f"{operation(asked)} | deploy {web} 1.4.1 → 1.4.2 | prod | awaiting approval | @dev | "
    assert row in shown.plain()
    assert shown.pings == frozenset()


def test_operations_leaves_out_what_only_its_requester_was_told(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("prod")
    scene.say(cast.dev, f"/deploy {web} 1.4.1 to prod")
    scene.told(cast.dev, "nothing to change")
    done = scene.carried_out(cast.dev, f"/deploy {web} 1.4.2 to prod")
    scene.say(cast.mallory, "/ops operations in prod")
    shown = scene.told(cast.mallory, operation(done)).plain()
    assert f"{operation(done)} | deploy {web} 1.4.1 → 1.4.2 | prod | succeeded" in shown
    assert "rejected" not in shown


def test_history_lists_the_revisions(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("staging")
    done = scene.carried_out(cast.dev, f"/deploy {web} 1.4.2 to staging")
    shown = answer(scene, cast.mallory, f"/ops history {web} in staging")
    assert shown.text == f"{web} in staging: 2 revisions"
    newest, oldest = (line for line in shown.plain().splitlines() if "registry.test" in line)
    assert newest.startswith("2 | registry.test/web:1.4.2")
    assert newest.endswith(f" | @{cast.dev.name} ({operation(done)}) | succeeded | current")
    assert oldest.startswith("1 | registry.test/web:1.4.1")


def test_logs_are_for_the_asker_alone(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("staging", replicas=1)
    scene.say(cast.mallory, f"/ops logs {web} in staging")
    shown = scene.told(cast.mallory, "Logs of ").plain()
    assert f"({web}) in staging" in shown
    assert "listening on :8080" in shown
    assert scene.messages() == []


def test_logs_of_a_pod_a_container_and_the_run_before(scene: Scene, cast: Cast) -> None:
    web = scene.deployed(
        "staging", replicas=2, containers={"app": "registry.test/app:1", "proxy": "registry.test/proxy:1"}
    )
    pods = f"/api/v1/namespaces/{scene.stack.namespaces['staging']}/pods?labelSelector=app%3D{web}"
    for pod in scene.stack.cluster.get(pods)["items"]:
        name = pod["metadata"]["name"]
        scene.say(cast.mallory, f"/ops logs {web} in staging pod={name} container=proxy previous")
        shown = scene.told(cast.mallory, f"Logs of {name} (proxy, the run before) in staging").plain()
        assert "panic: cannot connect to database" in shown
        assert "listening on :8080" not in shown


def test_logs_of_what_was_searched_for(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("staging", replicas=1)
    scene.say(cast.mallory, f"/ops logs {web} in staging grep=LISTENING")
    shown = scene.told(cast.mallory, "Logs of ").plain()
    assert "The only line holds" in shown
    assert "listening on :8080" in shown


def test_a_job_that_failed_is_looked_at_and_not_changed(scene: Scene, cast: Cast) -> None:
    namespace, cluster = scene.stack.namespaces["staging"], scene.stack.cluster
    made = job("migrate", namespace, "registry.test/migrate:crash")
    cluster.apply(made)
    cluster.wait(cluster.path_of(made), lambda found: found.get("status", {}).get("failed"))
    shown = answer(scene, cast.dev, "/ops status job/migrate in staging")
    assert shown.text == "migrate in staging: failed"
    assert "BackoffLimitExceeded" in shown.plain()
    assert "container migrate exits with code 1" in shown.plain()
    scene.say(cast.dev, "/ops logs job/migrate in staging")
    scene.told(cast.dev, "Logs of migrate-")
    scene.say(cast.dev, "/deploy migrate 2 to staging")
    scene.told(cast.dev, "migrate is a Job: I show its status and its logs, and change no Job yet.")


def test_a_cron_job_is_looked_at_with_its_runs_and_not_changed(scene: Scene, cast: Cast) -> None:
    namespace, cluster = scene.stack.namespaces["staging"], scene.stack.cluster
    nightly = cluster.apply(cron_job("nightly", namespace, "registry.test/nightly:1", suspend=True))
    by_hand = job("nightly-by-hand", namespace, "registry.test/nightly:crash")
    owner = {"apiVersion": "batch/v1", "kind": "CronJob", "name": "nightly", "uid": nightly["metadata"]["uid"]}
    by_hand["metadata"]["ownerReferences"] = [{**owner, "controller": True}]
    cluster.apply(by_hand)
    cluster.wait(cluster.path_of(by_hand), lambda found: found.get("status", {}).get("failed"), 20)
    shown = answer(scene, cast.dev, "/ops status cronjob/nightly in staging").plain()
    assert "0 3 * * * (suspended)" in shown
    assert "nightly-by-hand  failed" in shown
    scene.say(cast.dev, "/ops logs cronjob/nightly in staging")
    scene.told(cast.dev, "Logs of nightly-by-hand-")
    scene.say(cast.dev, "/deploy nightly 2 to staging")
    scene.told(cast.dev, "nightly is a CronJob: I show its status and its logs, and change no CronJob yet.")


def test_logs_of_the_last_minutes(scene: Scene, cast: Cast) -> None:
    """What the played container wrote is older than that."""
    web = scene.deployed("staging", replicas=1)
    scene.say(cast.mallory, f"/ops logs {web} in staging since=10m")
    assert "It wrote nothing within the last 10m." in scene.told(cast.mallory, "Logs of ").plain()


def test_diff_shows_a_plan_and_changes_nothing(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("prod")
    shown = answer(scene, cast.dev, f"/ops diff deploy {web} 1.4.2 to prod")
    assert shown.text == f"deploy {web} 1.4.1 → 1.4.2 in prod: preview"
    assert "- registry.test/web:1.4.1\n+ registry.test/web:1.4.2" in shown.plain()
    typed = f"/deploy {web} 1.4.2 to prod"
    assert shown.plain().endswith(f"Only a preview, nothing was changed. To carry it out, type: {typed}")
    assert scene.until(scene.ask(cast.dev, typed), "awaiting approval")
    assert scene.writes("prod", web) == []


def test_help_lists_what_one_may_say(scene: Scene, cast: Cast) -> None:
    scene.say(cast.dev, "/ops help")
    shown = scene.told(cast.dev, "What you can say").plain()
    assert "deploy WORKLOAD VERSION to ENVIRONMENT" in shown
    assert "history WORKLOAD in ENVIRONMENT | List the revisions of a workload" in shown
    assert "cancel OPERATION" in shown
    assert "approve OPERATION" not in shown
    scene.say(cast.sam, "/ops help")
    assert "approve OPERATION" in scene.told(cast.sam, "What you can say").plain()
    assert scene.messages() == []


def test_help_about_one_verb_gives_examples(scene: Scene, cast: Cast) -> None:
    scene.say(cast.dev, "/ops help scale")
    shown = scene.told(cast.dev, "scale: Give a workload another number of replicas").plain()
    assert "scale web +2 in prod" in shown


def test_help_shows_a_guest_no_more_than_a_guest_may(scene: Scene, cast: Cast) -> None:
    scene.say(cast.guest, "/ops help")
    shown = scene.told(cast.guest, "What you can say").plain()
    assert "deploy WORKLOAD" not in shown
    assert "help [VERB]" in shown
    for verb in ("approve", "deny", "withdraw", "cancel", "unlock"):
        assert f"{verb} " not in shown


@pytest.mark.parametrize("verb", ["status", "history", "logs"])
def test_an_unknown_workload_is_the_askers_own_mistake(scene: Scene, cast: Cast, verb: str) -> None:
    web = scene.deployed("staging")
    scene.say(cast.dev, f"/ops {verb} {web}x in staging")
    told = scene.told(cast.dev, f"There is no workload `{web}x` in staging.").plain()
    assert f"Did you mean `{web}`" in told
    assert scene.messages() == []


def answer(scene: Scene, person: User, line: str) -> Message:
    """Ask, and read the answer in the channel."""
    return scene.ask(person, line)
