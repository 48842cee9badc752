"""What the team is told of: each event found in real runs, told once with the right words, and never in a storm."""

import datetime as dt
import json
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from dagster._core.execution.backfill import BulkActionStatus, PartitionBackfill

from resources.document_store import DocumentStore
from resources.nights import Nights
from resources.notifier import QUIET, Notifier
from resources.slack import OutboxFile, SlackWebhook
from resume_assets.assets.common import told_clearly
from resume_assets.definitions import build_defs
from resume_assets.partitions import collection_name
from resume_assets.settings import Settings
from resume_assets.spending import CapReached
from schedules.alerts import tell_of_late_labels, tell_of_runs
from tests.assets.conftest import DAY, Pipeline
from tests.assets.test_labelled import document
from tests.assets.test_learn_day import BASE, NEXT, comparison, decided, only
from tests.conftest import free_port
from tests.webhook import Webhook, listening_webhook, require_valid

DAYS = dg.DailyPartitionsDefinition(start_date="2026-07-01", end_date="2026-08-31")
UI = "https://dagster.example.org"


@dataclass
class Clock:
    """Dagster's events have the real time; later is told by `ahead`."""

    ahead: dt.timedelta = dt.timedelta()
    at: dt.datetime | None = None

    def __call__(self) -> dt.datetime:
        return (self.at or dt.datetime.now(dt.UTC)) + self.ahead


@dataclass
class Watch:
    """The sensors beside an instance, as the daemon evaluates them, and the webhook that they tell."""

    settings: Settings
    instance: dg.DagsterInstance
    notifier: Notifier
    webhook: Webhook
    clock: Clock
    cursors: dict[str, str | None] = field(default_factory=dict)

    def tick(self, sensor: Any = tell_of_runs) -> list[str]:
        """One evaluation; the texts that are new."""
        before = len(self.webhook.posts)
        resources = {"settings": self.settings, "notifier": self.notifier, "documents": self.notifier.documents}
        with dg.build_sensor_context(
            self.instance, cursor=self.cursors.get(sensor.name), resources=resources
        ) as context:
            assert isinstance(sensor(context), dg.SkipReason)
            self.cursors[sensor.name] = context.cursor
        for post in self.webhook.posts[before:]:
            require_valid(post)
        return self.webhook.texts[before:]

    def run(self, job: dg.JobDefinition, day: str | None = DAY, **tags: str) -> dg.ExecuteInProcessResult:
        return job.execute_in_process(
            instance=self.instance, partition_key=day, tags=tags, raise_on_error=False, run_config=QUIET_RUN
        )


QUIET_RUN = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    with listening_webhook() as listening:
        yield listening


def watching(settings: Settings, instance: dg.DagsterInstance, documents: DocumentStore, webhook: Webhook) -> Watch:
    clock = Clock()
    outbox = OutboxFile(settings.data_folder / "outbox/alerts.jsonl")
    notifier = Notifier(SlackWebhook(webhook.url), outbox, documents, secrets=["hush"], now=clock)
    alerts = settings.alerts.model_copy(update={"ui_url": f"{UI}/"})
    return Watch(settings.model_copy(update={"alerts": alerts}), instance, notifier, webhook, clock)


@pytest.fixture
def documents(mongo_uri: str) -> Iterator[DocumentStore]:
    store = DocumentStore(mongo_uri, f"test_{uuid.uuid4().hex}", timeout_seconds=5)
    yield store
    store.database.client.drop_database(store.database_name)


@pytest.fixture
def watch(project: Callable[..., Settings], documents: DocumentStore, webhook: Webhook) -> Iterator[Watch]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield watching(project(), instance, documents, webhook)


@pytest.fixture
def on_disk(
    project: Callable[..., Settings], documents: DocumentStore, webhook: Webhook, tmp_path: Path
) -> Iterator[Watch]:
    """Beside an instance that keeps its events in files, as `make up` does."""
    (home := tmp_path / "dagster").mkdir()
    with dg.DagsterInstance.local_temp(str(home), overrides={"telemetry": {"enabled": False}}) as instance:
        yield watching(project(), instance, documents, webhook)


@pytest.fixture
def beside(pipeline: Pipeline, webhook: Webhook) -> Watch:
    """Beside the real pipeline."""
    return watching(pipeline.settings, pipeline.instance, pipeline.documents, webhook)


def job_of(name: str, *definitions: dg.AssetsDefinition | dg.AssetChecksDefinition) -> dg.JobDefinition:
    return dg.Definitions(
        assets=[each for each in definitions if not isinstance(each, dg.AssetChecksDefinition)],
        asset_checks=[each for each in definitions if isinstance(each, dg.AssetChecksDefinition)],
        jobs=[dg.define_asset_job(name, selection=dg.AssetSelection.all(include_sources=False))],
        executor=dg.in_process_executor,
    ).resolve_job_def(name)


