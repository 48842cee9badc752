"""The only wiring: settings and resources in, Dagster definitions out. Nothing connects until a run needs it."""

from typing import Any

import dagster as dg

from resources.configured import document_store, labels, language_model
from resources.fine_tuning import FineTuning
from resources.notifier import open_notifier
from resources.object_store import FolderStore, ObjectStore, S3Store
from resume_assets.assets import judges, pairs
from resume_assets.assets.cleaned import cleaned_assets
from resume_assets.assets.generated import daily_assets
from resume_assets.assets.labelled import label_assets
from resume_assets.assets.prepared import prepared_assets
from resume_assets.assets.promotion import gate, promotion_assets
from resume_assets.assets.raw import raw_assets
from resume_assets.assets.reports import report_assets
from resume_assets.assets.training import training_assets
from resume_assets.checks import all_checks
from resume_assets.io import TableIOManager, Tables
from resume_assets.partitions import daily_partitions
from resume_assets.prepared import PreparedTables
from resume_assets.settings import Settings, load_settings
from schedules.alerts import ALERT_SENSORS
from schedules.jobs import all_jobs
from schedules.nightly import nightly
from schedules.observations import label_progress
from schedules.sensors import raw_objects_changed


def build_resources(settings: Settings) -> dict[str, Any]:
    """The outside world as the settings describe it. Plain objects, so that no secret is shown as resource config."""
    environment = settings.environment
    tables = Tables(settings.data_folder, _bucket(settings, settings.processed_bucket, "processed"))
    return {
        "settings": settings,
        "raw_objects": _bucket(settings, environment.S3_BUCKET, "raw"),
        "tables": tables,
        "prepared": PreparedTables(settings.data_folder, tables.processed if environment.S3_BUCKET else None),
        "io_manager": TableIOManager(tables),
        "documents": (documents := document_store(settings)),
        "labels": labels(settings, documents),
        "notifier": open_notifier(settings, documents),
        "fine_tuning": FineTuning(
            base_url=settings.openai_base_url,
            documents=documents,
            api_key=environment.OPENAI_API_KEY.get_secret_value(),
            organization=environment.OPENAI_ORG,
            timeout=settings.generation.timeout_seconds,
            max_retries=settings.generation.max_retries,
        ),
        "language_model": language_model(settings),
    }


def _bucket(settings: Settings, bucket: str, layer: str) -> ObjectStore:
    environment = settings.environment
    if not environment.S3_BUCKET:
        folder = (
            settings.root / settings.data.raw_folder if layer == "raw" else settings.data_folder / "buckets" / layer
        )
        return FolderStore(folder)
    return S3Store(
        bucket=bucket,
        region=environment.AWS_REGION,
        endpoint_url=environment.AWS_ENDPOINT_URL,
        access_key_id=environment.AWS_ACCESS_KEY_ID,
        secret_access_key=environment.AWS_SECRET_ACCESS_KEY.get_secret_value(),
    )


def build_defs(settings: Settings, resources: dict[str, Any] | None = None) -> dg.Definitions:
    """The code location. `resources` replace those that the settings describe, by name."""
    days = daily_partitions(settings.calendar.start_date, settings.timezone)
    jobs = all_jobs()
    learn_at_midnight, days_due = nightly(settings.timezone, jobs)
    return dg.Definitions(
        assets=[
            *raw_assets(),
            *prepared_assets(),
            *cleaned_assets(),
            pairs.resume_job_pairs,
            *daily_assets(days),
            *label_assets(days),
            *report_assets(days),
            *training_assets(days),
            *promotion_assets(days),
            judges.judge_calibration,
        ],
        asset_checks=[*all_checks(days), gate(days)],
        jobs=jobs,
        schedules=[learn_at_midnight],
        sensors=[raw_objects_changed(jobs), days_due, label_progress, *ALERT_SENSORS],
        resources=build_resources(settings) | (resources or {}),
        executor=dg.in_process_executor,
    )


@dg.definitions
def defs() -> dg.Definitions:
    """What `workspace.yaml` loads."""
    return build_defs(load_settings())
