"""The cleaned layer: raw bytes to tables that can be trusted, and the rows that could not be, with reasons."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pandera.polars as pap
import polars as pl

from resume_assets.assets.common import OWNERS, content_version, table_metadata, told_clearly
from resume_assets.assets.raw import input_file, raw_postings, raw_resumes
from resume_assets.io import sample
from resume_assets.known_texts import KnownTexts, known_texts
from resume_assets.schemas import CleanedPostings, CleanedResumes, Rejects, dagster_type, split_valid
from resume_assets.settings import Settings
from tailoring.cleaning import (
    POSTING_COLUMNS,
    POSTING_REQUIRED,
    RESUME_COLUMNS,
    RESUME_REQUIRED,
    Cleaned,
    clean_postings,
    clean_resumes,
)
from tailoring.rejects import rejects_summary
from tailoring.tables import read_batches

ROWS_CHECK = "every_row_accounted_for"
REJECTS_SHOWN = 20


def _out(model: type[pap.DataFrameModel], description: str, path: str) -> dg.AssetOut:
    return dg.AssetOut(
        dagster_type=dagster_type(model),
        description=description,
        metadata=table_metadata(model, path),
        kinds={"polars", "pandera"},
        owners=OWNERS,
        code_version="2",
    )


def _rows_check(asset: str) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(ROWS_CHECK, asset=asset, blocking=True, description="Rows in = rows kept + rows rejected.")


@dg.multi_asset(
    outs={
        "cleaned_resumes": _out(
            CleanedResumes, "Resumes, repaired, normalised, each once.", "processed/cleaned_resumes"
        ),
        "rejected_resumes": _out(
            Rejects, "Rows of resumes.csv that were set aside, with reasons.", "processed/rejected_resumes"
        ),
    },
    deps=[raw_resumes],
    check_specs=[_rows_check("cleaned_resumes")],
    group_name="cleaned",
    can_subset=False,
)
def clean_resumes_table(
    context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings]
) -> Iterator[dg.Output[pl.DataFrame] | dg.AssetCheckResult]:
    """Read, repair and deduplicate the resumes."""
    with told_clearly(context, settings.retries):
        file = input_file(settings, settings.data.resumes_object)
        with known_texts(settings.data_folder / "processed/known_resume_texts.parquet") as texts:
            cleaned = clean_resumes(
                read_batches(_present(file), RESUME_COLUMNS, RESUME_REQUIRED),
                min_chars=settings.data.min_resume_chars,
                similarity=settings.data.near_duplicate_similarity,
                normalise=texts,
            )
        yield from _results(cleaned, CleanedResumes, "resumes", file, texts)


@dg.multi_asset(
    outs={
        "cleaned_postings": _out(
            CleanedPostings,
            "Postings that match the keywords, repaired, normalised, each once.",
            "processed/cleaned_job_postings",
        ),
        "rejected_postings": _out(
            Rejects, "Rows of postings.csv that were set aside, with reasons.", "processed/rejected_job_postings"
        ),
    },
    deps=[raw_postings],
    check_specs=[_rows_check("cleaned_postings")],
    group_name="cleaned",
    can_subset=False,
)
def clean_postings_table(
    context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings]
) -> Iterator[dg.Output[pl.DataFrame] | dg.AssetCheckResult]:
    """Read, filter by keyword, repair and deduplicate the postings."""
    with told_clearly(context, settings.retries):
        file = input_file(settings, settings.data.postings_object)
        with known_texts(settings.data_folder / "processed/known_posting_texts.parquet") as texts:
            cleaned = clean_postings(
                read_batches(_present(file), POSTING_COLUMNS, POSTING_REQUIRED),
                keywords=settings.keywords.words,
                keyword_fields=settings.keywords.fields,
                min_chars=settings.data.min_posting_chars,
                similarity=settings.data.near_duplicate_similarity,
                normalise=texts,
            )
        yield from _results(cleaned, CleanedPostings, "postings", file, texts)


def _present(file: Path) -> Path:
    if not file.is_file():
        raise ValueError(f"There is no {file}. Materialize the raw asset first, or run the job `ingest`.")
    return file


def _results(
    cleaned: Cleaned, model: type[pap.DataFrameModel], what: str, file: Path, texts: KnownTexts
) -> Iterator[dg.Output[pl.DataFrame] | dg.AssetCheckResult]:
    """Both tables and the check of their sum. A kept row that breaks the model joins the rejected ones."""
    kept, invalid = split_valid(model, cleaned.frame)
    text_column = "resume_text" if what == "resumes" else "description"
    rejects = pl.concat(
        [
            cleaned.rejects,
            invalid.select(
                "source_row",
                pl.lit(None, cleaned.rejects.schema["line"]).alias("line"),
                "reason",
                "detail",
                pl.col(text_column).str.slice(0, 200).alias("sample"),
            ).cast(cleaned.rejects.schema),
        ]
    )
    if kept.is_empty():
        reasons = (
            ", ".join(f"{row['rows']} {row['reason']}" for row in rejects_summary(rejects).to_dicts())
            or "it has no rows"
        )
        raise ValueError(
            f"Nothing in {file.name} can be used: {reasons}. "
            "Check the file, and `data` and `keywords` in config/pipeline.yaml."
        )
    counts = {"rows_in": cleaned.rows_in, "rows_kept": len(kept), "rows_rejected": len(rejects)}
    reasons_table = dg.MetadataValue.table(
        [dg.TableRecord(row) for row in rejects_summary(rejects).to_dicts()],
        dg.TableSchema([dg.TableColumn("reason"), dg.TableColumn("rows", "int"), dg.TableColumn("example")]),
    )
    yield dg.Output(
        kept,
        f"cleaned_{what}",
        metadata={
            **counts,
            "repairs": cleaned.repairs,
            "texts_normalised": texts.normalised,
            "texts_known_from_before": texts.reused,
        },
        data_version=content_version(kept.iter_rows()),
    )
    shown = {"reasons": reasons_table, "rows": sample(rejects, REJECTS_SHOWN)}
    yield dg.Output(rejects, f"rejected_{what}", metadata=shown)
    yield dg.AssetCheckResult(
        passed=cleaned.rows_in == len(kept) + len(rejects),
        check_name=ROWS_CHECK,
        asset_key=f"cleaned_{what}",
        metadata=counts,
    )
