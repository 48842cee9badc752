"""The pairs layer: which resume is tailored to which posting."""

import dagster as dg
import polars as pl

from resume_assets.assets.common import OWNERS, content_version, table_metadata, told_clearly
from resume_assets.schemas import ResumeJobPairs, dagster_type
from resume_assets.settings import Settings
from tailoring.matching import match


@dg.asset(
    group_name="pairs",
    kinds={"polars", "scikitlearn"},
    owners=OWNERS,
    code_version="1",
    dagster_type=dagster_type(ResumeJobPairs),
    metadata=table_metadata(ResumeJobPairs),
)
def resume_job_pairs(
    context: dg.AssetExecutionContext,
    settings: dg.ResourceParam[Settings],
    cleaned_resumes: pl.DataFrame,
    cleaned_postings: pl.DataFrame,
) -> dg.Output[pl.DataFrame]:
    """The day's pairs, matched by content and role; every resume and posting is used fairly."""
    with told_clearly(context, settings.retries):
        matched = match(
            cleaned_resumes,
            cleaned_postings,
            pairs=settings.pairing.pairs_per_day,
            seed=settings.sampling.seed,
            max_posting_share=settings.pairing.max_posting_share,
            candidates=settings.pairing.candidates,
        )
        if matched.is_empty():
            raise ValueError("No resume fits any posting. Widen keywords.words, or look at the cleaned tables.")
        pairs = matched.join(cleaned_resumes.select("resume_id", "resume_text"), on="resume_id", how="left").join(
            cleaned_postings.select("posting_id", pl.col("description").alias("job_description")),
            on="posting_id",
            how="left",
        )
        return dg.Output(
            pairs,
            metadata={
                "pairs": len(pairs),
                "resumes_used": pairs["resume_id"].n_unique(),
                "postings_used": pairs["posting_id"].n_unique(),
                "mean_score": float(pairs["score"].to_numpy().mean()),
            },
            data_version=content_version(pairs["pair_id"]),
        )
