"""A day's labels as a table: what people said is there, bad labels are told with reasons, and nothing is lost."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import dagster as dg
import polars as pl
import pytest

from resources.document_store import Document
from resume_assets.definitions import build_defs
from tests.assets.conftest import DAY, Pipeline, figures, why

NAME = "july-23-resumes"
EVENING = dt.datetime(2026, 7, 23, 20, tzinfo=dt.UTC)


def document(number: int, **changes: Any) -> Document:
    """A labelled document; `changes` say how it differs from a good one."""
    pair = f"{number:016x}-{number:016x}"
    return {
        "_id": f"{DAY}/{pair}",
        "id": pair,
        "partition_date": DAY,
        "generation_id": f"g{number}",
        "model": "extractive-1",
        "arm": "base",
        "prompt_version": "p1",
        "generated_resume": "text",
        "ats_prescore": 70.0,
        "job_fit": 40.0,
        "truthful": True,
        "score": 80 + number % 10,
        "truthfulness": True,
        "didBy": "ana",
        "labelled_at": EVENING,
        **changes,
    }


def label(by: str, score: int, truthfulness: bool = True, **more: Any) -> dict[str, Any]:
    return {"didBy": by, "score": score, "truthfulness": truthfulness, "labelled_at": EVENING, **more}


def twice_labelled(number: int, first: dict[str, Any], second: dict[str, Any]) -> Document:
    return document(number, **first, labels=[first, second])


@pytest.fixture
def labelled(pipeline: Pipeline) -> Callable[..., tuple[dict[str, Any], pl.DataFrame, dg.ExecuteInProcessResult]]:
    """Stores documents as any program may have left them, takes the snapshot: its metadata, its table, its run."""

    def run(*documents: Document) -> tuple[dict[str, Any], pl.DataFrame, dg.ExecuteInProcessResult]:
        if documents:
            pipeline.documents.database[NAME].insert_many(documents)
        result = take_snapshot(pipeline)
        assert result.success, why(result)
        table = pl.read_parquet(pipeline.data / f"output/labelled_resumes/{DAY}.parquet")
        return figures(result, "labelled_resumes"), table, result

    return run


def take_snapshot(pipeline: Pipeline) -> dg.ExecuteInProcessResult:
    definitions = build_defs(pipeline.settings, pipeline.resources)
    return definitions.resolve_implicit_global_asset_job_def().execute_in_process(
        instance=pipeline.instance,
        partition_key=DAY,
        asset_selection=[dg.AssetKey("labelled_resumes")],
        raise_on_error=False,
    )


def passed(result: dg.ExecuteInProcessResult) -> bool:
    (check,) = result.get_asset_check_evaluations()
    return check.passed


def test_a_day_without_a_collection_is_a_table_without_rows(labelled: Any) -> None:
    told, table, result = labelled()
    assert (told["documents"], told["labels"], told["labelled_share"], told["bad_labels"]) == (0, 0, 0.0, 0)
    assert table.is_empty()
    assert table.schema["labelled_at"] == pl.Datetime("us", "UTC")
    assert passed(result)


def test_labels_become_rows_and_unlabelled_documents_do_not(labelled: Any) -> None:
    waiting = document(9)
    for name in ("score", "truthfulness", "didBy", "labelled_at"):
        del waiting[name]
    told, table, _ = labelled(document(1, note="fine", didBy="ben"), document(2, truthfulness=False), waiting)
    assert (told["documents"], told["labelled"], told["labelled_share"]) == (3, 2, 0.6667)
    first = table.row(0, named=True)
    assert (first["score"], first["truthfulness"], first["didBy"], first["note"]) == (81, True, "ben", "fine")
    assert first["labelled_at"] == EVENING
    assert first["resume_id"] == f"{1:016x}"
    assert table["truthfulness"].to_list() == [True, False]


def test_a_second_label_is_a_row_of_its_own_and_tells_the_agreement(labelled: Any) -> None:
    told, table, _ = labelled(
        twice_labelled(1, label("ana", 60), label("ben", 62)),
        twice_labelled(2, label("ana", 90, False, seconds=40), label("ben", 88, False, seconds=60.5)),
        document(3),
    )
    assert table.select("label_no", "didBy").rows() == [(1, "ana"), (2, "ben"), (1, "ana"), (2, "ben"), (1, "ana")]
    assert (told["labelled"], told["labels"], told["overlap_documents"]) == (3, 5, 2)
    assert told["krippendorff_alpha"] == pytest.approx(0.9928, abs=1e-3)
    assert told["cohen_kappa"] == 1.0
    people = {record.data["name"]: record.data for record in told["volunteers"].records}
    assert (people["ana"]["labels"], people["ana"]["median_seconds"]) == (3, 40.0)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"score": 140}, "score breaks in_range(0, 100)"),
        ({"score": -1}, "score breaks in_range(0, 100)"),
        ({"score": "eighty"}, "score: Input should be a valid integer, not 'eighty'"),
        ({"score": 7.5}, "score: Input should be a valid integer, not 7.5"),
        ({"score": True}, "score: Input should be a valid integer, not True"),
        ({"score": None}, "score: Input should be a valid integer, not None"),
        ({"truthfulness": None}, "truthfulness: Input should be a valid boolean, not None"),
        ({"truthfulness": "yes"}, "truthfulness: Input should be a valid boolean, not 'yes'"),
        ({"didBy": ""}, "didBy breaks str_length"),
        ({"labelled_at": None}, "labelled_at: Input should be a valid datetime, not None"),
        ({"labelled_at": "yesterday"}, "labelled_at: Input should be a valid datetime, not 'yesterday'"),
        ({"id": "7", "generation_id": "x"}, "id breaks str_matches"),
        ({"labels": [label("ana", 50)]}, "score: the document says 81, its first label 50"),
    ],
)
def test_a_bad_label_is_told_with_its_reason_and_not_used_and_not_lost(
    labelled: Any, pipeline: Pipeline, change: dict[str, Any], reason: str
) -> None:
    bad = document(1, **change)
    told, table, result = labelled(bad, document(2))
    assert table["id"].to_list() == [f"{2:016x}-{2:016x}"]
    assert told["bad_labels"] == 1
    (record,) = told["bad_label_reasons"].records
    assert record.data["document_id"] == bad["_id"]
    assert reason in record.data["reason"]
    assert not passed(result)
    assert pipeline.documents.database[NAME].find_one({"_id": bad["_id"]}) == bad


def test_one_person_cannot_agree_with_themselves(labelled: Any) -> None:
    told, table, _ = labelled(twice_labelled(1, label("ana", 60), label("ana", 61)))
    assert len(table) == 1
    assert told["overlap_documents"] == 0
    assert "the same person" in told["bad_label_reasons"].records[0].data["reason"]


def test_a_label_that_did_not_reach_the_latest_state_is_brought_there(labelled: Any, pipeline: Pipeline) -> None:
    done = document(1, labels=[label("ana", 81)])
    unlabelled = {name: value for name, value in done.items() if name not in ("score", "truthfulness", "labelled_at")}
    pipeline.documents.update_latest([unlabelled])
    told, _, _ = labelled(done)
    assert told["repaired"] == 1
    (shown,) = pipeline.documents.database["Resumes"].find()
    assert (shown["score"], shown["truthfulness"]) == (81, True)
    assert labelled()[0]["repaired"] == 0


def test_the_same_labels_have_the_same_content(labelled: Any) -> None:
    first = labelled(document(1))[0]["content"]
    assert labelled()[0]["content"] == first
    assert labelled(document(2))[0]["content"] != first


def test_a_range_of_days_is_taken_in_one_run(pipeline: Pipeline) -> None:
    next_day = document(1, _id=f"2026-07-24/{document(1)['id']}", partition_date="2026-07-24")
    pipeline.documents.database[NAME].insert_one(document(1))
    pipeline.documents.database["july-24-resumes"].insert_one(next_day)
    definitions = build_defs(pipeline.settings, pipeline.resources)
    result = definitions.resolve_implicit_global_asset_job_def().execute_in_process(
        instance=pipeline.instance,
        asset_selection=[dg.AssetKey("labelled_resumes")],
        tags={"dagster/asset_partition_range_start": DAY, "dagster/asset_partition_range_end": "2026-07-25"},
        raise_on_error=False,
    )
    assert result.success, why(result)
    told = {
        event.partition: event.step_materialization_data.materialization.metadata["labels"].value
        for event in result.get_asset_materialization_events()
    }
    assert told == {DAY: 1, "2026-07-24": 1, "2026-07-25": 0}
