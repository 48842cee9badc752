"""The judges layer: how far the automatic judges agree with the volunteers, and the calibration that follows."""

import datetime as dt
from collections.abc import Iterator

import dagster as dg

from resources.document_store import Document, DocumentStore
from resume_assets.assets.common import OWNERS, told_clearly
from resume_assets.settings import Settings
from tailoring import ats_score
from tailoring.agreement import JudgedTruth, truth_agreement
from tailoring.calibration import ScoredResume, calibrate


@dg.asset(
    group_name="judges",
    kinds={"mongodb", "scikitlearn"},
    owners=OWNERS,
    code_version="1",
    deps=[dg.AssetDep("daily_collection", partition_mapping=dg.AllPartitionMapping())],
)
def judge_calibration(
    context: dg.AssetExecutionContext,
    settings: dg.ResourceParam[Settings],
    documents: dg.ResourceParam[DocumentStore],
) -> dg.MaterializeResult[None]:
    """From every label so far: the ATS score, calibrated where that helps, and how right the truth check was."""
    with told_clearly(context, settings.retries):
        labelled = list(documents.labelled())
        calibration = calibrate(_scored(labelled), seed=settings.sampling.seed)
        agreement = truth_agreement(
            JudgedTruth(document["truthful"], document["truthfulness"])
            for document in labelled
            if isinstance(document.get("truthfulness"), bool)
        )
        documents.keep_calibration(calibration.model_dump(mode="json"))
        best = next((each for each in calibration.figures if each.kind == calibration.kind), None)
        return dg.MaterializeResult(
            metadata={
                "labels": len(labelled),
                "calibration": calibration.kind,
                "reason": calibration.reason,
                **({"mean_absolute_error": best.mae, "rank_correlation": best.rank_correlation or 0.0} if best else {}),
                **({"truth_recall": agreement.recall.value} if agreement.recall else {}),
                **({"truth_precision": agreement.precision.value} if agreement.precision else {}),
                "figures": dg.MetadataValue.json(calibration.model_dump(mode="json")),
                "truth_agreement": dg.MetadataValue.json(agreement.model_dump(mode="json")),
            }
        )


def _scored(labelled: list[Document]) -> Iterator[ScoredResume]:
    """Each usable score with the points that today's judge gives; a score that is none is left to its reporter."""
    for document in labelled:
        score = document.get("score")
        if isinstance(score, int) and not isinstance(score, bool) and 0 <= score <= 100:
            yield ScoredResume(
                resume_id=document["id"].partition("-")[0],
                day=dt.date.fromisoformat(document["partition_date"]),
                points={check.name: check.points for check in ats_score.score(document["generated_resume"]).checks},
                score=float(score),
            )
