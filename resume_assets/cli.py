"""The command line `resume-assets`: thin, it calls what the assets and the apps call."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from resources.errors import ServiceError
from resume_assets.settings import ConfigError, load_settings

HELP = """Tailored, truthful, ATS-friendly resumes, written from a CSV of resumes and a CSV of job postings.

Start with [bold]resume-assets demo[/bold], then [bold]resume-assets up[/bold].
Settings are in config/pipeline.yaml, secrets and addresses in .env (see .env.example).
"""

app = typer.Typer(help=HELP, no_args_is_help=True, rich_markup_mode="rich", pretty_exceptions_enable=False)
console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)

ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config",
        help="The settings file; by default config/pipeline.yaml of the project.",
        exists=True,
        dir_okay=False,
    ),
]


@app.command()
def up(config: ConfigOption = None) -> None:
    """Run the Dagster UI, its daemons and the embedded services until Ctrl-C."""
    from resume_assets.local import serve_ui, states, stop_on_signals

    with _errors_told():
        settings = load_settings(config)
        stop_on_signals()
        console.print(
            f"Dagster UI: [bold]http://127.0.0.1:{settings.services.ui_port}[/bold] (ready in about ten seconds)"
        )
        for name, state in states(settings).items():
            console.print(f"  {name}: {state.removesuffix(', stopped').removesuffix(', running')}")
        console.print("Ctrl-C stops everything.")
        raise typer.Exit(serve_ui(settings))


@app.command()
def demo(
    config: ConfigOption = None,
    day: Annotated[
        dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day to generate; by default today.")
    ] = None,
) -> None:
    """Run the sample data through the whole graph for one day; needs no key and no network. Safe to repeat."""
    from resume_assets.demo import DemoFailed, run_demo
    from resume_assets.local import stop_on_signals

    with _errors_told():
        settings = load_settings(config)
        stop_on_signals()
        try:
            run_demo(settings, day.date().isoformat() if day else settings.today(), console)
        except DemoFailed as error:
            errors.print(f"[red]The demo failed.[/red]\n{error}", markup=True)
            raise typer.Exit(1) from None


@app.command()
def check_config(config: ConfigOption = None) -> None:
    """Check config/pipeline.yaml and .env; every mistake is told at once."""
    with _errors_told():
        settings = load_settings(config)
    from resume_assets.local import states

    table = Table(title="The configuration is fine", show_header=False, title_justify="left")
    table.add_row("settings", str(settings.config_file))
    for name, state in states(settings).items():
        table.add_row(name, state)
    table.add_row(
        "days", f"from {settings.calendar.start_date}, midnights in {settings.timezone}; today is {settings.today()}"
    )
    console.print(table)


@app.command()
def status(config: ConfigOption = None) -> None:
    """What runs, and how far the day's documents and labels are."""
    from resume_assets.definitions import build_resources
    from resume_assets.local import states
    from resume_assets.partitions import collection_name

    with _errors_told():
        settings = load_settings(config)
        today = settings.today()
        table = Table(show_header=False)
        for name, state in states(settings).items():
            table.add_row(name, state)
        console.print(table)
        documents = build_resources(settings)["documents"]
        total, labelled = documents.day_progress(collection_name(today), today)
        console.print(f"{collection_name(today)}: {total} documents, {labelled} labelled")


FileArgument = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Text, PDF or DOCX.")]


@app.command()
def judge(
    resume: FileArgument,
    source: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="The resume that it was written from: is it true?")
    ] = None,
    posting: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="The job posting: does it fit?")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
) -> None:
    """Judge a resume: its quality for an ATS, its truth against a source, its fit to a posting."""
    from resume_assets.judgement import judge as judged
    from resume_assets.judgement import told
    from tailoring.documents import UnreadableDocumentError

    try:
        judgement = judged(resume, source, posting)
    except UnreadableDocumentError as error:
        errors.print(f"[red]Error:[/red] {error}")
        raise typer.Exit(1) from None
    if as_json:
        console.print_json(data=judgement.as_json())
    else:
        console.print(told(judgement))


@contextmanager
def _errors_told() -> Iterator[None]:
    """Errors that a person can mend are told in plain words, with exit status 1 (2 for the configuration)."""
    try:
        yield
    except ConfigError as error:
        errors.print(f"[red]The configuration has {len(error.mistakes)} mistake(s):[/red]")
        for mistake in error.mistakes:
            errors.print(f"  {mistake}", markup=False, soft_wrap=True)
        raise typer.Exit(2) from None
    except ServiceError as error:
        errors.print(f"[red]Error:[/red] {error}")
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        errors.print("Stopped.")
        raise typer.Exit(130) from None


def main() -> None:
    """The entry point."""
    app()
