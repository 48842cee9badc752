"""Each resume and each posting once, however many files have it: the part of cleaning that needs all of them."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import polars as pl

from tailoring.near_duplicates import near_duplicates, signatures
from tailoring.rejects import compact, set_aside

SKETCH = "sketch"


class Identity(NamedTuple):
    """What makes two rows of a table the same."""

    column: str
    """Equal for rows that say the same."""
    text: str
    """What near-duplicates have nearly in common."""
    same: Sequence[str] = ()
    """What near-duplicates must have in common."""


RESUME = Identity("resume_id", "resume_text")
POSTING = Identity("posting_id", "description", ("title", "company_name", "location", "experience_level", "work_type"))


def sketches(texts: pl.Series) -> pl.Series:
    """A column that near-duplicates are found by."""
    return pl.Series(SKETCH, signatures(texts))


def each_once(
    files: Iterable[tuple[str, Iterable[pl.DataFrame]]], identity: Identity, similarity: float | None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows to keep, in order, and the others as rejects; both with `source_file`.

    Rejected as `duplicate` (the first row stays) or `near_duplicate` (the most complete stays; not looked for without
    `similarity`). `files` are names and tables in parts, as `prepare_resumes` and `prepare_postings` give them, at
    least one part in all; with `sketches` when near-duplicates are looked for. Parts pass by one at a time.
    """
    first: dict[str, tuple[str, int]] = {}
    kept, rejects = [], []
    for name, parts in files:
        for part in parts:
            unique, duplicates = _without_duplicates(_from_file(part, name), identity.column, first)
            kept.append(compact(unique))
            rejects.append(duplicates)
    frame = pl.concat(kept)
    if similarity:
        frame, near = _without_near_duplicates(frame, identity, similarity)
        rejects.append(near)
    return frame.drop(SKETCH, strict=False), pl.concat(rejects)


def _from_file(part: pl.DataFrame, name: str) -> pl.DataFrame:
    place = part.columns.index("source_row")
    return part.clone().insert_column(
        place, pl.repeat(name, len(part), dtype=pl.String, eager=True).alias("source_file")
    )


def _without_duplicates(
    frame: pl.DataFrame, identity: str, first: dict[str, tuple[str, int]]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The first row of each identity in all frames; `first` remembers where those are."""
    rows = frame.select(identity, "source_file", "source_row").iter_rows()
    places = [first.setdefault(one, (file, row)) for one, file, row in rows]
    told = frame.with_columns(
        pl.Series("file", [file for file, _ in places], pl.String),
        pl.Series("row", [row for _, row in places], pl.Int64),
    )
    elsewhere = (pl.col("source_row") != pl.col("row")) | (pl.col("source_file") != pl.col("file"))
    unique, duplicates = set_aside(told, elsewhere, "duplicate", pl.format("the same as row {}", _place()))
    return unique.drop("file", "row"), duplicates


def _without_near_duplicates(
    frame: pl.DataFrame, identity: Identity, similarity: float
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Of rows that say nearly the same and are equal in `identity.same`, the most complete."""
    given = pl.sum_horizontal(pl.all().is_not_null())
    fullest = frame.with_row_index("place").sort(
        given, pl.col(identity.text).str.len_chars(), identity.column, descending=[True, True, False]
    )
    apart = frame.select(
        pl.concat_str(pl.col(identity.column).str.head(0), *map(_folded, identity.same), separator="\n")
    ).to_series()
    replaced = near_duplicates(
        frame[identity.text], frame[SKETCH].to_numpy(), fullest["place"].to_list(), apart, similarity
    )
    kept = [replaced.get(row) for row in range(len(frame))]
    told = frame.with_columns(
        pl.col(identity.column).gather(kept).alias("better"),
        pl.col("source_file").gather(kept).alias("file"),
        pl.col("source_row").gather(kept).alias("row"),
    )
    detail = pl.format("nearly the same as row {}, {}, which says more", _place(), "better")
    unique, near = set_aside(told, pl.col("better").is_not_null(), "near_duplicate", detail)
    return unique.drop("better", "file", "row"), near


def _place() -> pl.Expr:
    """The row that `file` and `row` name, for a person who looks at a row of `source_file`."""
    return (
        pl.when(pl.col("file") == pl.col("source_file"))
        .then(pl.col("row").cast(pl.String))
        .otherwise(pl.format("{} of {}", "row", "file"))
    )


def _folded(column: str) -> pl.Expr:
    """The column for comparing: whatever its case, and the value of long numbers (a requisition, not a level)."""
    return pl.col(column).fill_null("").str.to_lowercase().str.replace_all(r"\d{3,}", "0")
