"""Labels as a CSV file, for a spreadsheet or another database: written, and read back.

Only the form; what becomes of the labels of a file is `label_import`.
"""

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TypeVar

import polars as pl

from resources.label_rules import Label, LabelError, read_score
from tailoring.encodings import decode

COLUMNS = ("document_id", "score", "truthfulness", "didBy", "labelled_at", "note", "seconds")
REQUIRED = ("document_id", "score", "truthfulness")
DELIMITERS = ",;\t"  # spreadsheets write one or another, as the country has it
TRUTHS = {
    **dict.fromkeys(("true", "yes", "y", "1"), True),
    **dict.fromkeys(("false", "no", "n", "0"), False),
}
SURPLUS = "more cells"  # than columns, in what is read of a record
# A spreadsheet takes a text that starts like this for a formula; an apostrophe before it says that it is none.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")

T = TypeVar("T")


class LabelFileError(ValueError):
    """The file as a whole cannot be read as labels."""


@dataclass(frozen=True)
class Row:
    """A label of the file and the line, from 1, that it starts on."""

    line: int
    document_id: str
    label: Label


@dataclass(frozen=True)
class Refused:
    """A row that cannot be taken, and why."""

    line: int
    document_id: str
    reason: str


def as_csv(table: pl.DataFrame) -> bytes:
    """The labels of a table of LabelledResumes as a file that spreadsheets open with a double click."""
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow(COLUMNS)
    for row in table.sort("document_id", "label_no").iter_rows(named=True):
        stored = {
            **row,
            "truthfulness": "TRUE" if row["truthfulness"] else "FALSE",
            "labelled_at": row["labelled_at"].isoformat(),
            "didBy": _harmless(row["didBy"]),
            "note": _harmless(row["note"]),
        }
        writer.writerow([stored[name] for name in COLUMNS])
    return target.getvalue().encode("utf-8-sig")


def read_csv(data: bytes, *, by: str, now: dt.datetime, timezone: dt.tzinfo) -> tuple[list[Row], list[Refused]]:
    """The labels of a file, and the rows that are none.

    Args:
        by: whose labels they are, where the file does not say.
        now: when they were given, where the file does not say.
        timezone: of times that are written without one.

    Raises:
        LabelFileError: the file has not the columns that are needed, or is no CSV at all.
    """
    rows, refused = [], []
    for line, cells in _records(decode(data).removeprefix("\ufeff")):
        try:
            rows.append(Row(line, cells["document_id"].strip(), _label(cells, by, now, timezone)))
        except LabelError as error:
            refused.append(Refused(line, cells["document_id"].strip(), str(error)))
    return rows, refused


def _records(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The records of the file with the line that each starts on, by the names of the header's columns."""
    header, _, _ = text.partition("\n")
    delimiter = max(DELIMITERS, key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    names: list[str] = []
    line = 1
    try:
        for cells in reader:
            if not names:
                names = _header(cells)
            elif any(cell.strip() for cell in cells):
                # Spreadsheets leave empty cells out at the end of a row, or add some.
                yield (
                    line,
                    {
                        **dict(zip_longest(names, cells[: len(names)], fillvalue="")),
                        SURPLUS: "".join(cells[len(names) :]),
                    },
                )
            line = reader.line_num + 1
    except csv.Error as error:
        raise LabelFileError(f"Line {line} and what follows is no CSV: {error}.") from None
    if not names:
        raise LabelFileError("The file is empty.")


def _header(cells: Sequence[str]) -> list[str]:
    known = {name.lower(): name for name in COLUMNS}
    names = [known.get(cell.strip().lower(), cell) for cell in cells]
    if missing := [name for name in REQUIRED if name not in names]:
        raise LabelFileError(
            f"The first line must name the columns {', '.join(REQUIRED)}; missing: {', '.join(missing)}."
        )
    if twice := sorted({name for name in names if name in COLUMNS and names.count(name) > 1}):
        raise LabelFileError(f"The first line names {', '.join(twice)} twice.")
    return names


def _label(cells: dict[str, str], by: str, now: dt.datetime, timezone: dt.tzinfo) -> Label:
    """The label of one record. Raises LabelError that says all that is wrong with it."""
    wrong = ["It has more cells than the first line has columns."] if cells[SURPLUS].strip() else []

    def read(name: str, reader: Callable[[str], T], otherwise: T) -> T:
        text = cells.get(name, "").strip()
        if not text and name not in REQUIRED:
            return otherwise
        try:
            return reader(text)
        except ValueError as error:
            wrong.append(str(error))
            return otherwise

    label = Label(
        didBy=_plain(cells.get("didBy", "").strip()) or by,
        score=read("score", _score, 0),
        truthfulness=read("truthfulness", _truthfulness, False),
        labelled_at=read("labelled_at", lambda text: _time(text, timezone), now),
        note=_plain(cells.get("note", "")),
        seconds=read("seconds", _seconds, None),
    )
    try:
        label.require_good()
    except LabelError as error:
        wrong.append(str(error))
    if wrong:
        raise LabelError(" ".join(wrong))
    return label


def _score(text: str) -> int:
    return read_score(re.sub(r"\.0+$", "", text))  # programs write whole numbers so where some are missing


def _truthfulness(text: str) -> bool:
    if text.lower() not in TRUTHS:
        raise LabelError(f"Truthfulness is “{text[:20]}”; it is yes or no." if text else "Truthfulness is missing.")
    return TRUTHS[text.lower()]


def _time(text: str, timezone: dt.tzinfo) -> dt.datetime:
    try:
        read = dt.datetime.fromisoformat(text)
        read = (read if read.tzinfo else read.replace(tzinfo=timezone)).astimezone(dt.UTC)
    except (ValueError, OverflowError):  # the latter on the first and last day that there is
        raise LabelError(f"labelled_at is “{text[:40]}”; write it like 2026-07-23T20:15:00+00:00.") from None
    return read.replace(microsecond=read.microsecond // 1000 * 1000)  # as the database keeps it


def _seconds(text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        raise LabelError(f"The seconds worked are “{text[:20]}”; they are a number.") from None


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text


def _plain(text: str) -> str:
    """Undoes `_harmless`."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text
