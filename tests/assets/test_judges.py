"""The judges meet the volunteers: calibration only where it helps, and the truth check's figures."""

import datetime as dt
from typing import Any

import polars as pl
import pytest

from tailoring import ats_score
from tests.assets.conftest import DAY, Pipeline, figures, why

NAME = "july-23-resumes"


def label_every_resume(pipeline: Pipeline, score: Any) -> None:
    """A labelled day with a document for each cleaned resume, twice; `score` says what a volunteer gives to a total."""
    resumes = pl.read_parquet(pipeline.data / "processed/cleaned_resumes.parquet")
    day = pipeline.documents.database[NAME]
    for number, (resume_id, text) in enumerate(resumes.select("resume_id", "resume_text").iter_rows()):
        for copy in range(2):
            pair = f"{resume_id}-{copy:016x}"
            shown = text if copy else text[: len(text) * 2 // 3]
            day.insert_one(
                {
                    "_id": f"{DAY}/{pair}",
                    "id": pair,
                    "partition_date": DAY,
                    "generated_resume": shown,
                    "truthful": number % 4 != 0,
                    "truthfulness": number % 8 != 0,
                    "score": score(ats_score.score(shown).total),
                    "labelled_at": dt.datetime(2026, 7, 23, 20, tzinfo=dt.UTC),
                }
            )


def test_without_labels_nothing_is_calibrated_and_the_reason_is_told(ingested: Pipeline) -> None:
    result = ingested.run("calibrate_judges")
    assert result.success, why(result)
    told = figures(result, "judge_calibration")
    assert (told["labels"], told["calibration"]) == (0, "uncalibrated")
    assert "too few labels" in told["reason"]


def test_labels_that_differ_in_a_known_way_are_learned_and_used(ingested: Pipeline) -> None:
    label_every_resume(ingested, lambda total: round(total * 0.5))
    result = ingested.run("calibrate_judges")
    told = figures(result, "judge_calibration")
    assert told["calibration"] != "uncalibrated"
    assert told["mean_absolute_error"] < 3
    assert ingested.generate("2026-07-24").success
    for document in ingested.collection("july-24-resumes"):
        assert document["ats_prescore"] < 60


def test_the_truth_check_is_measured_against_the_volunteers(ingested: Pipeline) -> None:
    label_every_resume(ingested, round)
    told = figures(ingested.run("calibrate_judges"), "judge_calibration")
    assert told["truth_recall"] == 1.0
    assert told["truth_precision"] == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize("score", [140, "eighty", 7.5, None, True])
def test_a_score_that_is_none_is_not_learned_from(ingested: Pipeline, score: Any) -> None:
    label_every_resume(ingested, lambda _total: score)
    told = figures(ingested.run("calibrate_judges"), "judge_calibration")
    assert told["calibration"] == "uncalibrated"
    assert "too few labels" in told["reason"]


def test_fairness_is_checked_every_day(ingested: Pipeline) -> None:
    (fair,) = [each for each in ingested.generate().get_asset_check_evaluations() if each.check_name == "fair"]
    assert fair.metadata["documents"].value == 1
    assert fair.passed == (fair.metadata["changes"].value == 0)
