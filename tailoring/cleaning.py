"""The two tables of the pipeline, cleaned: readable text, identity made of content, every dropped row with its reason.

`rows_in = len(frame) + len(rejects)`, always. Reading files is for `tables`, what text means for `parsing`.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from tailoring.deduplication import POSTING, RESUME, Identity, each_once, sketches
from tailoring.keywords import any_keyword, first_keyword
from tailoring.posting_titles import tidy_title
from tailoring.rejects import compact, set_aside
from tailoring.salaries import comparable_salary
from tailoring.tables import Table
from tailoring.text import count_repairs, normalise_rows

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

# Rows at a time: few enough for memory, and many, since polars compiles every pattern anew for each batch.
_FILTERED, _CLEANED = 16_384, 4_096
_RESUMES = 1_024  # all are cleaned, and they are long
_NAMES = ("title", "company_name", "location")
_PROSE = ("description", "skills_desc")
_TRUE = ("1", "1.0", "true", "yes", "y", "x")
_NOTHING = ("nan", "none", "null", "n/a", "na", "-", "--", ".")

# What no rule for names changes: words of ASCII, but for what may be markup or a lost bullet, with one space between.
_PLAIN = "^[!-:=>@-~]+(?: [!-:=>@-~]+)*$"
# What no rule for titles changes either, provided that it has a small letter: few marks, none twice or at an edge.
_TIDY = "^[A-Za-z0-9(.](?:(?: - |# |[ #-])?[A-Za-z0-9&/().,'+:])*(?: - |# |[ #-])?[A-Za-z0-9).'+]#?$"

_tidied = lru_cache(maxsize=1 << 14)(tidy_title)

Normaliser = Callable[[pl.Series], tuple[pl.Series, pl.Series]]
"""As `normalise_rows`: readable texts, and the repairs of each."""


@dataclass(frozen=True)
class Cleaned:
    """The rows kept, those rejected (as in `Table`, but `line` is null), and in how many rows each repair was made."""

    frame: pl.DataFrame
    rejects: pl.DataFrame
    rows_in: int
    repairs: dict[str, int]


def clean_resumes(
    table: Table | Iterable[Table],
    *,
    min_chars: int = 200,
    similarity: float | None = None,
    normalise: Normaliser = normalise_rows,
) -> Cleaned:
    """One file's resumes, prepared and each once; in the order of the file."""
    parts = prepare_resumes(table, min_chars=min_chars, sketch=similarity is not None, normalise=normalise)
    return _of_one_file(parts, RESUME, similarity)


def clean_postings(
    table: Table | Iterable[Table],
    *,
    keywords: Sequence[str],
    keyword_fields: Sequence[str] = ("title",),
    min_chars: int = 100,
    similarity: float | None = None,
    normalise: Normaliser = normalise_rows,
) -> Cleaned:
    """One file's postings, prepared and each once; in the order of the file."""
    parts = prepare_postings(
        table,
        keywords=keywords,
        keyword_fields=keyword_fields,
        min_chars=min_chars,
        sketch=similarity is not None,
        normalise=normalise,
    )
    return _of_one_file(parts, POSTING, similarity)


def _of_one_file(parts: Iterable[Cleaned], identity: Identity, similarity: float | None) -> Cleaned:
    rejects, rows_in, repairs = [], 0, Counter[str]()

    def frames() -> Iterator[pl.DataFrame]:
        nonlocal rows_in
        for part in parts:
            rows_in += part.rows_in
            repairs.update(part.repairs)
            rejects.append(part.rejects)
            yield part.frame

    frame, copies = each_once([("", frames())], identity, similarity)
    rejects.append(copies.drop("source_file"))
    return Cleaned(frame.drop("source_file"), pl.concat(rejects).sort("source_row"), rows_in, dict(repairs))


