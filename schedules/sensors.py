"""Sensors: what the pipeline does by itself when the world changes."""

import json

import dagster as dg

from resources.errors import ServiceError
from resources.object_store import ObjectStore
from resume_assets.settings import Settings
from schedules.calendar import STOPPED
from schedules.jobs import INGEST


@dg.sensor(
    job_name=INGEST,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Runs `ingest` when a raw object is new or has changed.",
)
def raw_objects_changed(
    context: dg.SensorEvaluationContext,
    settings: dg.ResourceParam[Settings],
    raw_objects: dg.ResourceParam[ObjectStore],
) -> dg.RunRequest | dg.SkipReason:
    """The cursor holds the version of each object that a run was last asked for."""
    keys = (settings.data.resumes_object, settings.data.postings_object)
    try:
        versions = json.dumps({key: raw_objects.etag(key) for key in keys}, sort_keys=True)
    except ServiceError as error:
        return dg.SkipReason(str(error))
    last = context.instance.get_run_records(dg.RunsFilter(job_name=INGEST), limit=1)
    stopped = [run.dagster_run.run_id for run in last if STOPPED in run.dagster_run.tags]
    if versions == context.cursor and not stopped:
        return dg.SkipReason("No raw object has changed.")
    context.update_cursor(versions)
    return dg.RunRequest(run_key="/".join([versions, *stopped]))
