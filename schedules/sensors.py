"""Sensors: what the pipeline does by itself when the world changes."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import dagster as dg

from resources.errors import ServiceError
from resources.object_store import ObjectStore
from resume_assets.kinds import POSTINGS, RESUMES, Kind
from resume_assets.raw_objects import listed
from resume_assets.settings import Settings
from schedules.calendar import STOPPED, UNDER_WAY
from schedules.jobs import INGEST, PREPARE

Versions = Mapping[str, Mapping[str, str]]
"""The etag of each object, by kind and key."""


def raw_objects_changed(jobs: Sequence[Any]) -> dg.SensorDefinition:
    """The sensor of raw objects."""

    @dg.sensor(
        name="raw_objects_changed",
        jobs=[job for job in jobs if job.name in (INGEST, *PREPARE.values())],
        minimum_interval_seconds=60,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Runs `ingest` when a raw object is new, has changed or is gone; where many are new, after a run "
        "for each of them.",
    )
    def changed(
        context: dg.SensorEvaluationContext,
        settings: dg.ResourceParam[Settings],
        raw_objects: dg.ResourceParam[ObjectStore],
    ) -> dg.SensorResult | dg.SkipReason:
        """The cursor holds the versions that `ingest` was last asked for, and those that have got runs of their own."""
        kinds = (RESUMES, POSTINGS)
        try:
            there = {kind.what: _versions(raw_objects, kind, settings) for kind in kinds}
        except ServiceError as error:
            return dg.SkipReason(str(error))
        asked: dict[str, Versions] = json.loads(context.cursor or "{}")
        ingested, apart = asked.get("ingested", {}), asked.get("apart", {})
        last = context.instance.get_run_records(dg.RunsFilter(job_name=INGEST), limit=1)
        stopped = any(STOPPED in run.dagster_run.tags for run in last)
        if there == ingested and not stopped:
            return dg.SkipReason("No raw object has changed.")
        new, most = _new(there, ingested), settings.data.objects_in_one_run
        if most is not None and len(new) > most and there != apart:
            unasked = set(_new(there, apart))
            requests = [
                dg.RunRequest(job_name=PREPARE[what], partition_key=key) for what, key in new if (what, key) in unasked
            ]
            asked = {"ingested": ingested, "apart": there}
        elif running := sum(_running(context.instance, job) for job in PREPARE.values()):
            return dg.SkipReason(f"{running} runs are preparing objects, which `ingest` joins then.")
        else:
            requests = [dg.RunRequest(job_name=INGEST)]
            asked = {"ingested": there}
        return dg.SensorResult(
            run_requests=requests,
            dynamic_partitions_requests=[kind.files.build_add_request(list(there[kind.what])) for kind in kinds],
            cursor=json.dumps(asked),
        )

    return changed


def _versions(store: ObjectStore, kind: Kind, settings: Settings) -> dict[str, str]:
    return {key: version.etag for key, version in listed(store, kind.objects(settings)).items()}


def _new(there: Versions, before: Versions) -> list[tuple[str, str]]:
    """Kind and key of the objects that are not what they were before."""
    return [
        (what, key)
        for what, objects in there.items()
        for key, etag in objects.items()
        if before.get(what, {}).get(key) != etag
    ]


def _running(instance: dg.DagsterInstance, job: str) -> int:
    return instance.get_runs_count(dg.RunsFilter(job_name=job, statuses=list(UNDER_WAY)))
