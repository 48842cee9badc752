"""What every table and every stored document looks like: pandera models of tables, pydantic models of documents.

The one place that the Dagster types, the asset checks, the database's validator and the docs are made from.
"""

import datetime as dt
import json
import math
from collections import Counter
from collections.abc import Hashable, Iterable
from functools import cache
from typing import Annotated, Any, Self, TypeAlias

import dagster as dg
import pandas as pd
import pandera.pandas as pa
import pandera.polars as pap
import polars as pl
from pandera.errors import SchemaErrors
from pydantic import BaseModel, ConfigDict, Field

HASH = r"^[0-9a-f]{16}$"
PAIR = r"^[0-9a-f]{16}-[0-9a-f]{16}$"
DAY = r"^\d{4}-\d{2}-\d{2}$"

TableModel: TypeAlias = type[pap.DataFrameModel] | type[pa.DataFrameModel]
Table: TypeAlias = pl.DataFrame | pd.DataFrame


class RawObjects(pap.DataFrameModel):
    """The raw objects of one kind that the store has now."""

    source_file: str = pap.Field(unique=True, str_length={"min_value": 1}, description="The object's key")
    etag: str = pap.Field(str_length={"min_value": 1}, description="Its version: another content, another tag")
    bytes: int = pap.Field(ge=0, description="Its size")

    class Config:
        strict = True
        title = "Raw objects"


class CleanedResumes(pap.DataFrameModel):
    """Resumes that can be worked with: readable text, each once."""

    resume_id: str = pap.Field(unique=True, str_matches=HASH, description="Hash of the normalised text")
    resume_text: str = pap.Field(str_length={"min_value": 1}, description="The resume, repaired and normalised")
    roles: str = pap.Field(description="Role labels of the source, joined by '; '; empty where it gives none")
    source_file: str = pap.Field(str_length={"min_value": 1}, description="The raw object that the row is from")
    source_row: int = pap.Field(gt=0, description="Record number in the raw file, from 1")

    class Config:
        strict = True
        title = "Cleaned resumes"


class CleanedPostings(pap.DataFrameModel):
    """Job postings that match the keywords, each once, with salaries that can be compared."""

    posting_id: str = pap.Field(unique=True, str_matches=HASH, description="Hash of title, company and description")
    job_id: str = pap.Field(nullable=True, description="The source's own id")
    title: str = pap.Field(str_length={"min_value": 1}, description="Job title, without emoji or shouting")
    company_name: str = pap.Field(nullable=True, description="Employer, where the posting names one")
    location: str = pap.Field(nullable=True, description="As written")
    description: str = pap.Field(str_length={"min_value": 1}, description="The posting, repaired and normalised")
    salary_min: float = pap.Field(nullable=True, gt=0, description="US dollars a year; empty where not trusted")
    salary_max: float = pap.Field(nullable=True, gt=0, description="US dollars a year; empty where not trusted")
    salary_note: str = pap.Field(description="How the salary was converted, or why it was set aside")
    work_type: str = pap.Field(nullable=True, description="Full-time, contract and so on, as written")
    experience_level: str = pap.Field(nullable=True, description="As written")
    remote: bool = pap.Field(description="Whether the posting allows remote work")
    skills_desc: str = pap.Field(nullable=True, description="The posting's own skills text")
    keyword: str = pap.Field(nullable=True, description="The configured keyword that kept the posting")
    source_file: str = pap.Field(str_length={"min_value": 1}, description="The raw object that the row is from")
    source_row: int = pap.Field(gt=0, description="Record number in the raw file, from 1")

    class Config:
        strict = True
        title = "Cleaned job postings"


class Rejects(pap.DataFrameModel):
    """Rows that did not make it, each with its reason; nothing is dropped in silence."""

    source_file: str = pap.Field(str_length={"min_value": 1}, description="The raw object that the row is from")
    source_row: int = pap.Field(ge=0, description="Record number in the raw file, from 1")
    line: int = pap.Field(ge=0, nullable=True, description="Line of the raw file where the record starts")
    reason: str = pap.Field(str_length={"min_value": 1}, description="Why, as a code")
    detail: str = pap.Field(description="Why, in words")
    sample: str = pap.Field(str_length={"max_value": 200}, description="The start of the row")

    class Config:
        strict = True
        title = "Rejected rows"


