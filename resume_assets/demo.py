"""The demo: the sample data through the whole loop for two days, on the embedded services, told in a terminal.

The first day is labelled by the automatic judges, the model learns from those labels, and the second day is written by
whoever is champion then.
"""

import time

from rich.console import Console
from rich.table import Table

from resources.embedded import running
from resources.errors import ServiceError
from resume_assets.headless import JobRun
from resume_assets.local import embedded_services, instance
from resume_assets.loop import Loop
from resume_assets.partitions import next_day
from resume_assets.settings import Settings


def run_demo(settings: Settings, day: str, console: Console) -> None:
    """Ingest, generate `day`, label it, learn from it, generate the next day, and print what came of it.

    Raises:
        LoopFailed: a step did not work.
        ServiceError: an embedded service did not start, or the database is not the embedded one.
    """
    if not settings.embeds_documents:
        raise ServiceError(
            "The demo labels documents by itself, which has no place in a real database.",
            "Run it without MONGO_URI, or use `resume-assets up` for your own data.",
        )
    started = time.monotonic()
    console.print("[bold]Starting[/bold] the documents and the model on this machine")
    # A person waits in front of a demo: failures are told at once rather than tried again after half a minute.
    settings = settings.model_copy(update={"retries": settings.retries.model_copy(update={"of_a_step": 0})})
    with running(embedded_services(settings)), instance(settings) as home:
        loop = Loop(settings, home, console)
        ingested = loop.ingest()
        first = loop.generate(day)
        loop.label(day)
        learned = loop.learn(day)
        loop.report(day)
        second = loop.generate(next_day(day))
    console.print()
    console.print(_ingested(ingested))
    console.print(_learned(learned))
    console.print(_days(day, first, learned, second))
    for check in ingested.failed_checks + first.failed_checks + learned.failed_checks + second.failed_checks:
        console.print(f"[yellow]check warns[/yellow] {check}")
    console.print(f"\nAll in {time.monotonic() - started:.0f} s.\n")
    console.print(_where_next(settings, day, ingested, [first, second]))


def _facts(title: str) -> Table:
    table = Table(title=title, show_header=False, title_justify="left", box=None, padding=(0, 2))
    table.add_column(style="bold")
    table.add_column()
    return table


def _ingested(run: JobRun) -> Table:
    table = _facts("What came in")
    for what in ("resumes", "postings"):
        cleaned = run.materialized[f"cleaned_{what}"]
        table.add_row(
            what, f"{cleaned['rows_in']} rows, {cleaned['rows_kept']} kept, {cleaned['rows_rejected']} rejected"
        )
        for record in run.materialized[f"rejected_{what}"]["reasons"].records:
            table.add_row("", f"[dim]{record.data['rows']} {record.data['reason']}[/dim]")
    pairs = run.materialized["resume_job_pairs"]
    table.add_row(
        "pairs", f"{pairs['pairs']} from {pairs['resumes_used']} resumes and {pairs['postings_used']} postings"
    )
    return table


def _learned(run: JobRun) -> Table:
    table = _facts("\nWhat was learned")
    examples = run.materialized["training_examples"]
    table.add_row(
        "examples",
        f"{examples['supervised_examples']} to imitate, {examples['dpo_examples']} preferences, "
        f"{examples['kto_examples']} on truth; trains {examples['trains']}",
    )
    evaluation = run.materialized.get("model_evaluation", {})
    if evaluation.get("evaluated"):
        table.add_row("model", evaluation["candidate"])
        for other in ("champion", "base"):
            table.add_row(
                f"against the {other}",
                f"{evaluation['score_candidate']:.1f} to {evaluation[f'score_{other}']:.1f} of 100 on "
                f"{evaluation['pairs']} held-out pairs: {evaluation[f'better_than_{other}']:+.2f} "
                f"({evaluation[f'better_than_{other}_low']:+.2f} to {evaluation[f'better_than_{other}_high']:+.2f})",
            )
    champion = run.materialized.get("champion_model", {})
    table.add_row("champion", f"{champion.get('champion', 'unchanged')}. {champion.get('reason', '')}")
    return table


def _days(day: str, first: JobRun, learned: JobRun, second: JobRun) -> Table:
    """The two days side by side; the first was labelled after it was written."""
    table = Table(title="\nThe two days", title_justify="left", box=None, padding=(0, 2))
    table.add_column()
    for each in (day, next_day(day)):
        table.add_column(each)
    documents = [run.materialized["generated_resumes"] for run in (first, second)]
    collections = [run.materialized["daily_collection"] for run in (first, second)]
    table.add_row("[bold]collection[/bold]", *(each["collection"] for each in collections))
    table.add_row("[bold]documents[/bold]", *(str(each["documents"]) for each in documents))
    table.add_row(
        "[bold]asked, answered before, failed[/bold]",
        *(f"{each['requests_sent']}, {each['from_ledger']}, {each['failed']}" for each in documents),
    )
    labelled = (learned.materialized["labelled_resumes"]["labelled"], collections[1]["labelled"])
    table.add_row("[bold]labelled[/bold]", *map(str, labelled))
    table.add_row("[bold]claim nothing unsupported[/bold]", *(f"{each['truthful_share']:.1%}" for each in documents))
    table.add_row("[bold]ATS score, of 100[/bold]", *(f"{each['mean_ats_prescore']:.1f}" for each in documents))
    table.add_row("[bold]fit to the posting[/bold]", *(f"{each['mean_job_fit']:.1f}" for each in documents))
    return table


def _where_next(settings: Settings, day: str, ingested: JobRun, days: list[JobRun]) -> str:
    new = any(ingested.materialized[raw]["new"] for raw in ("raw_resumes", "raw_postings"))
    asked = sum(run.materialized["generated_resumes"]["requests_sent"] for run in days)
    lines = [] if new or asked else ["Nothing was new: no file was read in again and nothing was asked of the model.\n"]
    folder = settings.data.folder
    where = {
        f"{folder}/output/resumes_post_edit.csv": "the tailored resumes",
        f"{folder}/output/reports/{day}.html": f"what the labels of {day} say",
        f"{folder}/processed/": "tables, pairs, rejected rows",
        "make up": f"the Dagster UI, http://127.0.0.1:{settings.services.ui_port}",
        "": f"the label page, http://127.0.0.1:{settings.services.label_port}",
    }
    width = max(map(len, where))
    lines += ["Where to look next:", *(f"  {place:<{width}}   {what}" for place, what in where.items())]
    return "\n".join(lines)
