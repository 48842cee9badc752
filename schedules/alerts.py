"""Alerts: sensors that tell the team what runs brought, and when labelling is behind schedule in the evening."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import dagster as dg
from dagster import DagsterEventType, RunStatusChangeRecordsFilter

from resources.document_store import DocumentStore
from resources.errors import ServiceError
from resources.notifier import Notifier
from resume_assets.partitions import collection_name
from resume_assets.settings import Settings
from schedules.run_messages import messages_of_run
from tailoring.messages import Message

ENDS: tuple[Any, ...] = (DagsterEventType.RUN_SUCCESS, DagsterEventType.RUN_FAILURE, DagsterEventType.RUN_CANCELED)
ENDED_BACKFILLS = {"COMPLETED", "COMPLETED_SUCCESS", "COMPLETED_FAILED", "FAILED", "CANCELED"}
LOOK_BACK = dt.timedelta(hours=1)  # of the first evaluation ever: the run that started everything is told too
RUNS_AT_ONCE = 20
RUN_SECONDS, LABEL_SECONDS = 30, 300


@dg.sensor(
    minimum_interval_seconds=RUN_SECONDS,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Tells of failed runs and checks, new champions and rejections, the day's figures, and new raw data.",
)
def tell_of_runs(
    context: dg.SensorEvaluationContext, settings: dg.ResourceParam[Settings], notifier: dg.ResourceParam[Notifier]
) -> dg.SkipReason:
    """The cursor holds, for each way to end, the event of the last run that was looked at."""
    cursor: dict[str, int] = json.loads(context.cursor or "{}")
    found = list(_ended_runs(context.instance, cursor, notifier.now()))
    messages = [each for run_id in found for each in messages_of_run(context.instance, run_id, settings)]
    try:
        told = notifier.tell(messages, running=lambda backfill: _is_running(context.instance, backfill))
    except ServiceError as error:
        return dg.SkipReason(str(error))  # the cursor stays: the same runs are looked at again
    context.update_cursor(json.dumps(cursor, sort_keys=True))
    return _said(context, told)


@dg.sensor(
    minimum_interval_seconds=LABEL_SECONDS,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Tells once a day, at alerts.label_deadline_hour, if too few of the day's documents are labelled.",
)
def tell_of_late_labels(
    context: dg.SensorEvaluationContext,
    settings: dg.ResourceParam[Settings],
    documents: dg.ResourceParam[DocumentStore],
    notifier: dg.ResourceParam[Notifier],
) -> dg.SkipReason:
    """The cursor holds the last day that was looked at."""
    now = notifier.now().astimezone(ZoneInfo(settings.timezone))
    day = now.date().isoformat()
    if now.hour < settings.alerts.label_deadline_hour:
        return dg.SkipReason("The day is not over yet.")
    if context.cursor == day:
        return dg.SkipReason("The day was looked at.")
    try:
        total, labelled = documents.day_progress(collection_name(day), day)
        if not total:
            return dg.SkipReason("The day has no documents.")
        behind = labelled < settings.alerts.label_target_share * total
        told = notifier.tell([_late_labels(day, labelled, total, settings)] if behind else [])
    except ServiceError as error:
        return dg.SkipReason(str(error))
    context.update_cursor(day)
    return _said(context, told)


ALERT_SENSORS = (tell_of_runs, tell_of_late_labels)


def _ended_runs(instance: dg.DagsterInstance, cursor: dict[str, int], now: dt.datetime) -> Iterator[str]:
    """The runs that ended after the cursor, which is moved on; some of them where there are many."""
    for end in ENDS:
        after = cursor.get(end.value)
        since = (now - LOOK_BACK).timestamp() if after is None else None
        records = instance.fetch_run_status_changes(
            RunStatusChangeRecordsFilter(end, after_timestamp=since, after_storage_id=after),
            limit=RUNS_AT_ONCE,
            ascending=True,
        ).records
        latest = records or (instance.fetch_run_status_changes(end, limit=1).records if after is None else [])
        cursor[end.value] = max([record.storage_id for record in latest], default=after or 0)
        yield from (record.run_id for record in records)


def _is_running(instance: dg.DagsterInstance, backfill_id: str) -> bool:
    backfill = instance.get_backfill(backfill_id)
    return backfill is not None and backfill.status.value not in ENDED_BACKFILLS


def _late_labels(day: str, labelled: int, total: int, settings: Settings) -> Message:
    return Message(
        key=f"late labels/{day}",
        group="late labels",
        title="Labelling is behind schedule",
        text=f"{labelled} of {total} documents are labelled; tonight's learning takes what is there by midnight.",
        facts={"Labelled": f"{labelled / total:.0%}", "Planned by now": f"{settings.alerts.label_target_share:.0%}"},
        links={"Open the label page": settings.label_page_url},
        subject=day,
    )


def _said(context: dg.SensorEvaluationContext, told: list[str]) -> dg.SkipReason:
    for each in told:
        context.log.info(each)
    return dg.SkipReason(f"Told {len(told)}: {'; '.join(told)}" if told else "Nothing to tell.")