def prepare_resumes(
    table: Table | Iterable[Table], *, min_chars: int, sketch: bool, normalise: Normaliser = normalise_rows
) -> Iterator[Cleaned]:
    """All of the cleaning that needs nothing but the file, in parts whose sums count: what `each_once` takes.

    Columns `resume_id`, `resume_text`, `roles`, `source_row`, in the order of the file, and what near-duplicates are
    found by if `sketch`. A resume without text is made of its section columns. `roles` joins the role labels by "; ".
    Rejected as `empty` or `too_short` (below `min_chars` characters). `normalise` may know texts from before.
    """
    sieve = _Sieve(normalise)
    for part in _in_batches(sieve.counted(table), _RESUMES):
        frame = part.select(_resume_texts(part).alias("resume_text"), _roles(part).alias("roles"), "source_row")
        frame = sieve.normalised(frame, "resume_text")
        frame = sieve.without_short(frame, "resume_text", min_chars)
        frame = frame.select(_identities(frame, ["resume_text"]).alias("resume_id"), pl.all())
        yield sieve.passed(frame, RESUME if sketch else None)


def prepare_postings(
    table: Table | Iterable[Table],
    *,
    keywords: Sequence[str],
    keyword_fields: Sequence[str],
    min_chars: int,
    sketch: bool,
    normalise: Normaliser = normalise_rows,
) -> Iterator[Cleaned]:
    """As `prepare_resumes`, postings that hold one of `keywords` in one of `keyword_fields` (of `KEYWORD_FIELDS`).

    Columns `posting_id`, `job_id`, `title`, `company_name`, `location`, `description`, `salary_min` and `salary_max`
    (US dollars a year, null where not trusted), `salary_note`, `work_type`, `experience_level`, `remote`,
    `skills_desc`, `keyword` (the first that matched; null when there are none and every posting is kept), `source_row`.
    Rejected as `no_title`, `no_keyword`, `empty` or `too_short`. The same are those with the same title, company and
    description; nearly the same, those with the same title, company, place and level that say the same but for numbers
    or a few words. Raises ValueError for a blank keyword or an unknown field.
    """
    unknown = [field for field in keyword_fields if field not in KEYWORD_FIELDS]
    if unknown:
        raise ValueError(f"Keywords cannot be looked for in {unknown}; choose among {list(KEYWORD_FIELDS)}.")
    sieve = _Sieve(normalise)
    for named in _in_batches(_named(table, sieve, keywords, keyword_fields), _CLEANED):
        frame = named.with_columns(
            _name(named[column]) for column in _NAMES if column not in (*keyword_fields, "title")
        )
        frame = _with_keyword(frame, keyword_fields, keywords)
        for column in _PROSE:
            if not (keywords and column in keyword_fields):
                frame = sieve.normalised(frame, column)
        frame = sieve.without_short(frame, "description", min_chars)
        frame = frame.with_columns(_identities(frame, ["title", "company_name", "description"]).alias("posting_id"))
        frame = _with_salaries(frame).with_columns(_facts()).select(CLEANED_POSTING_COLUMNS)
        yield sieve.passed(frame, POSTING if sketch else None)


def _named(
    table: Table | Iterable[Table], sieve: "_Sieve", keywords: Sequence[str], fields: Sequence[str]
) -> Iterator[pl.DataFrame]:
    """The rows with a title and a keyword: what costs time is done to these only."""
    where = pl.lit(f"none of the keywords is in its {' or '.join(fields)}")
    searched = [pl.col(field) for field in fields]

    def filtered(part: pl.DataFrame) -> pl.DataFrame:
        titles, tidied = _titles(part["title"])
        sieve.repairs["titles"] += tidied
        frame = part.with_columns(titles, *(_name(part[column]) for column in _NAMES[1:] if column in fields))
        frame = sieve.drop(frame, pl.col("title").is_null(), "no_title", pl.lit("the posting has no title"))
        if keywords:
            for column in _PROSE:
                if column in fields:
                    frame = sieve.normalised(frame, column)
            frame = sieve.drop(frame, ~any_keyword(searched, keywords), "no_keyword", where)
        return compact(frame)

    return map(filtered, _in_batches(sieve.counted(table), _FILTERED))  # a loop would hold on to the rows before


