"""The sensors as the daemon evaluates them, and small jobs whose events they tell."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import dagster as dg

from resources.document_store import DocumentStore
from resources.notifier import Notifier
from resources.slack import OutboxFile, SlackWebhook
from resume_assets.settings import Settings
from schedules.alerts import tell_of_runs
from tests.assets.conftest import DAY
from tests.webhook import Webhook, require_valid

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


def watching(settings: Settings, instance: dg.DagsterInstance, documents: DocumentStore, webhook: Webhook) -> Watch:
    clock = Clock()
    outbox = OutboxFile(settings.data_folder / "outbox/alerts.jsonl")
    notifier = Notifier(SlackWebhook(webhook.url), outbox, documents, secrets=["hush"], now=clock)
    alerts = settings.alerts.model_copy(update={"ui_url": f"{UI}/"})
    return Watch(settings.model_copy(update={"alerts": alerts}), instance, notifier, webhook, clock)


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
