"""Midnight and the sensor after it, on a real Dagster instance with a fixed clock."""

import datetime as dt
from collections.abc import Callable, Iterator
from zoneinfo import ZoneInfo

import dagster as dg
import pytest

from resources.document_store import DocumentStore
from resources.errors import ServiceError
from resume_assets.settings import Settings
from schedules.calendar import STOPPED, day_of, days_before, generation_due, requests
from schedules.jobs import GENERATE_DAY, LEARN_DAY, REPORT_DAY, all_jobs
from schedules.nightly import nightly

PACIFIC = ZoneInfo("US/Pacific")
DAYS = dg.DailyPartitionsDefinition(start_date="2026-01-01", timezone="US/Pacific", end_offset=1)


class Days(DocumentStore):
    """A database that knows only which days have documents."""

    def __init__(self, *days: str, down: bool = False) -> None:
        super().__init__("mongodb://127.0.0.1:1", "none")
        object.__setattr__(self, "found", set(days))
        object.__setattr__(self, "down", down)

    def days(self) -> set[str]:
        if self.down:  # type: ignore[attr-defined]
            raise ServiceError("MongoDB does not answer.", "Start it.", transient=True)
        found: set[str] = self.found  # type: ignore[attr-defined]
        return found


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.instance_for_test() as opened:  # a schedule opens the instance anew, which one in memory cannot be
        yield opened


def ran(instance: dg.DagsterInstance, job: str, day: str, *, well: bool = True) -> None:
    """Leave a finished run of the job for the day, as the real one would."""

    @dg.op
    def work() -> None:
        if not well:
            raise ValueError("no luck")

    @dg.job(name=job, partitions_def=DAYS)
    def made() -> None:
        work()

    made.execute_in_process(instance=instance, partition_key=day, raise_on_error=False)


@pytest.fixture
def midnight(
    instance: dg.DagsterInstance, project: Callable[..., Settings]
) -> Callable[[str, DocumentStore], list[str | None]]:
    """The days that the schedule asks to learn from at the midnight with which this day begins."""
    schedule, _ = nightly("US/Pacific", all_jobs())
    settings = project()

    def ask(day: str, documents: DocumentStore) -> list[str | None]:
        at = dt.datetime.fromisoformat(day).replace(tzinfo=PACIFIC)
        context = dg.build_schedule_context(
            instance=instance, scheduled_execution_time=at, resources={"settings": settings, "documents": documents}
        )
        return [each.partition_key for each in schedule(context) if isinstance(each, dg.RunRequest)]

    return ask


@pytest.mark.parametrize(
    ("midnight_of", "ended"),
    [
        ("2026-07-24", "2026-07-23"),
        ("2026-03-08", "2026-03-07"),
        ("2026-03-09", "2026-03-08"),  # 23 hours
        ("2026-11-02", "2026-11-01"),  # 25 hours
        ("2027-01-01", "2026-12-31"),
        ("2028-03-01", "2028-02-29"),
    ],
)
def test_midnight_asks_for_the_day_that_ended(
    midnight: Callable[[str, DocumentStore], list[str | None]], midnight_of: str, ended: str
) -> None:
    assert midnight(midnight_of, Days(ended, midnight_of)) == [ended]


def test_midnight_of_an_empty_database_asks_for_nothing(
    midnight: Callable[[str, DocumentStore], list[str | None]],
) -> None:
    assert midnight("2026-07-24", Days()) == []


def test_midnight_starts_with_the_first_missed_night(
    midnight: Callable[[str, DocumentStore], list[str | None]], instance: dg.DagsterInstance
) -> None:
    documents = Days("2026-07-23", "2026-07-24", "2026-07-25")
    ran(instance, LEARN_DAY, "2026-07-23")
    assert midnight("2026-07-26", documents) == ["2026-07-24"]


def asked(instance: dg.DagsterInstance, settings: Settings, documents: DocumentStore, at: str) -> list[object]:
    now = dt.datetime.fromisoformat(at).replace(tzinfo=PACIFIC)
    return [
        (each.job_name, each.partition_key) if isinstance(each, dg.RunRequest) else each.skip_message
        for each in requests(instance, settings, documents, now)
    ]


@pytest.mark.parametrize("well", [True, False])
def test_new_day_is_generated_after_learning_ended_well_or_badly(
    instance: dg.DagsterInstance, project: Callable[..., Settings], well: bool
) -> None:
    pairs_exist(instance)
    ran(instance, GENERATE_DAY, "2026-07-23")
    ran(instance, LEARN_DAY, "2026-07-23", well=well)
    found = asked(instance, project(), Days("2026-07-23"), "2026-07-24T00:05")
    assert found == [(REPORT_DAY, "2026-07-23"), (GENERATE_DAY, "2026-07-24")]


def test_what_was_asked_for_is_not_asked_for_again(
    instance: dg.DagsterInstance, project: Callable[..., Settings]
) -> None:
    pairs_exist(instance)
    today = day_of(dt.datetime.now(dt.UTC), "US/Pacific")
    yesterday = days_before(today, 1)
    for job, day in ((LEARN_DAY, yesterday), (REPORT_DAY, yesterday), (GENERATE_DAY, today)):
        ran(instance, job, day)
    assert asked(instance, project(), Days(yesterday, today), f"{today}T23:00") == ["Nothing is due."]


def test_generation_that_failed_is_tried_again_an_hour_later_but_not_for_ever(
    instance: dg.DagsterInstance, project: Callable[..., Settings]
) -> None:
    pairs_exist(instance)
    now = dt.datetime.now(PACIFIC)
    today = now.date().isoformat()
    for tries in range(1, 5):
        ran(instance, GENERATE_DAY, today, well=False)
        runs = instance.get_run_records(dg.RunsFilter(job_name=GENERATE_DAY))
        assert not generation_due(runs, now)
        assert generation_due(runs, now + dt.timedelta(hours=1, minutes=1)) is (tries < 4)


def test_run_that_was_stopped_with_the_machine_is_asked_for_again(
    instance: dg.DagsterInstance, project: Callable[..., Settings]
) -> None:
    pairs_exist(instance)
    today = day_of(dt.datetime.now(dt.UTC), "US/Pacific")
    yesterday = days_before(today, 1)
    ran(instance, LEARN_DAY, yesterday)
    assert (LEARN_DAY, yesterday) not in asked(instance, project(), Days(yesterday), f"{today}T12:00")
    (run,) = instance.get_runs(dg.RunsFilter(job_name=LEARN_DAY))
    instance.add_run_tags(run.run_id, {STOPPED: "true"})
    assert asked(instance, project(), Days(yesterday), f"{today}T12:00") == [(LEARN_DAY, yesterday)]


def test_database_that_does_not_answer_is_told_and_starts_nothing(
    instance: dg.DagsterInstance, project: Callable[..., Settings]
) -> None:
    (said,) = asked(instance, project(), Days(down=True), "2026-07-24T00:05")
    assert "MongoDB does not answer" in str(said)


def pairs_exist(instance: dg.DagsterInstance) -> None:
    instance.report_runless_asset_event(dg.AssetMaterialization("resume_job_pairs"))
