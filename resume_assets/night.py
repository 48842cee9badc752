"""One night on any scheduler: learn from the day that ended, report it, and generate the new day's collection."""

import datetime as dt

import dagster as dg
from rich.console import Console

from resources.embedded import running
from resume_assets.definitions import build_defs
from resume_assets.headless import JobRun, run_job
from resume_assets.local import embedded_services, instance
from resume_assets.settings import Settings
from schedules.jobs import GENERATE_DAY, INGEST, LEARN_DAY, REPORT_DAY


def run_night(settings: Settings, day: str, console: Console) -> dict[str, JobRun]:
    """Run the night of `day`, which has ended; returns what came of each job.

    Like the schedule's nights: a job that fails does not keep the next from running. Safe to repeat.

    Raises:
        ServiceError: an embedded service did not start.
    """
    next_day = (dt.date.fromisoformat(day) + dt.timedelta(days=1)).isoformat()
    steps = [(INGEST, None), (LEARN_DAY, day), (REPORT_DAY, day), (GENERATE_DAY, next_day)]
    with running(embedded_services(settings)), instance(settings) as home:
        definitions: dg.Definitions = build_defs(settings)
        runs = {}
        for job, partition in steps:
            console.print(f"[bold]{job}[/bold] {partition or ''}")
            runs[job] = run_job(definitions, home, job, console, partition=partition)
            for failure in runs[job].failures:
                console.print(f"  {failure}", style="red", markup=False)
    return runs
