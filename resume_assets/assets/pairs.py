"""The pairs layer: which resume is tailored to which posting."""

import hashlib
import json
from pathlib import Path

import dagster as dg
import polars as pl

from resources.embeddings import MODEL, load_minilm
from resources.files import atomic_path
from resume_assets.assets.common import OWNERS, content_version, domain_version, table_metadata, told_clearly
from resume_assets.io import Tables
from resume_assets.schemas import ResumeJobPairs, dagster_type
from resume_assets.settings import Settings
from tailoring.matching import MatchWeights, match


@dg.asset(
    group_name="pairs",
    kinds={"polars", "scikitlearn"},
    owners=OWNERS,
    code_version="3",
    dagster_type=dagster_type(ResumeJobPairs),
    metadata=table_metadata(ResumeJobPairs),
)
def resume_job_pairs(
    context: dg.AssetExecutionContext,
    settings: dg.ResourceParam[Settings],
    tables: dg.ResourceParam[Tables],
    cleaned_resumes: pl.DataFrame,
    cleaned_postings: pl.DataFrame,
) -> dg.Output[pl.DataFrame]:
    """The day's pairs, matched by content and role; every resume and posting is used fairly."""
    with told_clearly(context, settings.retries):
        asked = _what_decides(settings, cleaned_resumes, cleaned_postings)
        note = settings.data_folder / "processed/.resume_job_pairs.made_from"
        known = _made_before(note, asked, tables)
        pairs = _pairs(settings, cleaned_resumes, cleaned_postings) if known is None else known
        version = content_version(pairs["pair_id"])
        with atomic_path(note) as part:
            part.write_text(json.dumps({"made_from": asked, "pairs": version.value}))
        return dg.Output(
            pairs,
            metadata={
                "pairs": len(pairs),
                "resumes_used": pairs["resume_id"].n_unique(),
                "postings_used": pairs["posting_id"].n_unique(),
                "mean_score": float(pairs["score"].to_numpy().mean()),
                "matched_before": known is not None,
            },
            data_version=version,
        )


def _pairs(settings: Settings, resumes: pl.DataFrame, postings: pl.DataFrame) -> pl.DataFrame:
    """The matches with their texts. Raises ServiceError where meaning has a weight and its model cannot be had."""
    weights = MatchWeights(**settings.pairing.weights.model_dump())
    matched = match(
        resumes,
        postings,
        pairs=settings.pairing.pairs_per_day,
        seed=settings.sampling.seed,
        max_posting_share=settings.pairing.max_posting_share,
        candidates=settings.pairing.candidates,
        weights=weights,
        embed=load_minilm() if weights.meaning else None,
    )
    if matched.is_empty():
        raise ValueError("No resume fits any posting. Widen keywords.words, or look at the cleaned tables.")
    return matched.join(resumes.select("resume_id", "resume_text"), on="resume_id", how="left").join(
        postings.select("posting_id", pl.col("description").alias("job_description")), on="posting_id", how="left"
    )


def _what_decides(settings: Settings, resumes: pl.DataFrame, postings: pl.DataFrame) -> str:
    """A hash of all that the pairs are made from: rows in any order, settings, code.

    Every score depends on all postings, through how rare a word is: there are no pairs to keep when one has changed.
    """
    digest = hashlib.sha256(
        f"{settings.pairing!r} {settings.sampling!r} polars {pl.__version__} {MODEL} {domain_version()}".encode()
    )
    for table in (resumes, postings):
        for seed in (0, 1):  # 64 bits of a row each
            digest.update(table.drop("source_file", "source_row").hash_rows(seed).sort().to_numpy().tobytes())
    return digest.hexdigest()


def _made_before(note: Path, asked: str, tables: Tables) -> pl.DataFrame | None:
    """The stored pairs, if they were made from the same and are still what they were."""
    if not note.is_file():
        return None
    told = json.loads(note.read_text())
    if told["made_from"] != asked:
        return None
    try:
        pairs = tables.read("processed/resume_job_pairs")
    except FileNotFoundError:
        return None
    return pairs if content_version(pairs["pair_id"]).value == told["pairs"] else None
