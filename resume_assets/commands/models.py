"""`models`: the tuned models, which one writes, and the way back."""

import datetime as dt
import getpass
from dataclasses import asdict
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from resources.champions import Champions, UnknownModelError
from resume_assets.commands.common import ConfigOption, console, errors_told, open_documents
from resume_assets.settings import load_settings

app = typer.Typer(help="The tuned models: list them, promote one, roll back.", no_args_is_help=True)


@app.command(name="list")
def list_models(
    config: ConfigOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
) -> None:
    """Every tuned model with its figures, and which one writes today."""
    with errors_told():
        settings = load_settings(config)
        with open_documents(settings) as documents:
            champions = Champions(documents)
            models, history = champions.models(), champions.history()
            standing = champions.standing(settings.today(), settings.generation.model)
    if as_json:
        shown = {"standing": standing, "models": [*map(asdict, models)], "history": [*map(asdict, history)]}
        console.print_json(data=shown, default=str)
        return
    table = Table(title=f"Today's documents are written by {standing}", title_justify="left")
    for column in ("model", "learned on", "method", "examples", "score", "better by", "verdict"):
        number = column in ("examples", "score", "better by")
        # Folded, for a name that is cut could not be promoted.
        table.add_column(column, justify="right" if number else "left", overflow="fold")
    for tuned in models:
        name = f"[bold]{tuned.model}[/bold]" if tuned.model == standing else tuned.model
        score, better = tuned.metrics.get("score"), tuned.metrics.get("difference")
        table.add_row(
            name,
            tuned.day,
            tuned.method,
            str(tuned.examples),
            "" if score is None else f"{score:.1f}",
            "" if better is None else f"{better:+.2f}",
            tuned.verdict,
        )
    console.print(table if models else f"No model has been tuned yet: {standing} writes.")
    for reign in history:
        console.print(f"  from {reign.from_day}: {reign.model}  [dim]{escape(reign.reason)} ({escape(reign.by)})[/dim]")


@app.command()
def promote(
    model: Annotated[str, typer.Argument(help="A model that `models list` shows, or the base model.")],
    reason: Annotated[str, typer.Option(help="Why; kept in the history.")] = "by hand",
    config: ConfigOption = None,
) -> None:
    """Let a model write from today on, whatever its evaluation said."""
    with errors_told(UnknownModelError):
        settings = load_settings(config)
        with open_documents(settings) as documents:
            reign = Champions(documents).promote(
                model,
                from_day=settings.today(),
                at=dt.datetime.now(dt.UTC),
                reason=reason,
                by=getpass.getuser(),
                base=settings.generation.model,
            )
    console.print(f"{reign.model} writes from {reign.from_day} on.")


@app.command()
def rollback(config: ConfigOption = None) -> None:
    """Go back to the champion before this one, from today on. Documents that are there stay as they are."""
    with errors_told(UnknownModelError):
        settings = load_settings(config)
        with open_documents(settings) as documents:
            reign = Champions(documents).roll_back(
                from_day=settings.today(),
                at=dt.datetime.now(dt.UTC),
                by=getpass.getuser(),
                base=settings.generation.model,
            )
    console.print(f"{reign.model} writes from {reign.from_day} on ({reign.reason}).")