class ResumeJobPairs(pap.DataFrameModel):
    """Which resume is tailored to which posting, and why."""

    pair_id: str = pap.Field(unique=True, str_matches=PAIR, description="<resume_id>-<posting_id>")
    resume_id: str = pap.Field(str_matches=HASH, description="Hash of the resume's text")
    posting_id: str = pap.Field(str_matches=HASH, description="Hash of title, company and description")
    job_id: str = pap.Field(nullable=True, description="The posting's id at its source")
    title: str = pap.Field(str_length={"min_value": 1}, description="The posting's title")
    company_name: str = pap.Field(nullable=True, description="The posting's employer")
    score: float = pap.Field(in_range={"min_value": 0, "max_value": 1}, description="How well the two fit")
    rank: int = pap.Field(ge=1, description="1 is the resume's best posting")
    reasons: str = pap.Field(description="What speaks for the pair")
    resume_text: str = pap.Field(str_length={"min_value": 1}, description="The cleaned resume")
    job_description: str = pap.Field(str_length={"min_value": 1}, description="The cleaned posting")

    class Config:
        strict = True
        title = "Resume and posting pairs"


class GeneratedResumes(pa.DataFrameModel):
    """One tailored resume for each pair of the day, as it is stored in MongoDB."""

    id: str = pa.Field(unique=True, str_matches=PAIR, description="The pair")
    partition_date: str = pa.Field(str_matches=DAY, description="The day of the collection")
    generation_id: str = pa.Field(str_length={"min_value": 1}, description="Hash of all that shaped the answer")
    resume_text: str = pa.Field(str_length={"min_value": 1}, description="The cleaned resume")
    job_title: str = pa.Field(description="The posting's title")
    company_name: str = pa.Field(description="The posting's employer; empty where it names none")
    job_descriptions: str = pa.Field(str_length={"min_value": 1}, description="The cleaned posting")
    generated_resume: str = pa.Field(str_length={"min_value": 1}, description="The tailored resume as plain text")
    tailored: str = pa.Field(str_length={"min_value": 1}, description="The same as a TailoredResume, in JSON")
    prompt: str = pa.Field(str_length={"min_value": 1}, description="What the model was asked")
    prompt_version: str = pa.Field(description="Hash of the prompt's template")
    model: str = pa.Field(description="The model that answered")
    arm: str = pa.Field(description="The experiment's arm")
    created_at: pd.DatetimeTZDtype = pa.Field(
        dtype_kwargs={"unit": "ns", "tz": "UTC"}, coerce=True, description="When the answer came"
    )
    prompt_tokens: int = pa.Field(ge=0, description="Tokens asked")
    completion_tokens: int = pa.Field(ge=0, description="Tokens answered")
    cost_usd: float = pa.Field(ge=0, nullable=True, description="US dollars of the answer; empty where not known")
    free_text: bool = pa.Field(description="Whether the model answered in plain text instead of JSON")
    truthful: bool = pa.Field(description="What the truth check says of the text")
    unsupported_claims: str = pa.Field(description="Claims that the resume does not support, as a JSON list")
    corrections: int = pa.Field(ge=0, description="Statements of the model that were put back or taken out")
    ats_prescore: float = pa.Field(in_range={"min_value": 0, "max_value": 100}, description="Automatic ATS score")
    job_fit: float = pa.Field(in_range={"min_value": 0, "max_value": 100}, description="Automatic fit to the posting")

    class Config:
        strict = True
        title = "Generated resumes"