def _with_keyword(frame: pl.DataFrame, fields: Sequence[str], keywords: Sequence[str]) -> pl.DataFrame:
    """The first keyword of each row, sought once in what several rows say."""
    different = frame.select(fields).unique()
    found = different.with_columns(first_keyword([pl.col(field) for field in fields], keywords).alias("keyword"))
    return frame.join(found, on=fields, how="left", nulls_equal=True, maintain_order="left")


def _in_batches(frames: Iterable[pl.DataFrame], rows: int) -> Iterator[pl.DataFrame]:
    """The same rows in frames of about `rows` rows; at least one frame."""
    waiting: list[pl.DataFrame] = []
    for frame in frames:
        waiting.append(frame)
        if sum(map(len, waiting)) >= rows:
            yield pl.concat(waiting, rechunk=True)
            waiting = [frame.clear()]
    yield pl.concat(waiting, rechunk=True)


class _Sieve:
    """What passes through and what does not: remembers each dropped row with its reason until the next part is done."""

    def __init__(self, normalise: Normaliser) -> None:
        self.repairs: Counter[str] = Counter()
        self._normalise = normalise
        self._rejects: list[pl.DataFrame] = []
        self._rows_in = 0

    def counted(self, table: Table | Iterable[Table]) -> Iterator[pl.DataFrame]:
        """The rows of each table; those that the file itself has lost are remembered."""
        for part in [table] if isinstance(table, Table) else table:
            self._rows_in += part.rows_in
            self._rejects.append(part.rejects)
            yield part.frame

    def normalised(self, frame: pl.DataFrame, column: str) -> pl.DataFrame:
        """`frame` with readable prose in `column`; repairs of the skills text are not counted."""
        texts, repairs = self._normalise(frame[column])
        if column != "skills_desc":
            self.repairs.update(count_repairs(repairs))
        return frame.with_columns(texts)

    def drop(self, frame: pl.DataFrame, bad: pl.Expr, reason: str, detail: pl.Expr) -> pl.DataFrame:
        """`frame` without its bad rows."""
        good, rejects = set_aside(frame, bad, reason, detail)
        self._rejects.append(rejects)
        return good

    def without_short(self, frame: pl.DataFrame, column: str, min_chars: int) -> pl.DataFrame:
        length = pl.col(column).str.len_chars()
        frame = self.drop(frame, length.is_null() | (length == 0), "empty", pl.lit("there is no text"))
        detail = pl.format("{} characters where at least {} are wanted", length, pl.lit(min_chars))
        return self.drop(frame, length < min_chars, "too_short", detail)

    def passed(self, frame: pl.DataFrame, sketched: Identity | None) -> Cleaned:
        """The rows that came through, and all that has been remembered."""
        if sketched:
            frame = frame.with_columns(sketches(frame[sketched.text]))
        part = Cleaned(frame, pl.concat(self._rejects), self._rows_in, dict(self.repairs))
        self._rejects, self._rows_in = [part.rejects.clear()], 0
        self.repairs.clear()
        return part


def _identities(frame: pl.DataFrame, columns: Sequence[str]) -> pl.Series:
    """What tells rows apart: the words of these columns."""
    return pl.Series([content_id(*row) for row in frame.select(columns).iter_rows()], dtype=pl.String)


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
    odd = texts.filter(~texts.str.contains(_PLAIN)).unique()
    names = normalise_rows(odd, prose=False)[0].str.replace_all("\n", " ", literal=True)
    return texts.replace(odd, names)


def _titles(titles: pl.Series) -> tuple[pl.Series, int]:
    """The titles, tidied; and how many that changed. Most are tidy, and of the others each is looked at once."""
    odd = titles.filter(~(titles.str.contains(_TIDY) & titles.str.contains("[a-z]"))).unique()
    names = _name(odd)
    tidy = pl.Series([_tidied(name) or None for name in names], dtype=pl.String)
    changed = odd.filter((tidy != names).fill_null(names != ""))
    return titles.replace(odd, tidy), int(titles.is_in(changed.implode()).sum())


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
