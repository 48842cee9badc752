"""One night on any scheduler: learn from the day that ended, report it, and generate the new day's collection."""

from rich.console import Console

from resources.embedded import running
from resources.notifier import Notifier
from resume_assets.definitions import build_defs, build_resources
from resume_assets.headless import JobRun, run_job
from resume_assets.local import embedded_services, instance
from resume_assets.partitions import next_day
from resume_assets.settings import Settings
from schedules.jobs import GENERATE_DAY, INGEST, LEARN_DAY, REPORT_DAY
from schedules.run_messages import messages_of_run


def run_night(settings: Settings, day: str, console: Console) -> dict[str, JobRun]:
    """Run the night of `day`, which has ended, and tell the team; returns what came of each job.

    Like the schedule's nights: a job that fails does not keep the next from running. Safe to repeat.

    Raises:
        ServiceError: an embedded service did not start.
    """
    steps = [(INGEST, None), (LEARN_DAY, day), (REPORT_DAY, day), (GENERATE_DAY, next_day(day))]
    with running(embedded_services(settings)), instance(settings) as home:
        definitions = build_defs(settings)
        notifier: Notifier = build_resources(settings)["notifier"]
        runs = {}
        for job, partition in steps:
            console.print(f"[bold]{job}[/bold] {partition or ''}")
            runs[job] = run_job(definitions, home, job, console, partition=partition)
            for failure in runs[job].failures:
                console.print(f"  {failure}", style="red", markup=False)
            if job == LEARN_DAY:
                console.print(f"  {_learned(runs[job])}", markup=False)
        notifier.tell(message for run in runs.values() for message in messages_of_run(home, run.run_id, settings))
    return runs


def _learned(run: JobRun) -> str:
    """What came of the learning, in a sentence."""
    champion = run.materialized.get("champion_model", {})
    examples = run.materialized.get("training_examples", {})
    return champion.get("reason") or f"Trains {examples.get('trains', 'nothing')}."
