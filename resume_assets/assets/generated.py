"""The daily layer: a tailored resume for each pair, and the collection of the day that people label."""

import json
from collections import Counter
from collections.abc import Iterator
from itertools import chain, islice

import dagster as dg
import pandas as pd
import polars as pl
from pydantic import Field

from resources.champions import Champions
from resources.document_store import DocumentStore
from resources.language_model import LanguageModel
from resources.ledger import COLLECTION, Ledger
from resume_assets import day
from resume_assets.arms import open_arms
from resume_assets.assets.common import OWNERS, content_version, table_metadata, told_clearly
from resume_assets.batch_generation import BatchOutcome, ask_in_batches
from resume_assets.generation import Outcome, answer_all, utc_now
from resume_assets.io import PART, StoredTable, Tables, stored_type
from resume_assets.partitions import collection_name
from resume_assets.progress import Progress
from resume_assets.schemas import DAY_VALIDATOR, DayDocument, GeneratedResumes, ResumeJobPairs, violations_in_parts
from resume_assets.settings import Settings
from resume_assets.spending import Estimate, open_budget
from resume_assets.spool import Spool, spool
from resume_assets.writers import computing, writers
from tailoring.calibration import Calibration
from tailoring.prompts import injection_attempts
from tailoring.token_counts import count_messages

TABLE = "output/generated_resumes"

# The owner's name for the table that the edited collection mirrors.
EDITED_TABLE = "output/resumes_post_edit"


class DayConfig(dg.Config):
    """Choices of one run; every default is the safe one."""

    force: bool = Field(
        default=False,
        description="Write labelled documents anew too. The labelled versions are kept in `superseded_documents`.",
    )


def daily_assets(days: dg.DailyPartitionsDefinition) -> list[dg.AssetsDefinition]:
    """The assets of a day, partitioned by the calendar."""

    @dg.asset(
        partitions_def=days,
        group_name="daily",
        kinds={"openai", "mongodb", "pandas"},
        owners=OWNERS,
        code_version="1",
        dagster_type=stored_type(GeneratedResumes),
        metadata=table_metadata(GeneratedResumes, TABLE),
    )
    def generated_resumes(
        context: dg.AssetExecutionContext,
        config: DayConfig,
        settings: dg.ResourceParam[Settings],
        documents: dg.ResourceParam[DocumentStore],
        language_model: dg.ResourceParam[LanguageModel],
        tables: dg.ResourceParam[Tables],
        resume_job_pairs: StoredTable,
    ) -> dg.Output[StoredTable]:
        """One tailored resume for each pair: asked once, checked against its source, kept in MongoDB."""
        with told_clearly(context, settings.retries), spool(settings.data_folder) as written:
            # The blocking check stops only runs that include it, and this is where money is spent.
            pairs: Iterator[pl.DataFrame] = (pl.from_arrow(part) for part in resume_job_pairs.parts())  # type: ignore[misc]
            if faults := violations_in_parts(ResumeJobPairs, pairs):
                raise ValueError(f"resume_job_pairs is not fit for generation: {'; '.join(faults)}")
            documents.ping()
            date = context.partition_key
            arms = open_arms(settings, Champions(documents).standing(date, base=settings.generation.model))
            pair_ids = set(resume_job_pairs.read("pair_id")["pair_id"])
            if not config.force:
                _keep_for_people(documents, date, pair_ids, written)
            kept = set(written.places)
            plan = day.Plan(resume_job_pairs, date, arms, settings.generation, left_out=kept)
            ledger, budget = Ledger(documents.database[COLLECTION]), open_budget(settings)
            stored = documents.calibration()
            calibration = Calibration.model_validate(stored) if stored else None
            batches = BatchOutcome()
            # Here, what tokens are counted with would take 140 MB.
            with computing(len(plan)) as elsewhere, writers(len(plan)) as write:
                count_tokens = elsewhere(count_messages)
                expected = plan.expected_cost(ledger, budget, count_tokens)
                context.log.info(str(expected))
                if settings.generation.mode == "batch":
                    batches = ask_in_batches(
                        plan,
                        partition_date=date,
                        settings=settings.generation,
                        model=language_model,
                        ledger=ledger,
                        budget=budget,
                        tell=context.log.info,
                        count_tokens=count_tokens,
                    )
                outcome = answer_all(
                    plan,
                    partition_date=date,
                    settings=settings.generation,
                    model=language_model,
                    ledger=ledger,
                    budget=budget,
                    finish=lambda request, answered: day.draft(
                        request, answered, partition_date=date, calibration=calibration, write=write
                    ),
                    unsupported=lambda drafted: drafted.unsupported,
                    keep=lambda _, drafted: written.add(drafted.document),
                    on_progress=Progress(context, len(plan)),
                    tell=context.log.info,
                    count_tokens=count_tokens,
                )
            _require_enough(outcome, len(pair_ids), settings.generation.max_failed_share)
            documents.update_latest(each.model_dump(by_alias=True) for each in written)
            # The edited table shows the newest day, so that filling in a past one leaves it alone.
            newest = date >= documents.newest_day()
            table = tables.write_parts(f"{TABLE}/{date}", _frames(written), *([EDITED_TABLE] if newest else []))
            if newest:
                documents.mirror_edited({**each.model_dump(by_alias=True), "_id": each.id} for each in written)
            generations = table.read("generation_id")["generation_id"]
            ledger.rendered(list(generations), utc_now())
            return dg.Output(
                table,
                metadata=_figures(
                    table, outcome, batches, expected, kept=len(kept), hostile=_hostile(resume_job_pairs)
                ),
                data_version=content_version(generations),
            )

    @dg.asset(
        partitions_def=days,
        group_name="daily",
        kinds={"mongodb"},
        owners=OWNERS,
        code_version="1",
    )
    def daily_collection(
        context: dg.AssetExecutionContext,
        config: DayConfig,
        settings: dg.ResourceParam[Settings],
        documents: dg.ResourceParam[DocumentStore],
        generated_resumes: StoredTable,
    ) -> dg.MaterializeResult[None]:
        """The day's collection in MongoDB, ready to be labelled. What people labelled or hold stays as it is."""
        with told_clearly(context, settings.retries):
            date = context.partition_key
            collection = collection_name(date)
            published = documents.publish_day(
                collection,
                date,
                (each.model_dump(by_alias=True) for each in day.from_frames(generated_resumes.frames())),
                validator=DAY_VALIDATOR,
                now=utc_now(),
                force=config.force,
            )
            total, labelled = documents.day_progress(collection, date)
            return dg.MaterializeResult(
                metadata={
                    "collection": collection,
                    "documents": total,
                    "labelled": labelled,
                    "new": published.new,
                    "replaced": published.replaced,
                    "unchanged": published.unchanged,
                    "kept_for_people": published.kept,
                    "superseded": published.superseded,
                    "withdrawn": published.withdrawn,
                },
                data_version=content_version(generated_resumes.read("generation_id")["generation_id"]),
            )

    return [generated_resumes, daily_collection]


