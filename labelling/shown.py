"""A stored document as the label page shows it, and as a file to download."""

import re
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from labelling.differences import Comparison, compare
from resources.document_store import Document
from tailoring.parsing import parse_resume
from tailoring.rendering import Format, render
from tailoring.resume import TailoredResume


class NoFileError(ValueError):
    """The document was stored without its structure: there is only its text."""


@dataclass(frozen=True)
class Claim:
    """A claim of the generated resume that its source does not support."""

    number: int
    text: str
    kind: str
    why: str
    nearest: str
    nearest_number: int | None


@dataclass(frozen=True)
class Shown:
    """All that the page says of a document."""

    day: str
    pair: str
    generation_id: str
    title: str
    company: str
    posting: str
    generated: str
    comparison: Comparison
    claims: tuple[Claim, ...]
    changed: int
    left_out: int
    ats_prescore: float | None
    job_fit: float | None

    @property
    def path(self) -> str:
        """The address of its page."""
        return f"/documents/{self.day}/{self.pair}"


def shown(document: Document) -> Shown:
    """The document, compared with its source. What another program left out of it is shown as empty."""
    stored = [each for each in document.get("unsupported_claims") or [] if isinstance(each, dict)]
    generated = document["generated_resume"]
    comparison = compare(
        document["resume_text"], generated, _tailored(document), [(each["start"], each["end"]) for each in stored]
    )
    numbers = {line.text: line.number for line in reversed(comparison.source)}
    return Shown(
        day=document["partition_date"],
        pair=document["id"],
        generation_id=document["generation_id"],
        title=document.get("job_title") or "Untitled posting",
        company=document.get("company_name") or "",
        posting=document["job_descriptions"],
        generated=generated,
        comparison=comparison,
        claims=tuple(_claim(number, each, numbers) for number, each in enumerate(stored, start=1)),
        changed=sum(line.status in ("changed", "new") for line in comparison.generated),
        left_out=sum(not line.used for line in comparison.source),
        ats_prescore=document.get("ats_prescore"),
        job_fit=document.get("job_fit"),
    )


def as_file(document: Document, format: Format) -> bytes:  # noqa: A002  what everybody calls it
    """The generated resume as a file, with the contact data of its source.

    Raises:
        NoFileError: it was stored as text only.
    """
    if format == "txt":
        return str(document["generated_resume"]).encode()
    resume = _tailored(document)
    if resume is None:
        raise NoFileError("This resume was stored as text only: copy the text instead.")
    return render(resume, parse_resume(document["resume_text"]).contact.contact, format)


def file_name(document: Document, format: Format) -> str:  # noqa: A002
    """What a download is called: the posting's title, in letters that every system takes."""
    title = re.sub(r"[^a-z0-9]+", "-", str(document.get("job_title", "")).lower()).strip("-")[:60]
    return f"resume-{title or 'tailored'}.{format}"


def _tailored(document: Document) -> TailoredResume | None:
    try:
        return TailoredResume.model_validate_json(document.get("tailored") or "")
    except ValidationError:
        return None


def _claim(number: int, stored: dict[str, Any], numbers: dict[str, int]) -> Claim:
    nearest = str(stored.get("nearest_source_line") or "")
    return Claim(
        number=number,
        text=str(stored.get("text", "")),
        kind=str(stored.get("kind", "")),
        why=str(stored.get("why", "")),
        nearest=nearest,
        nearest_number=numbers.get(nearest),
    )
