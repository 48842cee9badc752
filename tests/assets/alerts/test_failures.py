"""Runs that fail are told: once, with the right words, and never in a storm."""

import datetime as dt
import json
import time
from dataclasses import replace

import dagster as dg
import pytest
from dagster._core.execution.backfill import BulkActionStatus, PartitionBackfill

from resources.document_store import DocumentStore
from resources.notifier import QUIET
from resources.slack import SlackWebhook
from resume_assets.assets.common import told_clearly
from resume_assets.spending import CapReached
from tests.assets.alerts.watching import DAYS, UI, Watch, failing, job_of
from tests.assets.conftest import DAY
from tests.conftest import free_port


def test_failed_run_is_told_once_with_all_that_one_needs(watch: Watch) -> None:
    result = watch.run(failing(dg.Failure("MongoDB does not answer. Start it.\nAnd much more.")))
    (text,) = watch.tick()
    for part in ("generate_day failed at generated_resumes", DAY, "MongoDB does not answer. Start it."):
        assert part in text
    assert "much more" not in text
    assert f"<{UI}/runs/{result.run_id}|Open the run>" in json.dumps(watch.webhook.posts[0])
    assert watch.tick() == []


def test_failure_is_not_told_again_after_a_restart_or_by_a_second_daemon(watch: Watch) -> None:
    watch.run(failing(ValueError("bad")))
    second = replace(watch, cursors={}, notifier=replace(watch.notifier))
    assert len(watch.tick()) == 1
    assert second.tick() == []
    assert replace(watch, cursors={}).tick() == [], "told again once the cursor was lost"


def test_what_happens_while_the_daemon_is_down_is_told_when_it_is_back(on_disk: Watch) -> None:
    on_disk.tick()
    cursor = on_disk.cursors
    on_disk.run(failing(ValueError("bad")))
    on_disk.clock.ahead = dt.timedelta(hours=12)
    assert len(replace(on_disk, cursors=cursor).tick()) == 1


def test_failures_from_before_there_were_alerts_are_not_told(watch: Watch) -> None:
    watch.run(failing(ValueError("old")))
    watch.clock.ahead = dt.timedelta(hours=12)
    assert watch.tick() == []
    watch.run(failing(ValueError("new")), "2026-07-24")
    assert ["new" in text for text in watch.tick()] == [True]


def test_error_is_told_from_its_bottom(watch: Watch) -> None:
    watch.run(failing(ValueError("score 140 is no score\nat line 3")))
    assert "ValueError: score 140 is no score" in watch.tick()[0]


def test_budget_that_is_reached_is_told_as_that(watch: Watch) -> None:
    def spends(context: dg.AssetExecutionContext) -> None:
        with told_clearly(context, watch.settings.retries):
            raise CapReached("This run has spent $24.99 and may spend $25 (spending.max_usd_per_run).")

    watch.run(job_of("generate_day", dg.asset(spends, name="generated_resumes", partitions_def=DAYS)))
    (text,) = watch.tick()
    assert "generate_day stopped: the budget is reached, at generated_resumes" in text
    assert "This run has spent $24.99 and may spend $25 (spending.max_usd_per_run)." in text


def test_no_secret_leaves_with_an_error(watch: Watch) -> None:
    watch.run(failing(RuntimeError("cannot log in with hush")))
    assert "cannot log in with [secret]" in watch.tick()[0]


def test_run_that_dagster_starts_again_by_itself_is_not_told(watch: Watch) -> None:
    watch.run(failing(ValueError("bad")), **{"dagster/will_retry": "true"})
    assert watch.tick() == []


def test_the_same_step_failing_again_is_one_message_with_a_count(watch: Watch) -> None:
    job = failing(ValueError("bad"))
    watch.run(job)
    assert len(watch.tick()) == 1
    for number in range(1, 6):
        watch.run(job, f"2026-07-0{number}")
        assert watch.tick() == []
    watch.clock.ahead = QUIET
    (text,) = watch.tick()
    assert "(5 times)" in text
    assert "2026-07-01, 2026-07-02, 2026-07-03, 2026-07-04, 2026-07-05" in text


def test_backfill_that_fails_on_every_day_is_one_message(watch: Watch) -> None:
    backfill = PartitionBackfill("abcdefgh", BulkActionStatus.REQUESTED, False, {}, time.time())
    watch.instance.add_backfill(backfill)
    job = failing(ValueError("bad"), job="learn_day", asset="training_examples")
    days = [f"2026-07-{number:02d}" for number in range(1, 15)]
    for day in days:
        watch.run(job, day, **{"dagster/backfill": "abcdefgh"})
        assert watch.tick() == []
    watch.instance.update_backfill(backfill.with_status(BulkActionStatus.COMPLETED_FAILED))
    (text,) = watch.tick()
    assert "learn_day failed at training_examples (14 times)" in text
    assert ", ".join(days) in text
    watch.clock.ahead = 2 * QUIET
    assert watch.tick() == []


def test_many_runs_at_once_are_all_told(on_disk: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schedules.alerts.RUNS_AT_ONCE", 3)
    names = {f"asset_{number}" for number in range(8)}
    for name in sorted(names):
        on_disk.run(failing(ValueError("bad"), asset=name))
    told = [text for _ in range(4) for text in on_disk.tick()]
    assert {text.split()[3].rstrip(":") for text in told} == names
    assert len(told) == len(names)


def test_dead_webhook_delays_and_harms_nothing(watch: Watch) -> None:
    alive = watch.notifier
    watch.notifier = replace(alive, channel=SlackWebhook(f"http://127.0.0.1:{free_port()}/"))
    watch.run(failing(ValueError("bad")))
    assert watch.tick() == []
    watch.notifier = alive
    watch.clock.ahead = dt.timedelta(minutes=1)
    assert ["bad" in text for text in watch.tick()] == [True]


def test_without_a_webhook_alerts_are_in_the_outbox(watch: Watch) -> None:
    watch.notifier = replace(watch.notifier, channel=watch.notifier.outbox)
    watch.run(failing(ValueError("bad")))
    assert watch.tick() == []
    assert "generate_day failed" in json.loads(watch.notifier.outbox.path.read_text())["text"]


def test_failure_is_told_also_while_the_database_is_down(watch: Watch) -> None:
    gone = DocumentStore(f"mongodb://127.0.0.1:{free_port()}/?directConnection=true", "test", timeout_seconds=0.1)
    watch.notifier = replace(watch.notifier, documents=gone)
    watch.run(failing(ValueError("MongoDB does not answer")))
    assert len(watch.tick()) == 1
    assert watch.tick() == []
