"""The loop's jobs one after the other on this machine, told in a terminal; volunteers are played by the judges."""

from dataclasses import dataclass
from typing import Any

import dagster as dg
from rich.console import Console

from resources.document_store import DocumentStore
from resources.labels import Labels
from resume_assets.automatic_labels import EXACT, Manner, label_automatically
from resume_assets.definitions import build_defs, build_resources
from resume_assets.generation import utc_now
from resume_assets.headless import JobRun, run_job
from resume_assets.partitions import collection_name
from resume_assets.settings import Settings
from schedules.jobs import GENERATE_DAY, INGEST, LEARN_DAY, REPORT_DAY


class LoopFailed(Exception):  # noqa: N818  said to people as it stands
    """A step failed; the message says which, and what to do."""


@dataclass(frozen=True)
class Loop:
    """One project's jobs on one Dagster instance. Every method raises LoopFailed where its job fails."""

    settings: Settings
    home: dg.DagsterInstance
    console: Console

    def ingest(self) -> JobRun:
        return self._run(INGEST, "Ingesting[/bold] resumes and postings: read, clean, check, pair")

    def generate(self, day: str) -> JobRun:
        return self._run(GENERATE_DAY, f"Generating[/bold] the resumes of {day}", day)

    def label(self, day: str, manner: Manner = EXACT) -> int:
        """Label the day as volunteers would (see `automatic_labels`); returns how many labels are new."""
        resources = build_resources(self.settings)
        documents: DocumentStore = resources["documents"]
        labels: Labels = resources["labels"]
        found = list(documents.database[collection_name(day)].find({"partition_date": day}).sort("_id"))
        self.console.print(f"[bold]Labelling[/bold] {day} with the automatic judges, in place of volunteers")
        new = label_automatically(labels, found, utc_now, manner)
        self.console.print(f"  [green]done[/green]    {new} of {len(found)} documents are newly labelled")
        return new

    def learn(self, day: str) -> JobRun:
        """Learn from the day, its automatic labels included."""
        choices = {"training_examples": {"automatic_labels": True}}
        return self._run(LEARN_DAY, f"Learning[/bold] from the labels of {day}", day, choices)

    def report(self, day: str) -> JobRun:
        return self._run(REPORT_DAY, f"Reporting[/bold] {day}", day)

    def _run(self, job: str, what: str, day: str | None = None, choices: dict[str, Any] | None = None) -> JobRun:
        self.console.print(f"[bold]{what}")
        run = run_job(build_defs(self.settings), self.home, job, self.console, partition=day, choices=choices or {})
        if not run.success:
            raise LoopFailed("\n".join(run.failures))
        return run
