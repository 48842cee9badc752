"""The tables' models: a good row passes, and a row that breaks a rule is named with the rule and set aside."""

import datetime as dt
from typing import Any

import pandas as pd
import polars as pl
import pytest
from pydantic import ValidationError

from resume_assets.schemas import (
    CleanedPostings,
    CleanedResumes,
    DayDocument,
    GeneratedResumes,
    Rejects,
    ResumeJobPairs,
    dagster_type,
    split_valid,
    violations,
    violations_in_parts,
)

RESUME, POSTING = "a" * 16, "b" * 16
PAIR = f"{RESUME}-{POSTING}"

GOOD: dict[Any, dict[str, Any]] = {
    CleanedResumes: {"resume_id": RESUME, "resume_text": "text", "roles": "", "source_file": "a.csv", "source_row": 1},
    CleanedPostings: {
        "posting_id": POSTING,
        "job_id": None,
        "title": "Developer",
        "company_name": None,
        "location": None,
        "description": "text",
        "salary_min": None,
        "salary_max": 90_000.0,
        "salary_note": "",
        "work_type": None,
        "experience_level": None,
        "remote": False,
        "skills_desc": None,
        "keyword": None,
        "source_file": "a.csv",
        "source_row": 1,
    },
    Rejects: {
        "source_file": "a.csv",
        "source_row": 1,
        "line": None,
        "reason": "empty",
        "detail": "",
        "sample": "",
    },
    ResumeJobPairs: {
        "pair_id": PAIR,
        "resume_id": RESUME,
        "posting_id": POSTING,
        "job_id": None,
        "title": "Developer",
        "company_name": None,
        "score": 0.5,
        "rank": 1,
        "reasons": "",
        "resume_text": "text",
        "job_description": "text",
    },
}
BAD = [
    (CleanedResumes, "resume_id", "not-a-hash"),
    (CleanedResumes, "resume_text", ""),
    (CleanedResumes, "resume_text", None),
    (CleanedResumes, "source_row", 0),
    (CleanedPostings, "posting_id", "B" * 16),
    (CleanedPostings, "title", ""),
    (CleanedPostings, "description", ""),
    (CleanedPostings, "salary_max", -1.0),
    (CleanedPostings, "salary_min", 0.0),
    (CleanedPostings, "source_row", -3),
    (Rejects, "source_file", ""),
    (Rejects, "reason", ""),
    (Rejects, "sample", "x" * 201),
    (Rejects, "source_row", -1),
    (ResumeJobPairs, "pair_id", RESUME),
    (ResumeJobPairs, "score", 1.5),
    (ResumeJobPairs, "score", -0.1),
    (ResumeJobPairs, "rank", 0),
    (ResumeJobPairs, "resume_text", ""),
    (ResumeJobPairs, "job_description", ""),
    (ResumeJobPairs, "title", ""),
]


def frame(model: Any, *rows: dict[str, Any]) -> pl.DataFrame:
    types = {name: column.dtype.type for name, column in model.to_schema().columns.items()}
    return pl.DataFrame(list(rows), schema=types)


@pytest.mark.parametrize("model", GOOD)
def test_a_good_row_passes(model: Any) -> None:
    assert violations(model, frame(model, GOOD[model])) == []


@pytest.mark.parametrize(("model", "column", "value"), BAD)
def test_a_bad_row_is_named_and_set_aside_and_its_neighbours_stay(model: Any, column: str, value: Any) -> None:
    unique = {CleanedResumes: "resume_id", CleanedPostings: "posting_id", ResumeJobPairs: "pair_id"}.get(model)
    good = GOOD[model]
    neighbour = {**good, **({unique: good[unique].replace("a", "c").replace("b", "d")} if unique else {})}
    table = frame(model, good, {**neighbour, column: value})
    (told,) = violations(model, table)
    assert told.startswith(f"{column}: ")
    assert "1 rows" in told
    if model is Rejects:
        return  # its rows are set aside already
    kept, broken = split_valid(model, table)
    assert kept.to_dicts() == [good]
    assert broken["reason"].to_list() == ["invalid"]
    assert column in broken["detail"][0]


