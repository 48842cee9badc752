"""Commands that run the pipeline on this machine, or tell how it stands: up, demo, check-config, status."""

import datetime as dt
from typing import Annotated

import typer
from rich.table import Table

from resume_assets.commands.common import ConfigOption, console, errors, errors_told, open_documents
from resume_assets.settings import load_settings


def up(config: ConfigOption = None) -> None:
    """Run the Dagster UI, its daemons, the label page and the embedded services until Ctrl-C."""
    from resume_assets.local import serve_ui, states, stop_on_signals

    with errors_told():
        settings = load_settings(config)
        stop_on_signals()
        console.print(
            f"Dagster UI: [bold]http://127.0.0.1:{settings.services.ui_port}[/bold] (ready in about ten seconds)"
        )
        console.print(
            f"Label page: [bold]http://127.0.0.1:{settings.services.label_port}[/bold] "
            "(let people in with `resume-assets volunteers add NAME`)"
        )
        for name, state in states(settings).items():
            console.print(f"  {name}: {state.removesuffix(', stopped').removesuffix(', running')}")
        console.print("Ctrl-C stops everything.")
        raise typer.Exit(serve_ui(settings))


def demo(
    config: ConfigOption = None,
    day: Annotated[
        dt.datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The first of the two days; by default yesterday."),
    ] = None,
) -> None:
    """Run the sample data through the whole loop for two days; needs no key and no network. Safe to repeat.

    The first day is labelled by the automatic judges, the model learns from it, and writes the second if it is better.
    """
    from resume_assets.demo import run_demo
    from resume_assets.local import stop_on_signals
    from resume_assets.loop import LoopFailed

    with errors_told():
        settings = load_settings(config)
        stop_on_signals()
        try:
            run_demo(settings, day.date().isoformat() if day else settings.yesterday(), console)
        except LoopFailed as error:
            errors.print("[red]The demo failed.[/red]")
            errors.print(str(error), markup=False)
            raise typer.Exit(1) from None


def check_config(config: ConfigOption = None) -> None:
    """Check config/pipeline.yaml and .env; every mistake is told at once."""
    with errors_told():
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


def status(config: ConfigOption = None) -> None:
    """What runs, and how far the day's documents and labels are."""
    from resume_assets.local import states
    from resume_assets.partitions import collection_name

    with errors_told():
        settings = load_settings(config)
        today = settings.today()
        table = Table(show_header=False)
        for name, state in states(settings).items():
            table.add_row(name, state)
        console.print(table)
        with open_documents(settings) as documents:
            total, labelled = documents.day_progress(collection_name(today), today)
        console.print(f"{collection_name(today)}: {total} documents, {labelled} labelled")
