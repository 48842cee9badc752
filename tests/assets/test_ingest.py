"""`ingest`: from raw objects to pairs, with every row accounted for, and clear words when something is wrong."""

import csv
import hashlib
import shutil
from pathlib import Path

import polars as pl
import pytest

from resume_assets.settings import PROJECT_ROOT
from tests.assets.conftest import PAIRS, Pipeline, figures, why

SAMPLE = PROJECT_ROOT / "config/sample_data"


def raw_folder(pipeline: Pipeline) -> Path:
    return pipeline.settings.root / pipeline.settings.data.raw_folder


def test_the_sample_data_becomes_pairs_with_every_row_accounted_for(pipeline: Pipeline) -> None:
    result = pipeline.ingest()
    assert result.success
    assert all(check.passed for check in result.get_asset_check_evaluations())
    for what in ("resumes", "postings"):
        counted = figures(result, f"cleaned_{what}")
        assert counted["rows_in"] == counted["rows_kept"] + counted["rows_rejected"]
        reasons = {
            record.data["reason"]: record.data["rows"]
            for record in figures(result, f"rejected_{what}")["reasons"].records
        }
        assert sum(reasons.values()) == counted["rows_rejected"]
        assert "duplicate" in reasons
    assert figures(result, "resume_job_pairs")["pairs"] == PAIRS


def test_files_are_where_the_contract_says_and_in_the_processed_bucket(pipeline: Pipeline) -> None:
    pipeline.ingest()
    for name in (
        "cleaned_resumes",
        "cleaned_job_postings",
        "rejected_resumes",
        "rejected_job_postings",
        "resume_job_pairs",
    ):
        table = pipeline.data / f"processed/{name}.csv"
        parquet = pl.read_parquet(table.with_suffix(".parquet"))
        with table.open(newline="", encoding="utf-8") as file:
            assert sum(1 for _ in csv.reader(file)) == len(parquet) + 1
        copy = pipeline.data / f"buckets/processed/processed/{name}.csv"
        assert copy.read_bytes() == table.read_bytes()
    assert (pipeline.data / "input/resumes.csv").read_bytes() == (SAMPLE / "resumes.csv").read_bytes()


def test_running_again_prepares_nothing_and_changes_no_byte(pipeline: Pipeline) -> None:
    def digests() -> dict[str, str]:
        files = [path for path in (pipeline.data / "processed").rglob("*") if path.is_file()]
        return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}

    first = pipeline.ingest()
    assert figures(first, "raw_resumes")["new"] == 1
    assert figures(first, "cleaned_resumes")["objects_prepared"] == 1
    before = digests()
    again = pipeline.ingest()
    assert figures(again, "raw_resumes")["new"] == 0
    assert figures(again, "cleaned_resumes")["objects_prepared"] == 0
    assert digests() == before


def test_a_changed_object_is_prepared_again(pipeline: Pipeline) -> None:
    pipeline.ingest()
    with (raw_folder(pipeline) / "postings.csv").open("ab") as file:
        file.write(b"\n")
    again = pipeline.ingest()
    assert [figures(again, f"raw_{what}")["new"] for what in ("postings", "resumes")] == [1, 0]
    assert [figures(again, f"cleaned_{what}")["objects_prepared"] for what in ("postings", "resumes")] == [1, 0]


def test_a_local_copy_that_was_cut_short_is_fetched_again(pipeline: Pipeline) -> None:
    pipeline.ingest()
    local = pipeline.data / "input/resumes.csv"
    local.write_bytes(local.read_bytes()[:100])
    assert pipeline.with_settings(data={"min_resume_chars": 300}).ingest().success
    assert local.read_bytes() == (SAMPLE / "resumes.csv").read_bytes()


def test_a_missing_object_is_told_with_what_to_do(pipeline: Pipeline) -> None:
    (raw_folder(pipeline) / "resumes.csv").unlink()
    result = pipeline.ingest()
    assert not result.success
    assert "There is no" in why(result)
    assert "S3_BUCKET" in why(result)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"Text\n", "Nothing in resumes.csv can be used"),
        (b"Resume_Text,Labels\nsomething,\n", "Text"),
        (b"Text,Labels\nshort,\n", "too_short"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_and_writes_no_table(pipeline: Pipeline, content: bytes, words: str) -> None:
    (raw_folder(pipeline) / "resumes.csv").write_bytes(content)
    result = pipeline.ingest()
    assert not result.success
    assert words in why(result)
    assert not (pipeline.data / "processed/cleaned_resumes.csv").exists()
    assert not (pipeline.data / "processed/resume_job_pairs.csv").exists()


def test_keywords_that_match_nothing_are_told(pipeline: Pipeline) -> None:
    result = pipeline.with_settings(keywords={"words": ["astronaut"]}).ingest()
    assert not result.success
    assert "no_keyword" in why(result)
    assert "keywords" in why(result)


def test_pairs_do_not_depend_on_the_order_of_the_rows(pipeline: Pipeline) -> None:
    pipeline.ingest()
    pairs = pl.read_parquet(pipeline.data / "processed/resume_job_pairs.parquet")["pair_id"].sort()
    clean = pl.read_parquet(pipeline.data / "processed/cleaned_resumes.parquet")
    rows = [
        {"Text": text, "Labels": roles} for text, roles in clean.select("resume_text", "roles").reverse().iter_rows()
    ]
    with (raw_folder(pipeline) / "resumes.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, ["Text", "Labels"])
        writer.writeheader()
        writer.writerows(rows)
    assert pipeline.ingest().success
    reversed_rows = pl.read_parquet(pipeline.data / "processed/cleaned_resumes.parquet")
    assert set(reversed_rows["resume_id"]) == set(clean["resume_id"])
    assert (
        pl.read_parquet(pipeline.data / "processed/resume_job_pairs.parquet")["pair_id"].sort().to_list()
        == pairs.to_list()
    )


def test_the_raw_files_of_another_folder_can_be_named(pipeline: Pipeline, tmp_path: Path) -> None:
    shutil.copytree(SAMPLE, tmp_path / "mine")
    assert pipeline.with_settings(data={"raw_folder": tmp_path / "mine"}).ingest().success
