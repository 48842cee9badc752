"""Running a job without the UI, and telling a terminal how it goes."""

import logging
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import dagster as dg
from rich.console import Console
from rich.markup import escape

POLL_SECONDS = 0.2
# With too few labels to learn from, Dagster would warn of a check that has no model to look at.
logging.getLogger("dagster._core.execution.plan.active").setLevel(logging.ERROR)
QUIET: dict[str, Any] = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@dataclass(frozen=True)
class JobRun:
    """One finished run: the metadata of each materialized asset by its name, and what failed."""

    run_id: str
    materialized: dict[str, dict[str, Any]]
    failures: list[str]
    failed_checks: list[str]
    seconds: float

    @property
    def success(self) -> bool:
        return not self.failures


def run_job(
    definitions: dg.Definitions,
    instance: dg.DagsterInstance,
    job: str,
    console: Console,
    partition: str | None = None,
    choices: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
) -> JobRun:
    """Run a job in this process; its steps are told on the console as they end, and in the UI afterwards.

    `choices` are those of the run's assets, as in the launchpad: `{"generated_resumes": {"force": True}}`.

    Raises:
        KeyboardInterrupt: Ctrl-C ended a step.
    """
    run_id = str(uuid.uuid4())
    started = time.monotonic()
    config = {**QUIET, "ops": {asset: {"config": dict(chosen)} for asset, chosen in choices.items()}}
    with _told(instance, run_id, console, job):
        result = definitions.resolve_job_def(job).execute_in_process(
            instance=instance, partition_key=partition, run_id=run_id, run_config=config, raise_on_error=False
        )
    if any(_interrupted(event) for event in result.all_events):
        raise KeyboardInterrupt
    evaluations = result.get_asset_check_evaluations()
    return JobRun(
        run_id=run_id,
        materialized={
            event.materialization.asset_key.to_user_string(): {
                name: value.value for name, value in event.materialization.metadata.items()
            }
            for event in (each.step_materialization_data for each in result.get_asset_materialization_events())
        },
        failures=[]
        if result.success
        else [_why(event) for event in result.all_events if event.is_step_failure] or ["the run failed"],
        failed_checks=[
            f"{each.asset_key.to_user_string()}: {each.check_name}" for each in evaluations if not each.passed
        ],
        seconds=time.monotonic() - started,
    )


def _interrupted(event: dg.DagsterEvent) -> bool:
    """Whether a step ended by Ctrl-C, which Dagster tells as a failure of its own."""
    error = event.step_failure_data.error if event.is_step_failure else None
    return error is not None and error.cls_name == "DagsterExecutionInterruptedError"


def _why(event: dg.DagsterEvent) -> str:
    data = event.step_failure_data
    if data.user_failure_data and data.user_failure_data.description:
        return f"{event.step_key}: {data.user_failure_data.description}"
    error = data.error
    while error and error.cause:
        error = error.cause
    return f"{event.step_key}: {error.message.strip() if error else 'failed'}"


@contextmanager
def _told(instance: dg.DagsterInstance, run_id: str, console: Console, job: str) -> Iterator[None]:
    """Follow the run's event log on the console for as long as the block runs."""
    done = threading.Event()
    with console.status(f"[bold]{job}[/bold] is starting") as status:

        def follow() -> None:
            cursor = None
            last = False
            while not last:
                last = done.wait(POLL_SECONDS)  # once more after the end, for the last events
                connection = instance.get_records_for_run(run_id, cursor)
                cursor = connection.cursor
                for record in connection.records:
                    _tell(record.event_log_entry, console, status.update)

        follower = threading.Thread(target=follow, daemon=True)
        follower.start()
        try:
            yield
        finally:
            done.set()
            follower.join()


def _tell(entry: dg.EventLogEntry, console: Console, update: Any) -> None:
    event = entry.dagster_event
    if event is None:
        if entry.step_key:
            update(escape(f"{entry.step_key}: {entry.user_message}"))
    elif event.is_step_start:
        update(f"{event.step_key}")
    elif event.is_step_success:
        console.print(
            f"  [green]done[/green]    {event.step_key}  [dim]{event.step_success_data.duration_ms / 1000:.1f} s[/dim]"
        )
    elif event.is_step_failure:
        console.print(f"  [red]failed[/red]  {event.step_key}")