class LabelledResumes(pap.DataFrameModel):
    """What people said of a day's documents: a row for each label that can be used."""

    document_id: str = pap.Field(str_length={"min_value": 1}, description="<day>/<pair>")
    id: str = pap.Field(str_matches=PAIR, description="The pair")
    resume_id: str = pap.Field(str_matches=HASH, description="Hash of the source resume's text")
    partition_date: str = pap.Field(str_matches=DAY, description="The day of the collection")
    generation_id: str = pap.Field(description="Hash of all that shaped the answer")
    model: str = pap.Field(description="The model that wrote the document")
    arm: str = pap.Field(description="The experiment's arm")
    prompt_version: str = pap.Field(description="Hash of the prompt's template")
    label_no: int = pap.Field(
        in_range={"min_value": 1, "max_value": 2}, description="1 is the label of record, 2 a second person's"
    )
    score: int = pap.Field(in_range={"min_value": 0, "max_value": 100}, description="The checker's score")
    truthfulness: bool = pap.Field(description="Whether the person finds the document truthful")
    didBy: str = pap.Field(str_length={"min_value": 1}, description="Who labelled it")  # noqa: N815
    labelled_at: Annotated[pl.Datetime, "us", "UTC"] = pap.Field(description="When the label came")
    note: str = pap.Field(description="What the person added; mostly empty")
    seconds: float = pap.Field(nullable=True, ge=0, description="Seconds of work on it, where they are known")
    ats_prescore: float = pap.Field(nullable=True, description="Automatic ATS score")
    job_fit: float = pap.Field(nullable=True, description="Automatic fit to the posting")
    truthful: bool = pap.Field(nullable=True, description="What the truth check says of the text")

    class Config:
        strict = True
        title = "Labelled resumes"


USAGE = ("prompt_tokens", "completion_tokens")


