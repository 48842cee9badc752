"""The calendar: which runs are due now. What happened is read from the run storage, so a restart forgets nothing.

A day is learned from when it has ended; when no night is left to catch up, today's collection is generated with the
champion that stands then. Learning may fail: volunteers find a collection in the morning all the same.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import dagster as dg

from resources.document_store import DocumentStore
from resources.errors import ServiceError
from resume_assets.settings import Settings
from schedules.jobs import GENERATE_DAY, LEARN_DAY, REPORT_DAY

PARTITION = "dagster/partition"
# The tag of a run that ended because this machine's services were stopped: it did not happen.
STOPPED = "resume_assets/stopped"
# A day's generation that failed is tried again: its answers are kept, and volunteers wait for it.
GENERATION_TRIES, HOURS_BETWEEN_TRIES = 4, 1
UNDER_WAY = (
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
)


@dataclass(frozen=True)
class Calendar:
    """What is known of the days, as partition keys."""

    today: str
    collections: Collection[str]  # days that have documents
    learned: Collection[str]  # days whose learning has ended, well or badly
    learning: bool  # the learning of some day is under way
    reported: Collection[str]
    generation_due: bool  # of today


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
    if calendar.generation_due:
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
    today = day_of(now, settings.timezone)
    since = now - dt.timedelta(days=settings.calendar.catch_up_days + 1)
    learning_runs = _runs(instance, LEARN_DAY, since)
    learning = {_day(run) for run in learning_runs if run.dagster_run.status in UNDER_WAY}
    pairs_exist = instance.get_latest_materialization_event(dg.AssetKey("resume_job_pairs")) is not None
    todays = [run for run in _runs(instance, GENERATE_DAY, since) if _day(run) == today]
    return Calendar(
        today=today,
        collections=documents.days(),
        learned={_day(run) for run in learning_runs} - learning,
        learning=bool(learning),
        reported={_day(run) for run in _runs(instance, REPORT_DAY, since)},
        generation_due=pairs_exist and generation_due(todays, now),
    )


def generation_due(runs: Sequence[dg.RunRecord], now: dt.datetime) -> bool:
    """Whether a day's generation has to be started: never asked for, or failed a while ago, and not too often."""
    if any(run.dagster_run.status != dg.DagsterRunStatus.FAILURE for run in runs):
        return False
    waited = now.timestamp() - max((run.end_time or 0 for run in runs), default=0)
    return len(runs) < GENERATION_TRIES and waited >= HOURS_BETWEEN_TRIES * 3600


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


def _runs(instance: dg.DagsterInstance, job: str, since: dt.datetime) -> list[dg.RunRecord]:
    """The job's runs of single days that were asked for since then."""
    records = instance.get_run_records(dg.RunsFilter(job_name=job, created_after=since))
    return [each for each in records if PARTITION in each.dagster_run.tags and STOPPED not in each.dagster_run.tags]


def _day(run: dg.RunRecord) -> str:
    return run.dagster_run.tags[PARTITION]
