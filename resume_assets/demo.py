"""The demo: the sample data through the whole graph for a first day, on the embedded services, told in a terminal."""

import time

from rich.console import Console
from rich.table import Table

from resources.embedded import running
from resume_assets.definitions import build_defs
from resume_assets.headless import JobRun, run_job
from resume_assets.local import embedded_services, instance
from resume_assets.settings import Settings
from schedules.jobs import GENERATE_DAY, INGEST


class DemoFailed(Exception):  # noqa: N818  said to people as it stands
    """A step of the demo failed; the message says which, and what to do."""


def run_demo(settings: Settings, day: str, console: Console) -> None:
    """Ingest, then generate the collection of `day`, and print what came of it.

    Raises:
        DemoFailed: something did not work.
        ServiceError: an embedded service did not start.
    """
    started = time.monotonic()
    console.print("[bold]Starting[/bold] the documents and the model on this machine")
    # A person waits in front of a demo: failures are told at once rather than tried again after half a minute.
    settings = settings.model_copy(update={"retries": settings.retries.model_copy(update={"of_a_step": 0})})
    with running(embedded_services(settings)), instance(settings) as home:
        definitions = build_defs(settings)
        console.print("[bold]Ingesting[/bold] resumes and postings: read, clean, check, pair")
        ingested = _finished(run_job(definitions, home, INGEST, console))
        console.print(f"[bold]Generating[/bold] the resumes of {day}")
        generated = _finished(run_job(definitions, home, GENERATE_DAY, console, partition=day))
    console.print()
    console.print(_summary(ingested, generated, time.monotonic() - started))
    console.print()
    console.print(_where_next(settings, ingested, generated))


def _finished(run: JobRun) -> JobRun:
    if not run.success:
        raise DemoFailed("\n".join(run.failures))
    return run


def _summary(ingested: JobRun, generated: JobRun, seconds: float) -> Table:
    facts = ingested.materialized
    day = generated.materialized["generated_resumes"]
    collection = generated.materialized["daily_collection"]
    table = Table(title="What happened", show_header=False, title_justify="left", box=None, padding=(0, 2))
    table.add_column(style="bold")
    table.add_column()
    for what in ("resumes", "postings"):
        cleaned = facts[f"cleaned_{what}"]
        table.add_row(
            f"{what} in", f"{cleaned['rows_in']} rows, {cleaned['rows_kept']} kept, {cleaned['rows_rejected']} rejected"
        )
        for record in facts[f"rejected_{what}"]["reasons"].records:
            table.add_row("", f"[dim]{record.data['rows']} {record.data['reason']}[/dim]")
    pairs = facts["resume_job_pairs"]
    table.add_row(
        "pairs", f"{pairs['pairs']} from {pairs['resumes_used']} resumes and {pairs['postings_used']} postings"
    )
    table.add_row(
        "resumes written",
        f"{day['documents']}: {day['requests_sent']} asked of the model, "
        f"{day['from_ledger']} answered before, {day['failed']} failed",
    )
    table.add_row("truth check", f"{day['truthful_share']:.0%} claim nothing that their source does not say")
    table.add_row(
        "automatic scores",
        f"ATS {day['mean_ats_prescore']:.0f}, fit to the posting {day['mean_job_fit']:.0f} of 100 on average",
    )
    table.add_row(
        "collection",
        f"{collection['collection']}: {collection['documents']} documents, {collection['labelled']} labelled",
    )
    table.add_row("time", f"{seconds:.0f} s")
    for check in ingested.failed_checks + generated.failed_checks:
        table.add_row("[yellow]check warns[/yellow]", check)
    return table


def _where_next(settings: Settings, ingested: JobRun, generated: JobRun) -> str:
    downloaded = any(ingested.materialized[raw]["downloaded"] for raw in ("raw_resumes", "raw_postings"))
    asked = generated.materialized["generated_resumes"]["requests_sent"]
    lines = (
        []
        if downloaded or asked
        else ["Nothing was new: no file was read in again and nothing was asked of the model.\n"]
    )
    folder = settings.data.folder
    lines += [
        "Where to look next:",
        f"  {folder}/output/resumes_post_edit.csv   the tailored resumes",
        f"  {folder}/processed/                     tables, pairs, rejected rows",
        f"  make up                            the Dagster UI, http://127.0.0.1:{settings.services.ui_port}",
    ]
    return "\n".join(lines)
