"""What a job seeker hands in: a resume as a file, and a posting as a file, a text or the id of one that was cleaned.

Both are cleaned as the pipeline cleans them.
"""

import difflib
from dataclasses import dataclass
from pathlib import Path

from resume_assets.settings import Settings
from tailoring.documents import UnreadableDocumentError, read_document
from tailoring.prompts import describe_posting
from tailoring.text import normalise

STDIN = "-"
LONGEST_NAME = 255  # characters of a file name
POSTINGS = "processed/cleaned_job_postings.parquet"


class InputError(ValueError):
    """A resume or posting that cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class Posting:
    """A job posting; title and company are "" where nobody told them apart from the text."""

    title: str
    company: str
    description: str

    @property
    def text(self) -> str:
        return describe_posting(self.title, self.company, self.description)


def read_resume(file: Path, settings: Settings) -> str:
    """The text of a resume: PDF, DOCX, text or JSON Resume.

    Raises:
        InputError: the file cannot be read, or holds no resume.
    """
    return _cleaned(file, "resume", settings.data.min_resume_chars)


def read_posting(named: str, stdin: str, settings: Settings) -> Posting:
    """The posting that is named by a file, by `-` for `stdin`, by the `job_id` of a cleaned posting, or is the text.

    Raises:
        InputError: there is no such posting, or it is empty.
    """
    shortest = settings.data.min_posting_chars
    if named == STDIN:
        return Posting("", "", _long_enough(normalise(stdin), "posting", "the standard input", shortest))
    if len(named) <= LONGEST_NAME and Path(named).is_file():
        return Posting("", "", _cleaned(Path(named), "posting", shortest))
    if len(named) >= shortest and " " in named:
        return Posting("", "", normalise(named))
    return _cleaned_before(named, settings.data_folder / POSTINGS)


def _cleaned(file: Path, what: str, shortest: int) -> str:
    try:
        document = read_document(file)
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}.") from None
    except UnreadableDocumentError as error:
        raise InputError(f"{file} cannot be used: {error}.") from None
    if document.kind == "pdf" and not document.text.strip():
        raise InputError(
            f"{file} is a PDF without text, most likely a scan: no ATS can read it either. "
            "Save the resume as PDF from the program it was written in, or hand in DOCX or text."
        )
    return _long_enough(normalise(document.text), what, str(file), shortest)


def _long_enough(text: str, what: str, where: str, shortest: int) -> str:
    if not text.strip():
        raise InputError(f"The {what} in {where} is empty.")
    if len(text) < shortest:
        raise InputError(
            f"The {what} in {where} has only {len(text)} characters: too few to go by (at least {shortest})."
        )
    return text


def _cleaned_before(job_id: str, table: Path) -> Posting:
    """A posting of the pipeline's own table."""
    import polars as pl

    if not table.is_file():
        raise InputError(
            f"There is no file {job_id}, and no posting was cleaned yet whose job_id it could be "
            "(`resume-assets demo` cleans some)."
        )
    postings = pl.scan_parquet(table).with_columns(pl.col("job_id").cast(pl.String))
    found = postings.filter(pl.col("job_id") == job_id).collect()
    if found.is_empty():
        near = difflib.get_close_matches(job_id, postings.select("job_id").collect()["job_id"].drop_nulls().unique(), 3)
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        raise InputError(f"{job_id} is neither a file nor the job_id of a cleaned posting.{hint}")
    row = found.row(0, named=True)
    return Posting(row["title"], row["company_name"] or "", row["description"])