def failing(error: Exception, job: str = "generate_day", asset: str = "generated_resumes") -> dg.JobDefinition:
    def fails() -> None:
        raise error

    return job_of(job, dg.asset(fails, name=asset, partitions_def=DAYS))


def telling(asset: str, **metadata: Any) -> dg.JobDefinition:
    def tells() -> dg.MaterializeResult[None]:
        return dg.MaterializeResult(metadata=metadata)

    return job_of("learn_day", dg.asset(tells, name=asset, partitions_def=DAYS))


def checked(asset: str, check: str, *, blocking: bool = False, **result: Any) -> dg.JobDefinition:
    def made() -> None: ...

    def looks() -> dg.AssetCheckResult:
        return dg.AssetCheckResult(**result)

    return job_of(
        "generate_day",
        dg.asset(made, name=asset, partitions_def=DAYS),
        dg.asset_check(asset=asset, name=check, blocking=blocking, partitions_def=DAYS)(looks),
    )


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


def test_check_that_warns_is_told_once_a_day_with_what_it_says(watch: Watch) -> None:
    job = checked(
        "generated_resumes",
        "models_stay",
        passed=False,
        severity=dg.AssetCheckSeverity.WARN,
        description="gpt-4o will be shut down on 2027-01-14. Use gpt-5-mini instead.",
        metadata={"days_left": 52},
    )
    watch.run(job)
    (text,) = watch.tick()
    assert "Check models_stay of generated_resumes warns" in text
    assert "gpt-4o will be shut down on 2027-01-14. Use gpt-5-mini instead." in text
    assert "days_left: 52" in text
    watch.run(job)
    watch.clock.ahead = QUIET
    assert watch.tick() == []
    watch.run(job, "2026-07-24")
    assert len(watch.tick()) == 1


def test_check_that_stops_a_run_is_told_as_that_and_not_as_a_failure_too(on_disk: Watch) -> None:
    result = on_disk.run(
        checked("generated_resumes", "truthful", blocking=True, passed=False, metadata={"untruthful_share": 0.25})
    )
    assert not result.success
    (text,) = on_disk.tick()
    assert "Check truthful of generated_resumes stopped the run" in text
    assert "untruthful_share: 0.25" in text


def test_check_that_passes_is_silent(watch: Watch) -> None:
    watch.run(checked("generated_resumes", "truthful", passed=True))
    assert watch.tick() == []


def test_promotion_is_told_with_figures(beside: Watch, pipeline: Pipeline) -> None:
    decided(pipeline, comparison(3.0, low=1.0))
    (text,) = beside.tick()
    assert "A new champion writes from now on" in text
    for figure in ("New model: ft:new", "Score of the new model: 83.0", "Score of the champion before: 80.0"):
        assert figure in text
    assert "Better by: +3.00 points (+1.00 to +4.00)" in text
    decided(pipeline, comparison(3.0, low=1.0))
    assert beside.tick() == []


def test_rejection_is_told_with_the_reason(beside: Watch, pipeline: Pipeline) -> None:
    decided(pipeline, comparison(3.0, low=-0.5))
    (text,) = beside.tick()
    assert "The new model was rejected, the champion stays" in text
    assert "not surely better" in text
    assert "Champion: extractive-1" in text


def test_decisions_of_a_range_of_days_are_one_message(beside: Watch, pipeline: Pipeline) -> None:
    evaluation = comparison(3.0, low=-0.5)
    for day, model in ((DAY, "ft:one"), (NEXT, "ft:two")):
        note = {"champion": BASE, "against_champion": evaluation, "against_base": evaluation}
        Nights(pipeline.documents).note(day, model=model, evaluation=note)
    assert only(pipeline, "champion_model", days=(DAY, NEXT)).success
    (text,) = beside.tick()
    assert "(2 times)" in text
    assert f"{DAY}, {NEXT}" in text


def test_day_with_nothing_new_is_silent(beside: Watch, pipeline: Pipeline) -> None:
    assert only(pipeline, "champion_model").success
    assert beside.tick() == []