class UnsupportedClaim(BaseModel):
    """One finding of the truth check, in a stored document."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    kind: str
    why: str
    start: int
    end: int
    nearest_source_line: str


class StoredLabel(BaseModel):
    """The types of a label in a stored document; which values are allowed, LabelledResumes says."""

    model_config = ConfigDict(strict=True, extra="ignore")

    didBy: str  # noqa: N815  the owner's name for it
    score: int
    truthfulness: bool
    labelled_at: dt.datetime
    note: str | None = None
    seconds: float | None = None


class DayDocument(BaseModel):
    """A document of a day's collection; the label's fields are absent until a person has filled them."""

    model_config = ConfigDict(populate_by_name=True, extra="ignore")

    document_id: str = Field(alias="_id")
    id: str
    partition_date: str
    generation_id: str
    resume_text: str
    job_title: str
    company_name: str
    job_descriptions: str
    generated_resume: str
    tailored: str
    prompt: str
    prompt_version: str
    model: str
    arm: str
    created_at: dt.datetime
    usage: dict[str, int]
    cost_usd: float | None = None
    free_text: bool = False
    truthful: bool
    unsupported_claims: list[UnsupportedClaim]
    corrections: int
    ats_prescore: float
    job_fit: float
    claiming: bool = False
    claimed_by: str | None = None
    claimed_until: dt.datetime | None = None
    # The label of record, and all labels (resources.labels). Another program may have written anything: it is kept.
    score: Any = None
    truthfulness: Any = None
    didBy: str | None = None  # noqa: N815  the owner's name for it
    labelled_at: dt.datetime | None = None
    note: Any = None
    labels: list[Any] = []

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> Self:
        """The document of one row of GeneratedResumes."""
        usage = {name: row[name] for name in USAGE}
        claims = json.loads(row["unsupported_claims"])
        cost = row["cost_usd"] if pd.notna(row["cost_usd"]) else None
        return cls.model_validate(
            {
                **row,
                "_id": f"{row['partition_date']}/{row['id']}",
                "usage": usage,
                "cost_usd": cost,
                "unsupported_claims": claims,
            }
        )

    def to_row(self) -> dict[str, Any]:
        """The row of GeneratedResumes of one document."""
        claims = json.dumps([claim.model_dump() for claim in self.unsupported_claims])
        cost = math.nan if self.cost_usd is None else self.cost_usd
        values = {**self.model_dump(), **self.usage, "cost_usd": cost, "unsupported_claims": claims}
        return {name: values[name] for name in GeneratedResumes.to_schema().columns}


# MongoDB holds every writer to this, the label page and a shell alike.
DAY_VALIDATOR: dict[str, Any] = {
    "$jsonSchema": {
        "bsonType": "object",
        "required": [
            "_id",
            "id",
            "partition_date",
            "generation_id",
            "resume_text",
            "job_descriptions",
            "generated_resume",
            "prompt",
        ],
        "properties": {
            "_id": {"bsonType": "string", "pattern": r"^\d{4}-\d{2}-\d{2}/[0-9a-f]{16}-[0-9a-f]{16}$"},
            "id": {"bsonType": "string", "pattern": PAIR},
            "partition_date": {"bsonType": "string", "pattern": DAY},
            "generation_id": {"bsonType": "string"},
            "resume_text": {"bsonType": "string", "minLength": 1},
            "job_descriptions": {"bsonType": "string", "minLength": 1},
            "generated_resume": {"bsonType": "string", "minLength": 1},
            "prompt": {"bsonType": "string", "minLength": 1},
            "score": {"bsonType": ["int", "long", "null"], "minimum": 0, "maximum": 100},
            "truthfulness": {"bsonType": ["bool", "null"]},
            "note": {"bsonType": ["string", "null"]},
            "labels": {
                "bsonType": "array",
                "maxItems": 2,
                "items": {
                    "bsonType": "object",
                    "required": ["didBy", "score", "truthfulness", "labelled_at"],
                    "properties": {
                        "didBy": {"bsonType": "string", "minLength": 1},
                        "score": {"bsonType": ["int", "long"], "minimum": 0, "maximum": 100},
                        "truthfulness": {"bsonType": "bool"},
                        "labelled_at": {"bsonType": "date"},
                        "note": {"bsonType": ["string", "null"]},
                        "seconds": {"bsonType": ["int", "long", "double", "null"], "minimum": 0},
                    },
                },
            },
            "claiming": {"bsonType": "bool"},
            "claimed_by": {"bsonType": ["string", "null"]},
            "claimed_until": {"bsonType": ["date", "null"]},
            "didBy": {"bsonType": ["string", "null"]},
            "labelled_at": {"bsonType": ["date", "null"]},
        },
    }
}


@cache
def dagster_type(model: TableModel) -> dg.DagsterType:
    """The Dagster type that checks a table against its model and shows its columns in the UI."""
    from dagster_pandera import pandera_schema_to_dagster_type

    return pandera_schema_to_dagster_type(model)


def violations(model: TableModel, frame: Table) -> list[str]:
    """What is wrong with a table, one line for each broken rule; empty when nothing is."""
    return violations_in_parts(model, [frame])


def violations_in_parts(model: TableModel, parts: Iterable[Table]) -> list[str]:
    """As `violations`, of a table that is in memory one part at a time."""
    rows: Counter[tuple[Hashable, Hashable]] = Counter()
    first: dict[tuple[Hashable, Hashable], object] = {}
    unique = [name for name, column in model.to_schema().columns.items() if column.unique]
    seen: dict[str, set[object]] = {name: set() for name in unique}
    for part in parts:
        faults = _failure_cases(model, part)
        for (column, check), group in faults.groupby(["column", "check"], sort=False, dropna=False):
            rows[column, check] += len(group)
            first.setdefault((column, check), group["failure_case"].iloc[0])
        for name in seen.keys() & set(part.columns):
            values = set(part[name])
            if again := values & seen[name]:  # pandera sees those within a part
                rows[name, "field_uniqueness"] += len(again)
                first.setdefault((name, "field_uniqueness"), min(again, key=str))
            seen[name] |= values
    return [
        f"{column}: {check} fails in {count} rows, such as {first[column, check]!r}"
        for (column, check), count in rows.items()
    ]


def split_valid(model: type[pap.DataFrameModel], frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows that keep every rule of the model, and the others with `reason` and `detail` added.

    Raises:
        ValueError: the table as a whole is wrong, such as a missing column.
    """
    faults = _failure_cases(model, frame)
    if faults["index"].isna().any():
        raise ValueError("; ".join(violations(model, frame)))
    why = (faults["column"] + " breaks " + faults["check"]).groupby(faults["index"].astype(int)).agg("; ".join)
    numbered = frame.with_row_index("index")
    bad = pl.DataFrame(
        {"index": why.index.to_numpy(), "detail": why.to_list()}, schema={"index": pl.UInt32, "detail": pl.String}
    )
    broken = numbered.join(bad, on="index").with_columns(reason=pl.lit("invalid")).drop("index")
    return numbered.join(bad, on="index", how="anti").drop("index"), broken


def _failure_cases(model: TableModel, frame: Table) -> pd.DataFrame:
    """Pandera's failure cases: column, check, failure_case, index; without rows when the table is right."""
    try:
        model.validate(frame, lazy=True)  # type: ignore[arg-type]
    except SchemaErrors as error:
        cases = error.failure_cases
        cases = cases.to_pandas() if isinstance(cases, pl.DataFrame) else cases
        return cases.fillna({"column": "table"}).astype({"check": str})
    return pd.DataFrame(columns=["column", "check", "failure_case", "index"])
