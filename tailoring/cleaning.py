"""The two tables of the pipeline, cleaned: readable text, identity made of content, every dropped row with its reason.

`rows_in = len(frame) + len(rejects)`, always. Reading files is for `tables`, what text means for `parsing`.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from tailoring.keywords import first_keyword
from tailoring.posting_titles import tidy_title
from tailoring.salaries import comparable_salary
from tailoring.tables import SAMPLE_CHARS, Table
from tailoring.text import normalise_column

RESUME_SECTIONS = ("Skills", "Education", "Experience", "Additional_Information")
RESUME_ROLES = (
    "Software_Developer",
    "Front_End_Developer",
    "Network_Administrator",
    "Web_Developer",
    "Project_manager",
    "Database_Administrator",
    "Security_Analyst",
    "Systems_Administrator",
    "Python_Developer",
    "Java_Developer",
)
RESUME_COLUMNS = ("Text", *RESUME_SECTIONS, *RESUME_ROLES, "Labels")
RESUME_REQUIRED = ("Text",)
POSTING_COLUMNS = (
    "job_id",
    "company_name",
    "title",
    "description",
    "max_salary",
    "pay_period",
    "location",
    "med_salary",
    "min_salary",
    "formatted_work_type",
    "remote_allowed",
    "formatted_experience_level",
    "skills_desc",
    "work_type",
    "currency",
)
POSTING_REQUIRED = ("title", "description")
CLEANED_POSTING_COLUMNS = (
    "posting_id",
    "job_id",
    "title",
    "company_name",
    "location",
    "description",
    "salary_min",
    "salary_max",
    "salary_note",
    "work_type",
    "experience_level",
    "remote",
    "skills_desc",
    "keyword",
    "source_row",
)
KEYWORD_FIELDS = ("title", "description", "skills_desc", "company_name", "location")

_NAMES = ("title", "company_name", "location")
_PROSE = ("description", "skills_desc")
_TRUE = ("1", "1.0", "true", "yes", "y", "x")
_NOTHING = ("nan", "none", "null", "n/a", "na", "-", "--", ".")


@dataclass(frozen=True)
class Cleaned:
    """The rows kept, those rejected (as in `Table`, but `line` is null), and in how many rows each repair was made."""

    frame: pl.DataFrame
    rejects: pl.DataFrame
    rows_in: int
    repairs: dict[str, int]


def clean_resumes(table: Table, *, min_chars: int = 200) -> Cleaned:
    """Columns `resume_id`, `resume_text`, `roles`, `source_row`, in the order of the file.

    A resume without text is made of its section columns. `roles` joins the role labels by "; ". Rejected as `empty`,
    `too_short` (below `min_chars` characters) or `duplicate` (the same words as an earlier row).
    """
    texts, repairs = normalise_column(_resume_texts(table.frame))
    frame = table.frame.select(texts.alias("resume_text"), _roles(table.frame).alias("roles"), "source_row")
    sieve = _Sieve(frame, sample=pl.col("resume_text"))
    sieve.drop_short("resume_text", min_chars)
    sieve.drop_duplicates("resume_id", ["resume_text"])
    return sieve.cleaned(table, ["resume_id", "resume_text", "roles", "source_row"], repairs)


def clean_postings(
    table: Table, *, keywords: Sequence[str], keyword_fields: Sequence[str] = ("title",), min_chars: int = 100
) -> Cleaned:
    """Postings that hold one of `keywords` in one of `keyword_fields` (of `KEYWORD_FIELDS`), in the order of the file.

    Columns `posting_id`, `job_id`, `title`, `company_name`, `location`, `description`, `salary_min` and `salary_max`
    (US dollars a year, null where not trusted), `salary_note`, `work_type`, `experience_level`, `remote`,
    `skills_desc`, `keyword` (the first that matched; null when there are none and every posting is kept), `source_row`.
    Rejected as `no_title`, `no_keyword`, `empty`, `too_short` or `duplicate` (same title, company and description as an
    earlier row). Raises ValueError for a blank keyword or an unknown field.
    """
    unknown = [field for field in keyword_fields if field not in KEYWORD_FIELDS]
    if unknown:
        raise ValueError(f"Keywords cannot be looked for in {unknown}; choose among {list(KEYWORD_FIELDS)}.")
    names = table.frame.with_columns(_name(table.frame[column]) for column in _NAMES)
    titles = _tidied(names["title"])
    repairs = {"titles": int((titles != names["title"]).sum())}
    beginning = pl.concat_str("title", pl.col("description").str.head(SAMPLE_CHARS), separator=" | ", ignore_nulls=True)
    sieve = _Sieve(names.with_columns(titles), sample=beginning)
    sieve.drop(pl.col("title").is_null(), "no_title", pl.lit("the posting has no title"))

    searched = [column for column in _PROSE if keywords and column in keyword_fields]
    repairs |= sieve.normalise(searched)
    sieve.add(first_keyword([pl.col(field) for field in keyword_fields], keywords).alias("keyword"))
    if keywords:
        where = " or ".join(keyword_fields)
        sieve.drop(pl.col("keyword").is_null(), "no_keyword", pl.lit(f"none of the keywords is in its {where}"))
    repairs |= sieve.normalise([column for column in _PROSE if column not in searched])

    sieve.drop_short("description", min_chars)
    sieve.drop_duplicates("posting_id", ["title", "company_name", "description"])
    sieve.frame = _with_salaries(sieve.frame).with_columns(_facts())
    return sieve.cleaned(table, CLEANED_POSTING_COLUMNS, repairs)


def rejects_summary(rejects: pl.DataFrame) -> pl.DataFrame:
    """For each `reason` of a table of rejects, most frequent first: `rows`, and one `example` in words."""
    where = pl.format("row {}: {}", "source_row", "detail")
    return (
        rejects.sort("source_row")
        .group_by("reason", maintain_order=True)
        .agg(pl.len().alias("rows").cast(pl.Int64), where.first().alias("example"))
        .sort("rows", descending=True, maintain_order=True)
    )


class _Sieve:
    """A table that loses rows step by step and remembers each with its reason."""

    def __init__(self, frame: pl.DataFrame, sample: pl.Expr) -> None:
        self.frame = frame
        self._sample = sample
        self._rejects: list[pl.DataFrame] = []

    def add(self, *columns: pl.Expr | pl.Series) -> None:
        self.frame = self.frame.with_columns(*columns)

    def normalise(self, columns: Sequence[str]) -> dict[str, int]:
        """Normalises columns of prose in place; says what it repaired in the description."""
        repairs: dict[str, int] = {}
        for column in columns:
            texts, repaired = normalise_column(self.frame[column])
            self.add(texts)
            repairs |= repaired if column == "description" else {}
        return repairs

    def drop(self, bad: pl.Expr, reason: str, detail: pl.Expr) -> None:
        told = self.frame.select(
            bad.fill_null(False).alias("bad"),
            "source_row",
            pl.lit(None, pl.Int64).alias("line"),
            pl.lit(reason).alias("reason"),
            detail.alias("detail"),
            self._sample.fill_null("").str.head(SAMPLE_CHARS).alias("sample"),
        )
        self._rejects.append(told.filter("bad").drop("bad"))
        self.frame = self.frame.filter(~told["bad"])

    def drop_short(self, column: str, min_chars: int) -> None:
        length = pl.col(column).str.len_chars()
        self.drop(length.is_null() | (length == 0), "empty", pl.lit("there is no text"))
        detail = pl.format("{} characters where at least {} are wanted", length, pl.lit(min_chars))
        self.drop(length < min_chars, "too_short", detail)

    def drop_duplicates(self, name: str, columns: Sequence[str]) -> None:
        """Adds `name`, the identity of what `columns` say, and keeps the first row of each."""
        self.add(pl.Series(name, [content_id(*row) for row in self.frame.select(columns).iter_rows()], pl.String))
        first = pl.col("source_row").first().over(name)
        self.drop(pl.col("source_row") != first, "duplicate", pl.format("the same as row {}", first))

    def cleaned(self, table: Table, columns: Sequence[str], repairs: dict[str, int]) -> Cleaned:
        rejects = pl.concat([table.rejects, *self._rejects]).sort("source_row")
        return Cleaned(self.frame.select(columns), rejects, table.rows_in, repairs)


def content_id(*texts: str | None) -> str:
    """16 hexadecimal digits that are the same for the same words; the texts are normalised, so that spacing is too."""
    words = "\n".join((text or "").casefold().replace("\n", " ").replace("  ", " ") for text in texts)
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def _resume_texts(frame: pl.DataFrame) -> pl.Series:
    """The text of each resume, or its sections under their headings where it has none."""
    filled = [
        pl.when(_given(column).is_not_null()).then(pl.format("{}\n{}", pl.lit(column.replace("_", " ")), column))
        for column in RESUME_SECTIONS
    ]
    sections = pl.concat_str(filled, separator="\n\n", ignore_nulls=True)
    return frame.select(pl.coalesce(_given("Text"), sections).alias("resume_text")).to_series()


def _roles(frame: pl.DataFrame) -> pl.Series:
    """The labels of each resume, from the role columns and `Labels`, each once."""
    columns = [
        pl.when(pl.col(role).str.strip_chars().str.to_lowercase().is_in(_TRUE)).then(pl.lit(role))
        for role in RESUME_ROLES
    ]
    written = frame.select(pl.concat_str([*columns, "Labels"], separator=";", ignore_nulls=True)).to_series()
    return pl.Series([_labels(text) for text in written], dtype=pl.String)


def _labels(written: str) -> str:
    labels: dict[str, str] = {}
    for label in re.split("[;,|]", written):
        words = " ".join(label.replace("_", " ").split())
        labels.setdefault(words.casefold(), words)
    return "; ".join(filter(None, labels.values()))


def _given(column: str) -> pl.Expr:
    """The column without what stands for nothing: blanks, "N/A", "nan"."""
    text = pl.col(column).str.strip_chars()
    return pl.when((text != "") & ~text.str.to_lowercase().is_in(_NOTHING)).then(text).alias(column)


def _name(texts: pl.Series) -> pl.Series:
    return normalise_column(texts, prose=False)[0].str.replace_all("\n", " ", literal=True)


def _tidied(titles: pl.Series) -> pl.Series:
    tidied = {title: tidy_title(title) or None for title in titles.unique() if title}
    return pl.Series(titles.name, [tidied.get(title) for title in titles], pl.String)


def _with_salaries(frame: pl.DataFrame) -> pl.DataFrame:
    columns = ("min_salary", "med_salary", "max_salary", "pay_period", "currency", "description")
    given = frame.filter(pl.any_horizontal(pl.col(columns[:3]).is_not_null()))
    salaries = [(row, *comparable_salary(*fields)) for row, *fields in given.select("source_row", *columns).iter_rows()]
    schema = {"source_row": pl.Int64, "salary_min": pl.Float64, "salary_max": pl.Float64, "salary_note": pl.String}
    known = pl.DataFrame(salaries, schema, orient="row")
    return frame.join(known, on="source_row", how="left", maintain_order="left").with_columns(
        pl.col("salary_note").fill_null("")
    )


def _facts() -> list[pl.Expr]:
    """The columns of a cleaned posting that come straight from those of the file."""
    work_type = pl.col("work_type").str.strip_chars().str.replace_all("_", "-", literal=True).str.to_lowercase()
    sentence_case = work_type.str.slice(0, 1).str.to_uppercase() + work_type.str.slice(1)
    allowed = pl.col("remote_allowed").str.strip_chars().str.to_lowercase().is_in(_TRUE)
    says_remote = pl.col("location").str.contains(r"(?i)\bremote\b")
    return [
        *(_given(column) for column in ("job_id", "company_name", "location", "skills_desc")),
        pl.coalesce(_given("formatted_work_type"), sentence_case).alias("work_type"),
        _given("formatted_experience_level").alias("experience_level"),
        (allowed.fill_null(False) | says_remote.fill_null(False)).alias("remote"),
    ]
