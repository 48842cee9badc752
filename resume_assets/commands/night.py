"""`night`: one night of the loop from any scheduler, without Dagster's daemon."""

import datetime as dt
from typing import Annotated

import typer

from resume_assets.commands.common import ConfigOption, console, errors, errors_told
from resume_assets.settings import load_settings


def night(
    config: ConfigOption = None,
    day: Annotated[
        dt.datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The day that ended, to learn from; by default yesterday."),
    ] = None,
) -> None:
    """Run the night: learn from the day that ended, report it, and generate the next day's collection.

    For cron, GitHub Actions and the like; [bold]resume-assets up[/bold] does the same by itself at midnight.
    Every part is tried, whatever became of the one before; the exit status is 1 if one failed. Safe to repeat.
    """
    from resume_assets.local import stop_on_signals
    from resume_assets.night import run_night

    with errors_told():
        settings = load_settings(config)
        stop_on_signals()
        ended = day.date().isoformat() if day else settings.yesterday()
        runs = run_night(settings, ended, console)
    if failed := [job for job, run in runs.items() if not run.success]:
        errors.print(f"[red]Failed:[/red] {', '.join(failed)}. What is done stays done: run it again.")
        raise typer.Exit(1)
