"""The end of a night: the new model against the champion on held-out pairs, and who writes from tomorrow on."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import dagster as dg

from resources.champions import Champions, Reign
from resources.document_store import DocumentStore
from resources.language_model import LanguageModel
from resources.nights import Nights
from resume_assets.assets.common import told_clearly
from resume_assets.assets.training import learning_asset
from resume_assets.generation import utc_now
from resume_assets.held_out import judge_on_held_out_pairs
from resume_assets.io import Tables
from resume_assets.partitions import next_day
from resume_assets.settings import Settings
from tailoring.evaluation import Comparison, Decision, Judged, compare, decide

PIPELINE = "pipeline"
PAIRS_TABLE = "processed/resume_job_pairs"


def promotion_assets(days: dg.DailyPartitionsDefinition) -> list[dg.AssetsDefinition]:
    """From a tuned model to the champion, partitioned by the calendar."""

    @learning_asset(days, kinds={"openai", "mongodb"}, deps=["fine_tuned_model", "resume_job_pairs"])
    def model_evaluation(
        context: dg.AssetExecutionContext,
        settings: dg.ResourceParam[Settings],
        documents: dg.ResourceParam[DocumentStore],
        language_model: dg.ResourceParam[LanguageModel],
        tables: dg.ResourceParam[Tables],
    ) -> None:
        """The day's model, the champion and the untuned base on the same held-out pairs, judged automatically."""
        with told_clearly(context, settings.retries):
            nights, champions = Nights(documents), Champions(documents)
            base = settings.generation.model
            judge = judge_on_held_out_pairs(settings, documents, language_model, tables.read(PAIRS_TABLE))
            for day in context.partition_keys:
                candidate = nights.read(day).get("model")
                if not candidate:
                    nights.note(day, evaluation=None)
                    context.add_asset_metadata({"evaluated": False}, partition_key=day)
                    continue
                champion = champions.standing(next_day(day), base)
                against_champion = _compared(judge(candidate, day), judge(champion, day), settings)
                against_base = _compared(judge(candidate, day), judge(base, day), settings)
                nights.note(
                    day,
                    evaluation={
                        "champion": champion,
                        "against_champion": against_champion.model_dump(),
                        "against_base": against_base.model_dump(),
                    },
                )
                context.add_asset_metadata(
                    _evaluation_figures(candidate, champion, against_champion, against_base), partition_key=day
                )

    @learning_asset(days, kinds={"mongodb"}, deps=[model_evaluation])
    def champion_model(
        context: dg.AssetExecutionContext,
        settings: dg.ResourceParam[Settings],
        documents: dg.ResourceParam[DocumentStore],
        language_model: dg.ResourceParam[LanguageModel],
        tables: dg.ResourceParam[Tables],
    ) -> None:
        """Who writes from the next day on: the day's model if it is better and no less truthful, else the champion."""
        with told_clearly(context, settings.retries):
            nights, champions = Nights(documents), Champions(documents)
            base = settings.generation.model
            for day in context.partition_keys:
                night = nights.read(day)
                champion = champions.standing(next_day(day), base)
                if not night.get("evaluation"):
                    _tell(context, day, champion, "No new model.")
                    continue
                candidate, evaluation = night["model"], night["evaluation"]
                comparison = Comparison.model_validate(evaluation["against_champion"])
                if champion == candidate:
                    _tell(context, day, champion, "It is the champion already.")
                    continue
                # In a run of many days an earlier one may have crowned another since the evaluation.
                if champion != evaluation["champion"]:
                    judge = judge_on_held_out_pairs(settings, documents, language_model, tables.read(PAIRS_TABLE))
                    comparison = _compared(judge(candidate, day), judge(champion, day), settings)
                decision = decide(comparison)
                _keep(champions, day, candidate, comparison, decision)
                standing = champions.standing(next_day(day), base)
                context.add_asset_metadata(
                    _decision_figures(candidate, standing, comparison, decision), partition_key=day
                )

    return [model_evaluation, champion_model]


