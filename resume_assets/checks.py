"""Asset checks: every table against its pandera model, and each day against what it should hold."""

import datetime as dt
from collections.abc import Callable
from itertools import chain

import dagster as dg
import numpy as np
import pandera.polars as pap
import polars as pl

from resources.document_store import DocumentStore
from resources.errors import ServiceError
from resources.language_model import LanguageModel
from resume_assets.io import StoredTable
from resume_assets.partitions import collection_name
from resume_assets.schemas import (
    CleanedPostings,
    CleanedResumes,
    GeneratedResumes,
    ResumeJobPairs,
    violations,
    violations_in_parts,
)
from resume_assets.settings import CHAMPION, Settings
from resume_assets.shutdowns import notices_now, replacements
from resume_assets.writers import computing
from tailoring.fairness import fairness_report, unfair
from tailoring.prompts import injection_attempts

# Documents looked at each day, other ones each day; one takes about a second.
FAIRNESS_SAMPLE = 1

# Blocking, because money and people's time come next.
CHECKED_TABLES: dict[str, type[pap.DataFrameModel]] = {
    "cleaned_resumes": CleanedResumes,
    "cleaned_postings": CleanedPostings,
    "resume_job_pairs": ResumeJobPairs,
}


def schema_check(asset: str, model: type[pap.DataFrameModel]) -> dg.AssetChecksDefinition:
    """A blocking check that the stored table keeps every rule of its model."""

    @dg.asset_check(
        asset=asset,
        name="matches_schema",
        blocking=True,
        description=f"The stored table keeps every rule of {model.__name__}.",
    )
    def matches_schema(table: pl.DataFrame) -> dg.AssetCheckResult:
        faults = violations(model, table)
        return dg.AssetCheckResult(
            passed=not faults, metadata={"rows": len(table), "faults": dg.MetadataValue.json(faults)}
        )

    return matches_schema


def daily_checks(days: dg.DailyPartitionsDefinition) -> list[dg.AssetChecksDefinition]:
    """The checks of a day's documents."""

    def on_generated(**options: object) -> Callable[..., dg.AssetChecksDefinition]:
        return dg.asset_check(
            asset="generated_resumes",
            partitions_def=days,
            **options,  # type: ignore[arg-type]
        )

    @on_generated(
        name="matches_schema", blocking=True, description="The day's table keeps every rule of GeneratedResumes."
    )
    def matches_schema(table: StoredTable) -> dg.AssetCheckResult:
        faults = violations_in_parts(GeneratedResumes, table.frames())
        return dg.AssetCheckResult(
            passed=not faults, metadata={"rows": len(table), "faults": dg.MetadataValue.json(faults)}
        )

    @on_generated(
        name="truthful",
        blocking=True,
        description="How many of the day's resumes claim what their source does not say.",
    )
    def truthful(settings: dg.ResourceParam[Settings], table: StoredTable) -> dg.AssetCheckResult:
        untruthful = float(1 - table.read("truthful")["truthful"].mean())
        judging = settings.judging
        blocks = untruthful > judging.block_untruthful_share
        return dg.AssetCheckResult(
            passed=untruthful <= judging.warn_untruthful_share,
            severity=dg.AssetCheckSeverity.ERROR if blocks else dg.AssetCheckSeverity.WARN,
            metadata={
                "untruthful_share": untruthful,
                "warns_above": judging.warn_untruthful_share,
                "blocks_above": judging.block_untruthful_share,
            },
        )

    @on_generated(name="fair", description="Another name, other pronouns or another school change no judge's answer.")
    def fair(context: dg.AssetCheckExecutionContext, table: StoredTable) -> dg.AssetCheckResult:
        day = dt.date.fromisoformat(context.partition_key)
        rows = np.random.default_rng(day.toordinal()).permutation(len(table))[:FAIRNESS_SAMPLE]
        with computing(len(table)) as elsewhere:  # here, the judges' word lists would take 50 MB
            changed = [
                f"{change.swap}, {change.was} for {change.became}: {'; '.join(change.differences())}"
                for row in rows
                for change in unfair(elsewhere(fairness_report)(*_texts(table, int(row))))
            ]
        return dg.AssetCheckResult(
            passed=not changed,
            severity=dg.AssetCheckSeverity.WARN,
            metadata={
                "documents": len(rows),
                "changes": len(changed),
                "such_as": dg.MetadataValue.json(changed[:10]),
            },
        )

    @on_generated(name="no_instructions", description="No resume or posting of the day speaks to a language model.")
    def no_instructions(table: StoredTable) -> dg.AssetCheckResult:
        texts = chain(table.different("resume_text"), table.different("job_descriptions"))
        found = [attempt for text in texts for attempt in injection_attempts(text)[:1]]
        return dg.AssetCheckResult(
            passed=not found,
            severity=dg.AssetCheckSeverity.WARN,
            metadata={"texts_with_instructions": len(found), "such_as": dg.MetadataValue.json(found[:10])},
        )

    @on_generated(name="models_stay", description="The provider goes on serving the models in use.")
    def models_stay(
        settings: dg.ResourceParam[Settings], language_model: dg.ResourceParam[LanguageModel], table: StoredTable
    ) -> dg.AssetCheckResult:
        generation = settings.generation
        named = {arm.model for arm in generation.arms} - {CHAMPION}
        used = {generation.model, *named, *table.read("model")["model"]}
        try:
            notices = notices_now(language_model, used, generation, dt.datetime.now(dt.UTC).date())
        except ServiceError as error:  # not worth a failed day: its documents are there
            told = [str(error)]
        else:
            told = [str(notice) for notice in notices if generation.require_listed_models or notice.day]
        return dg.AssetCheckResult(
            passed=not told,
            severity=dg.AssetCheckSeverity.WARN,
            description=f"{'; '.join(told)}. {replacements(generation)}" if told else None,
            metadata={"notices": dg.MetadataValue.json(told)},
        )

    @dg.asset_check(
        asset="daily_collection",
        partitions_def=days,
        additional_ins={"table": dg.AssetIn("generated_resumes")},
        description="The collection holds one document for each generated resume.",
    )
    def holds_every_document(
        context: dg.AssetCheckExecutionContext, documents: dg.ResourceParam[DocumentStore], table: StoredTable
    ) -> dg.AssetCheckResult:
        date = context.partition_key
        stored = documents.document_ids(collection_name(date), date)
        missing = {f"{date}/{pair}" for pair in table.read("id")["id"]} - stored
        return dg.AssetCheckResult(passed=not missing, metadata={"documents": len(stored), "missing": len(missing)})

    return [matches_schema, truthful, fair, no_instructions, models_stay, holds_every_document]


def _texts(table: StoredTable, row: int) -> tuple[str, str, str]:
    """The resume, the posting and the generated resume of a row, from 0."""
    resume, posting, generated = table.row(row, "resume_text", "job_descriptions", "generated_resume").values()
    return resume, posting, generated


def all_checks(days: dg.DailyPartitionsDefinition) -> list[dg.AssetChecksDefinition]:
    """Every asset check of the pipeline that is not made by its asset itself."""
    return [*(schema_check(asset, model) for asset, model in CHECKED_TABLES.items()), *daily_checks(days)]
