"""The loop by itself: midnight starts the learning, and a sensor all that follows, also where nights were missed."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import dagster as dg

from resources.document_store import DocumentStore
from resume_assets.settings import Settings
from schedules.calendar import requests
from schedules.jobs import GENERATE_DAY, LEARN_DAY, REPORT_DAY

SENSOR_SECONDS = 30
# The first minutes of a day belong to the schedule, so that the two never ask for the same night at once.
MIDNIGHT_MINUTES = 2


def nightly(timezone: str, jobs: Sequence[Any]) -> tuple[dg.ScheduleDefinition, dg.SensorDefinition]:
    """The schedule of midnight and the sensor that goes on from there, for days of this time zone."""
    started = [job for job in jobs if job.name in (LEARN_DAY, REPORT_DAY, GENERATE_DAY)]

    @dg.schedule(
        name="learn_at_midnight",
        job_name=LEARN_DAY,
        cron_schedule="0 0 * * *",
        execution_timezone=timezone,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Learns from the day that just ended; the first of them where nights were missed.",
    )
    def learn_at_midnight(
        context: dg.ScheduleEvaluationContext,
        settings: dg.ResourceParam[Settings],
        documents: dg.ResourceParam[DocumentStore],
    ) -> Iterator[dg.RunRequest | dg.SkipReason]:
        now = context.scheduled_execution_time
        for request in requests(context.instance, settings, documents, now):
            if isinstance(request, dg.SkipReason) or request.job_name == LEARN_DAY:
                yield request

    @dg.sensor(
        name="days_due",
        jobs=started,
        minimum_interval_seconds=SENSOR_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Generates today's collection when no night is left to learn from, and catches up missed nights.",
    )
    def days_due(
        context: dg.SensorEvaluationContext,
        settings: dg.ResourceParam[Settings],
        documents: dg.ResourceParam[DocumentStore],
    ) -> Iterator[dg.RunRequest | dg.SkipReason]:
        now = dt.datetime.now(ZoneInfo(timezone))
        if now.hour == 0 and now.minute < MIDNIGHT_MINUTES:
            yield dg.SkipReason("It is midnight: the schedule's turn.")
        else:
            yield from requests(context.instance, settings, documents, now)

    return learn_at_midnight, days_due
