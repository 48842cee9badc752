"""Rows that are set aside, each with its reason: nothing is dropped in silence."""

import polars as pl

from tailoring.tables import SAMPLE_CHARS


def set_aside(frame: pl.DataFrame, bad: pl.Expr, reason: str, detail: pl.Expr) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows of `frame` that are not `bad`; and the bad ones as rejects, without a `line`."""
    told = frame.select(bad.fill_null(False)).to_series()
    text = "resume_text" if "resume_text" in frame.columns else "description"
    heading = [pl.col("title")] if "title" in frame.columns else []
    sample = pl.concat_str(*heading, pl.col(text).str.head(SAMPLE_CHARS), separator=" | ", ignore_nulls=True)
    rejects = (
        frame.filter(told)
        .rechunk()
        .select(  # polars 2.1 panics at `head` of a column with an empty chunk
            *(column for column in ("source_file", "source_row") if column in frame.columns),
            pl.lit(None, pl.Int64).alias("line"),
            pl.lit(reason).alias("reason"),
            detail.alias("detail"),
            sample.fill_null("").str.head(SAMPLE_CHARS).alias("sample"),
        )
    )
    return (frame.filter(~told) if told.any() else frame), compact(rejects)


def compact(frame: pl.DataFrame) -> pl.DataFrame:
    """A copy that holds on to nothing else: strings are views, and would keep the block of the file in memory."""
    copied = pl.from_arrow(frame.to_arrow(compat_level=pl.CompatLevel.oldest()))
    if not isinstance(copied, pl.DataFrame):
        raise TypeError("a table became a column")
    return copied


def rejects_summary(rejects: pl.DataFrame) -> pl.DataFrame:
    """For each `reason` of a table of rejects, most frequent first: `rows`, and one `example` in words."""
    if "source_file" in rejects.columns:
        places, where = (
            ["source_file", "source_row"],
            pl.format("row {} of {}: {}", "source_row", "source_file", "detail"),
        )
    else:
        places, where = ["source_row"], pl.format("row {}: {}", "source_row", "detail")
    return (
        rejects.sort(places)
        .group_by("reason", maintain_order=True)
        .agg(pl.len().alias("rows").cast(pl.Int64), where.first().alias("example"))
        .sort("rows", descending=True, maintain_order=True)
    )
