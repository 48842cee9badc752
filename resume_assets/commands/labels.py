"""`labels`: the volunteers' labels as a file, out of the database and into it."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from resume_assets.commands.common import ConfigOption, console, errors, errors_told, open_documents
from resume_assets.settings import load_settings

if TYPE_CHECKING:
    from resume_assets.label_files import Refused

FIRST_DAY, LAST_DAY = "0001-01-01", "9999-12-31"

app = typer.Typer(help="The volunteers' labels as a CSV file: out of the database, and into it.", no_args_is_help=True)

DayOption = Annotated[dt.datetime | None, typer.Option("--day", formats=["%Y-%m-%d"], help="Only this day.")]
FromOption = Annotated[dt.datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="From this day on.")]
ToOption = Annotated[dt.datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Up to this day.")]


@app.command(name="export")
def export_labels(
    output: Annotated[Path, typer.Option("--output", "-o", dir_okay=False, help="The file to write.")],
    day: DayOption = None,
    first: FromOption = None,
    last: ToOption = None,
    config: ConfigOption = None,
) -> None:
    """Write every usable label to a CSV that spreadsheets open; a label that cannot be used is told with its reason."""
    if day and (first or last):
        raise typer.BadParameter("give either --day, or --from and --to")
    from resources.files import atomic_path
    from resume_assets.label_files import as_csv
    from resume_assets.label_table import label_table

    with errors_told(OSError):
        settings = load_settings(config)
        with open_documents(settings) as documents:
            table = label_table(
                documents.labels_between(_iso(day or first) or FIRST_DAY, _iso(day or last) or LAST_DAY)
            )
        with atomic_path(output) as part:
            part.write_bytes(as_csv(table.good))
    console.print(
        f"{len(table.good)} labels of {table.good['document_id'].n_unique()} documents: {output}", markup=False
    )
    for bad in table.bad:
        errors.print(f"left out: label {bad.label_no} of {bad.document_id}: {bad.reason}", markup=False, soft_wrap=True)


@app.command(name="import")
def import_labels(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The CSV file.")],
    by: Annotated[str, typer.Option("--by", help="Whose labels they are, where the file has no didBy.")] = "",
    partial: Annotated[bool, typer.Option("--partial", help="Import the good rows although some are not.")] = False,
    config: ConfigOption = None,
) -> None:
    """Store the labels of a CSV: columns document_id, score, truthfulness (yes or no), and didBy, labelled_at, note.

    Every row is checked before anything is written. No label is overwritten: a row that says otherwise than a label
    that is there is refused. Importing a file twice changes nothing. The exit status is 1 when rows were refused.
    """
    from resources.configured import labels as configured_labels
    from resume_assets.label_files import LabelFileError, read_csv
    from resume_assets.label_import import plan, store

    with errors_told(LabelFileError):
        settings = load_settings(config)
        rows, unreadable = read_csv(
            file.read_bytes(), by=by, now=dt.datetime.now(dt.UTC), timezone=ZoneInfo(settings.timezone)
        )
        with open_documents(settings) as documents:
            labels = configured_labels(settings, documents)
            planned = plan(rows, labels)
            refused = sorted([*unreadable, *planned.refused], key=lambda each: each.line)
            wanted = planned.new if partial or not refused else []
            late = store(wanted, labels)
    _tell(refused + late)
    console.print(f"{len(wanted) - len(late)} labels imported, {len(planned.known)} were there already.")
    if refused or late:
        left = "" if partial else " Correct them, or import the others with --partial."
        errors.print(f"[red]{len(refused) + len(late)} rows were refused.[/red]{left}")
        raise typer.Exit(1)


def _tell(refused: "list[Refused]") -> None:
    for row in refused:
        errors.print(f"line {row.line}: {row.document_id[:60]}: {row.reason}", markup=False, soft_wrap=True)


def _iso(day: dt.datetime | None) -> str | None:
    return day.date().isoformat() if day else None