def test_an_id_that_stands_twice_is_a_fault() -> None:
    row = GOOD[CleanedResumes]
    assert violations(CleanedResumes, frame(CleanedResumes, row, row))


@pytest.mark.parametrize("model", GOOD)
def test_a_missing_or_extra_column_is_a_fault_of_the_whole_table(model: Any) -> None:
    table = frame(model, GOOD[model])
    for wrong in (table.drop(table.columns[0]), table.with_columns(surprise=pl.lit(1))):
        assert violations(model, wrong)
        with pytest.raises(ValueError, match=r"\w"):
            split_valid(model, wrong)


@pytest.mark.parametrize("model", [*GOOD, GeneratedResumes])
def test_every_table_has_a_dagster_type_that_checks_real_rows(model: Any) -> None:
    type_ = dagster_type(model)
    columns = type_.metadata["schema"].value.columns
    assert [column.name for column in columns] == list(model.to_schema().columns)
    assert all(column.description for column in columns)


def document(**changes: Any) -> DayDocument:
    values: dict[str, Any] = {
        "document_id": f"2026-07-23/{PAIR}",
        "id": PAIR,
        "partition_date": "2026-07-23",
        "generation_id": "g",
        "resume_text": "source",
        "job_title": "Developer",
        "company_name": "",
        "job_descriptions": "posting",
        "generated_resume": "resume",
        "tailored": "{}",
        "prompt": "prompt",
        "prompt_version": "v",
        "model": "m",
        "arm": "base",
        "created_at": dt.datetime(2026, 7, 23, 12, 30, 15, 250_000, tzinfo=dt.UTC),
        "usage": {"prompt_tokens": 1, "completion_tokens": 2},
        "truthful": False,
        "unsupported_claims": [
            {"text": "x", "kind": "skill", "why": "y", "start": 0, "end": 1, "nearest_source_line": ""}
        ],
        "corrections": 0,
        "ats_prescore": 91.5,
        "job_fit": 60.0,
    }
    return DayDocument.model_validate(values | changes)


def test_a_document_survives_the_way_through_the_table() -> None:
    assert DayDocument.from_row(document().to_row()) == document()


def test_the_generated_table_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    table = pd.DataFrame([document().to_row()]).astype({"created_at": pd.DatetimeTZDtype("ns", "UTC")})
    assert violations(GeneratedResumes, table) == []
    for column, value in {"ats_prescore": 101.0, "id": "x", "generated_resume": "", "partition_date": "today"}.items():
        assert violations(GeneratedResumes, table.assign(**{column: value})), column


def test_a_table_in_parts_keeps_the_rules_of_the_whole() -> None:
    def part(*pairs: str) -> pd.DataFrame:
        rows = [document(id=each, document_id=f"2026-07-23/{each}").to_row() for each in pairs]
        return pd.DataFrame(rows).astype({"created_at": pd.DatetimeTZDtype("ns", "UTC")})

    other = f"{POSTING}-{RESUME}"
    assert violations_in_parts(GeneratedResumes, [part(PAIR), part(other)]) == []
    (twice,) = violations_in_parts(GeneratedResumes, [part(PAIR), part(other), part(PAIR)])
    assert twice == f"id: field_uniqueness fails in 1 rows, such as {PAIR!r}"
    (broken,) = violations_in_parts(
        GeneratedResumes, [part(PAIR).assign(job_fit=101.0), part(other).assign(job_fit=102.0)]
    )
    assert broken.startswith("job_fit: ")
    assert "fails in 2 rows" in broken


def test_a_document_without_a_resume_is_none() -> None:
    with pytest.raises(ValidationError):
        document(generated_resume=None)
