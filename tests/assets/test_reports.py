"""The daily report from the database to the files: right numbers, whole files, the same content again."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import dagster as dg
import pandas as pd
import pytest

from resume_assets.assets.reports import report_table
from resume_assets.definitions import build_defs
from tests.assets.conftest import DAY, Pipeline, figures, why

NEXT_DAY = "2026-07-24"
FILES = (".html", ".json", ".png", ".csv", ".parquet")


def run(pipeline: Pipeline, day: str = DAY) -> dict[str, Any]:
    definitions = build_defs(pipeline.settings, pipeline.resources)
    result = definitions.resolve_implicit_global_asset_job_def().execute_in_process(
        instance=pipeline.instance,
        partition_key=day,
        asset_selection=[dg.AssetKey("daily_report")],
        raise_on_error=False,
    )
    assert result.success, why(result)
    return figures(result, "daily_report")


def label(pipeline: Pipeline, day: str, scores: list[Any], waiting: int = 0, **more: Any) -> None:
    date = dt.date.fromisoformat(day)
    documents = []
    for number, score in enumerate([*scores, *[None] * waiting]):
        pair = f"{number:016x}-{number:016x}"
        said = {
            "score": score,
            "truthfulness": number > 0,
            "didBy": "ana",
            "labelled_at": dt.datetime(date.year, date.month, date.day, 20, tzinfo=dt.UTC),
        }
        document = {"_id": f"{day}/{pair}", "id": pair, "partition_date": day, "generation_id": "g", "model": "m1"}
        documents.append(
            {**document, "arm": "ab"[number % 2], "prompt_version": "p1", **(said if score is not None else {}), **more}
        )
    pipeline.documents.database[f"july-{day[-2:]}-resumes"].insert_many(documents)


def files(pipeline: Pipeline, day: str = DAY) -> dict[str, bytes]:
    folder: Path = pipeline.data / "output/reports"
    return {suffix: (folder / f"{day}{suffix}").read_bytes() for suffix in FILES}


def test_a_day_without_anything_has_a_report(pipeline: Pipeline) -> None:
    told = run(pipeline)
    assert (told["documents"], told["labelled"], told["labelled_share"]) == (0, 0, 0.0)
    assert "mean_score" not in told
    assert b"No labels yet" in files(pipeline)[".html"]
    assert pd.read_parquet(pipeline.data / f"output/reports/{DAY}.parquet").empty


def test_the_numbers_are_the_days_and_those_of_the_window(pipeline: Pipeline) -> None:
    label(pipeline, DAY, [60, 70, 80])
    label(pipeline, NEXT_DAY, [80, 90], waiting=2)
    told = run(pipeline, NEXT_DAY)
    assert (told["documents"], told["labelled"], told["labelled_share"]) == (4, 2, 0.5)
    assert (told["mean_score"], told["median_score"], told["truthful_share"]) == (85, 85, 0.5)
    assert (told["window_labelled"], told["window_mean_score"], told["points_a_day"]) == (5, 76, 15)
    assert "| day | 2026-07-23 | 3 | 70.0 |" in told["figures"]
    stored = json.loads(files(pipeline, NEXT_DAY)[".json"])
    assert [(each["day"], each["labelled"], each["total"]) for each in stored["progress"]] == [
        (DAY, 3, 3),
        (NEXT_DAY, 2, 4),
    ]
    table = pd.read_csv(pipeline.data / f"output/reports/{NEXT_DAY}.csv")
    assert table.query("by == 'arm' and name == 'a'")["mean"].item() == pytest.approx(220 / 3)


def test_the_window_ends_with_the_day_and_is_as_long_as_the_settings_say(pipeline: Pipeline) -> None:
    label(pipeline, DAY, [60])
    label(pipeline, NEXT_DAY, [90])
    assert run(pipeline, DAY)["window_labelled"] == 1
    assert run(pipeline.with_settings(reports={"window_days": 1}), NEXT_DAY)["window_labelled"] == 1
    assert run(pipeline, NEXT_DAY)["window_labelled"] == 2


def test_a_label_that_cannot_be_used_is_counted_and_no_more(pipeline: Pipeline) -> None:
    label(pipeline, DAY, [60, 140, "eighty"])
    told = run(pipeline)
    assert (told["bad_labels"], told["labelled"], told["mean_score"]) == (2, 1, 60)
    assert b"2 labels of the day could not be used" in files(pipeline)[".html"]


def test_run_again_it_writes_the_same_and_leaves_nothing_else(pipeline: Pipeline) -> None:
    label(pipeline, DAY, [60, 70, 80])
    run(pipeline)
    first = files(pipeline)
    run(pipeline)
    assert files(pipeline) == first
    assert {each.name for each in (pipeline.data / "output/reports").iterdir()} == {f"{DAY}{each}" for each in FILES}


def test_two_opinions_tell_the_agreement(pipeline: Pipeline) -> None:
    given = {"score": 60, "truthfulness": True, "labelled_at": dt.datetime(2026, 7, 23, 20, tzinfo=dt.UTC)}
    label(
        pipeline,
        DAY,
        [60],
        truthfulness=True,
        labels=[{"didBy": "ana", **given}, {"didBy": "ben", **given, "score": 70}],
    )
    told = run(pipeline)
    assert told["overlap_documents"] == 1
    assert told["krippendorff_alpha"] == 0
    assert "cohen_kappa" not in told


def test_the_tables_type_refuses_what_is_no_report() -> None:
    good = {
        **{
            "by": "arm",
            "name": "a",
            "documents": 3,
            "mean": 70.0,
            "low": None,
            "high": None,
            "median": 70.0,
            "sd": 1.0,
        },
        **{"truthful_share": 0.5, "truthful_low": 0.2, "truthful_high": 0.8},
    }

    def accepted(**changes: Any) -> bool:
        frame = pd.DataFrame([{**good, **changes}]).astype({"low": float, "high": float})
        return report_table().type_check(None, frame).success  # type: ignore[arg-type]

    assert accepted()
    for bad in ({"mean": 101.0}, {"truthful_share": 1.5}, {"by": "moon"}, {"documents": 0}, {"median": float("nan")}):
        assert not accepted(**bad), bad