def gate(days: dg.DailyPartitionsDefinition) -> dg.AssetChecksDefinition:
    """The check between the evaluation and the champion."""

    @dg.asset_check(
        asset="model_evaluation",
        name="fit_to_reign",
        partitions_def=days,
        blocking=True,
        description="The day's model scores better than the champion, beyond doubt, and is no less truthful.",
    )
    def fit_to_reign(
        context: dg.AssetCheckExecutionContext, documents: dg.ResourceParam[DocumentStore]
    ) -> dg.AssetCheckResult:
        nights = {day: Nights(documents).read(day) for day in context.partition_keys}
        found = {
            day: Comparison.model_validate(night["evaluation"]["against_champion"])
            for day, night in nights.items()
            if night.get("evaluation") and night["evaluation"]["champion"] != night["model"]
        }
        reasons = {day: decide(each).reason for day, each in found.items() if not decide(each).promote}
        # A model that lies or fails more stops the night. One that is merely no better does not: the champion is told
        # that it stays. Of a range of days one must not hold up the others; `champion_model` decides on each anyway.
        worse = any(each.truthful.mean < 0 or each.failures > each.failures_of_other for each in found.values())
        stops = worse and len(context.partition_keys) == 1
        return dg.AssetCheckResult(
            passed=not reasons,
            severity=dg.AssetCheckSeverity.ERROR if stops else dg.AssetCheckSeverity.WARN,
            metadata={"evaluated": len(found), "reasons": dg.MetadataValue.json(reasons)},
        )

    return fit_to_reign


def _compared(candidate: Sequence[Judged], other: Sequence[Judged], settings: Settings) -> Comparison:
    """On the pairs that both have said something to."""
    both = {each.pair_id for each in candidate} & {each.pair_id for each in other}
    ours, theirs = ([each for each in judged if each.pair_id in both] for judged in (candidate, other))
    return compare(ours, theirs, settings.promotion.confidence, seed=settings.sampling.seed)


def _keep(champions: Champions, day: str, candidate: str, comparison: Comparison, decision: Decision) -> None:
    """Write the verdict beside the model, and crown it if it won."""
    tuned = champions.find(candidate)
    if tuned:
        figures = {"score": comparison.score.candidate, "difference": comparison.score.mean}
        verdict = "promoted" if decision.promote else "not promoted"
        champions.register(replace(tuned, metrics={**tuned.metrics, **figures}, verdict=verdict))
    if decision.promote:
        reign = Reign(candidate, next_day(day), utc_now(), decision.reason, PIPELINE)
        champions.crown(reign, f"learn_day/{day}/{candidate}")


def _tell(context: dg.AssetExecutionContext, day: str, champion: str, reason: str) -> None:
    context.add_asset_metadata({"promoted": False, "champion": champion, "reason": reason}, partition_key=day)


def _evaluation_figures(
    candidate: str, champion: str, against_champion: Comparison, against_base: Comparison
) -> dict[str, Any]:
    return {
        "evaluated": True,
        "candidate": candidate,
        "champion": champion,
        "pairs": against_champion.pairs,
        "resumes": against_champion.resumes,
        "score_candidate": round(against_champion.score.candidate, 2),
        "score_champion": round(against_champion.score.other, 2),
        "score_base": round(against_base.score.other, 2),
        "truthful_candidate": round(against_champion.truthful.candidate, 4),
        "fit_candidate": round(against_champion.fit.candidate, 2),
        **_gap("champion", against_champion),
        **_gap("base", against_base),
        "figures": dg.MetadataValue.json(
            {"against_champion": against_champion.model_dump(), "against_base": against_base.model_dump()}
        ),
    }


def _decision_figures(candidate: str, standing: str, comparison: Comparison, decision: Decision) -> dict[str, Any]:
    return {
        "promoted": decision.promote,
        "reason": decision.reason,
        "candidate": candidate,
        "champion": standing,
        "score_candidate": round(comparison.score.candidate, 2),
        "score_champion": round(comparison.score.other, 2),
        **_gap("champion", comparison),
    }


def _gap(over: str, comparison: Comparison) -> dict[str, float]:
    """Points that the candidate is better by, with the interval."""
    score = comparison.score
    return {
        f"better_than_{over}": round(score.mean, 3),
        f"better_than_{over}_low": round(score.interval.low, 3),
        f"better_than_{over}_high": round(score.interval.high, 3),
    }
