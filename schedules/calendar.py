"""The calendar: which runs are due now. What happened is read from the run storage, so a restart forgets nothing.

A day is learned from when it has ended; when no night is left to catch up, today's collection is generated with the
champion that stands then. Learning may fail: volunteers find a collection in the morning all the same.
"""

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import dagster as dg
from dagster import DagsterRunStatus, RunsFilter

from resources.document_store import DocumentStore
from resources.errors import ServiceError
from resume_assets.settings import Settings
from schedules.jobs import GENERATE_DAY, LEARN_DAY, REPORT_DAY

UNDER_WAY = (
    DagsterRunStatus.QUEUED,
    DagsterRunStatus.NOT_STARTED,
    DagsterRunStatus.STARTING,
    DagsterRunStatus.STARTED,
    DagsterRunStatus.CANCELING,
)


@dataclass(frozen=True)
class Calendar:
    """What is known of the days, as partition keys."""

    today: str
    collections: Collection[str]  # days that have documents
    learned: Collection[str]  # days whose learning has ended, well or badly
    learning: bool  # the learning of some day is under way
    reported: Collection[str]
    generated: Collection[str]  # days whose generation was asked for, whatever came of it
    pairs_exist: bool


def due(calendar: Calendar, catch_up_days: int) -> list[tuple[str, str]]:
    """The job and day of each run to start now; nights in order, one at a time."""
    if calendar.learning:
        return []
    oldest = days_before(calendar.today, catch_up_days)
    nights = sorted(
        day for day in calendar.collections if oldest <= day < calendar.today and day not in calendar.learned
    )
    if nights:
        return [(LEARN_DAY, nights[0])]
    runs = [(REPORT_DAY, day) for day in sorted(calendar.learned) if oldest <= day and day not in calendar.reported]
    if calendar.pairs_exist and calendar.today not in calendar.generated:
        runs.append((GENERATE_DAY, calendar.today))
    return runs


def day_of(now: dt.datetime, timezone: str) -> str:
    """The partition key of the day that it is at `now`."""
    return now.astimezone(ZoneInfo(timezone)).date().isoformat()


def days_before(day: str, days: int) -> str:
    """The partition key of the day that was `days` days before `day`."""
    return (dt.date.fromisoformat(day) - dt.timedelta(days=days)).isoformat()


def read_calendar(
    instance: dg.DagsterInstance, settings: Settings, documents: DocumentStore, now: dt.datetime
) -> Calendar:
    """The calendar as it stands. Raises ServiceError where the database cannot tell."""
    learning = _days(instance, LEARN_DAY, UNDER_WAY)
    return Calendar(
        today=day_of(now, settings.timezone),
        collections=documents.days(),
        learned=_days(instance, LEARN_DAY) - learning,
        learning=bool(learning),
        reported=_days(instance, REPORT_DAY),
        generated=_days(instance, GENERATE_DAY),
        pairs_exist=instance.get_latest_materialization_event(dg.AssetKey("resume_job_pairs")) is not None,
    )


def requests(
    instance: dg.DagsterInstance, settings: Settings, documents: DocumentStore, now: dt.datetime
) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """What the schedule and the sensor yield."""
    try:
        calendar = read_calendar(instance, settings, documents, now)
    except ServiceError as error:
        yield dg.SkipReason(str(error))
        return
    runs = due(calendar, settings.calendar.catch_up_days)
    for job, day in runs:
        yield dg.RunRequest(job_name=job, partition_key=day)
    if not runs:
        yield dg.SkipReason("A night is under way." if calendar.learning else "Nothing is due.")


def _days(instance: dg.DagsterInstance, job: str, statuses: Collection[DagsterRunStatus] = ()) -> set[str]:
    runs = instance.get_run_partition_data(RunsFilter(job_name=job))
    return {run.partition for run in runs if not statuses or run.status in statuses}