def _keep_for_people(documents: DocumentStore, date: str, pair_ids: set[str], written: Spool) -> None:
    """The day's documents that people labelled or hold: they are not written anew, so nothing is asked for them."""
    for held in documents.protected(collection_name(date), date, utc_now()):
        if held["id"] in pair_ids:
            written.add(DayDocument.model_validate(held))


def _frames(written: Spool) -> Iterator[pd.DataFrame]:
    """The day's table in parts, in the order of the pairs' ids."""
    left = iter(written)
    while part := list(islice(left, PART)):
        yield day.to_frame(part)


def _require_enough(outcome: Outcome[day.Draft], total: int, max_failed_share: float) -> None:
    failed = len(outcome.failed)
    if failed > total * max_failed_share or not total - failed:
        reasons = "; ".join(f"{count} x {reason}" for reason, count in outcome.reasons.most_common(3))
        raise ValueError(
            f"{failed} of {total} resumes failed, more than generation.max_failed_share allows: {reasons}. "
            "What was answered is kept: run it again to ask for the rest."
        )


def _hostile(pairs: StoredTable) -> int:
    """How many of the day's texts speak to a language model rather than to a reader."""
    texts = chain(pairs.different("resume_text"), pairs.different("job_description"))
    return sum(bool(injection_attempts(text)) for text in texts)


def _figures(
    table: StoredTable,
    outcome: Outcome[day.Draft],
    batches: BatchOutcome,
    expected: Estimate,
    *,
    kept: int,
    hostile: int,
) -> dict[str, dg.MetadataValue | float]:
    frame = table.read("free_text", "truthful", "corrections", "ats_prescore", "job_fit")
    kinds = Counter(
        claim["kind"]
        for part in table.frames("unsupported_claims")
        for claims in part["unsupported_claims"].map(json.loads)
        for claim in claims
    )
    return {
        "documents": len(frame),
        "requests_sent": outcome.asked + batches.asked,
        "requests_in_batches": batches.asked,
        "from_ledger": outcome.reused - batches.answered - outcome.from_batches,
        "from_batches_left_open": outcome.from_batches,
        "cut_short_before": outcome.cut_short_before + batches.cut_short_before,
        "failed": len(outcome.failed),
        "failure_reasons": dg.MetadataValue.json(dict(outcome.reasons)),
        "kept_for_people": kept,
        "prompt_tokens": outcome.prompt_tokens + batches.prompt_tokens,
        "completion_tokens": outcome.completion_tokens + batches.completion_tokens,
        "cost_usd": round(outcome.usd + batches.usd, 6),
        "answers_without_a_price": outcome.unpriced,
        "expected_usd": round(expected.likely_usd, 6),
        "expected_usd_at_most": round(expected.most_usd, 6),
        "tried_again": outcome.retried,
        "refused_for_rate": outcome.rate_limited,
        "answered_by_another_run": outcome.by_others,
        "seconds": round(outcome.seconds, 1),
        "answers_in_free_text": int(frame["free_text"].sum()),
        "truthful_share": _mean(frame["truthful"]),
        "unsupported_kinds": dg.MetadataValue.json(dict(kinds.most_common())),
        "corrections": int(frame["corrections"].sum()),
        "mean_ats_prescore": _mean(frame["ats_prescore"]),
        "mean_job_fit": _mean(frame["job_fit"]),
        "texts_with_instructions": hostile,
    }


def _mean(column: "pd.Series[float]") -> float:
    return round(float(column.mean()), 4)