def test_rejection_by_the_gate_has_the_figures_of_the_evaluation(watch: Watch) -> None:
    def evaluated() -> dg.MaterializeResult[None]:
        return dg.MaterializeResult(
            metadata={"candidate": "ft:liar", "champion": "extractive-1", "score_candidate": 90.0}
        )

    def gates() -> dg.AssetCheckResult:
        return dg.AssetCheckResult(passed=False, metadata={"reasons": dg.MetadataValue.json({DAY: "It lies more."})})

    watch.run(
        job_of(
            "learn_day",
            dg.asset(evaluated, name="model_evaluation", partitions_def=DAYS),
            dg.asset_check(asset="model_evaluation", name="fit_to_reign", blocking=True, partitions_def=DAYS)(gates),
        )
    )
    (text,) = watch.tick()
    assert "rejected" in text
    assert "It lies more." in text
    assert "New model: ft:liar" in text


def test_new_raw_data_is_told_and_the_same_again_is_not(beside: Watch, pipeline: Pipeline) -> None:
    assert pipeline.ingest().success
    (text,) = beside.tick()
    assert "New raw data has come in" in text
    assert "resumes.csv" in text
    assert "postings.csv" in text
    beside.clock.ahead = QUIET
    assert pipeline.ingest().success
    assert beside.tick() == []


def with_documents(watch: Watch, day: str, total: int, labelled: int) -> None:
    now = dt.datetime.now(dt.UTC)
    watch.notifier.documents.database[collection_name(day)].insert_many(
        {"_id": f"{day}/{n}", "id": str(n), "partition_date": day, "labelled_at": now if n < labelled else None}
        for n in range(total)
    )


def test_day_in_figures_is_told_once_when_its_report_is_made(watch: Watch) -> None:
    job = telling(
        "daily_report", documents=219, labelled=193, mean_score=81.25, truthful_share=0.951, volunteers=6, page="x.html"
    )
    watch.run(job)
    (text,) = watch.tick()
    assert text.startswith(f"The day in figures: {DAY}")
    for figure in ("Labelled: 193 of 219 (88%)", "Mean score: 81.2", "Truthful: 95%", "Volunteers: 6"):
        assert figure in text
    watch.run(job)
    watch.clock.ahead = QUIET
    assert watch.tick() == []


def test_the_real_report_has_the_figures_that_are_told(beside: Watch, pipeline: Pipeline) -> None:
    unlabelled = dict.fromkeys(("score", "truthfulness", "didBy", "labelled_at"))
    labels = [{"score": 80, "truthfulness": False}, {"score": 81}, unlabelled, unlabelled]
    pipeline.documents.database[collection_name(DAY)].insert_many(
        document(number, **fields) for number, fields in enumerate(labels)
    )
    report_day = build_defs(pipeline.settings, pipeline.resources).resolve_job_def("report_day")
    assert report_day.execute_in_process(
        instance=pipeline.instance, partition_key=DAY, asset_selection=[dg.AssetKey("daily_report")]
    ).success
    (text,) = beside.tick()
    for figure in ("Labelled: 2 of 4 (50%)", "Mean score: 80.5", "Truthful: 50%", "Volunteers: 1", "Report: "):
        assert figure in text


EVENING = dt.datetime(2026, 7, 24, 3, 5, tzinfo=dt.UTC)  # 20:05 of the 23rd in US/Pacific


def test_labelling_behind_schedule_is_told_once_in_the_evening(watch: Watch) -> None:
    with_documents(watch, DAY, total=10, labelled=4)
    watch.clock.at = EVENING - dt.timedelta(minutes=10)
    assert watch.tick(tell_of_late_labels) == []
    watch.clock.at = EVENING
    (text,) = watch.tick(tell_of_late_labels)
    assert "Labelling is behind schedule" in text
    assert "4 of 10 documents are labelled" in text
    assert f":{watch.settings.services.label_port}|Open the label page>" in json.dumps(watch.webhook.posts)
    watch.clock.at = EVENING + 2 * QUIET
    assert watch.tick(tell_of_late_labels) == []
    assert replace(watch, cursors={}).tick(tell_of_late_labels) == []


@pytest.mark.parametrize(("total", "labelled"), [(10, 9), (10, 10), (0, 0)])
def test_labelling_on_schedule_is_silent(watch: Watch, total: int, labelled: int) -> None:
    if total:
        with_documents(watch, DAY, total, labelled)
    watch.clock.at = EVENING
    assert watch.tick(tell_of_late_labels) == []


def test_evening_without_a_database_is_looked_at_again(watch: Watch) -> None:
    with_documents(watch, DAY, total=10, labelled=4)
    watch.clock.at = EVENING
    alive = watch.notifier
    gone = DocumentStore(f"mongodb://127.0.0.1:{free_port()}/?directConnection=true", "test", timeout_seconds=0.1)
    watch.notifier = replace(alive, documents=gone)
    assert watch.tick(tell_of_late_labels) == []
    watch.notifier = alive
    assert len(watch.tick(tell_of_late_labels)) == 1
