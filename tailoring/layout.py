"""What stands on a tailored resume's page, in order: the one content that every written format has.

Headings, fields, paragraphs and bullets as plain text; how they look is the business of each format.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from tailoring.resume import Contact, Education, Project, Role, Statement, TailoredResume
from tailoring.vocabulary import is_place

_ASCII = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′´`", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad", ""),
        **dict.fromkeys("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", ""),  # reorder text
        **{chr(0xFB00 + at): letters for at, letters in enumerate(("ff", "fi", "fl", "ffi", "ffl", "st", "st"))},
        "…": "...",
        "•": "-",
        "·": "-",
    }
)
_UNWRITABLE = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")  # in XML, or by any font


class Entry(NamedTuple):
    """One part of a section: a head of short fields, a paragraph, a list of short terms, bullets; any may be empty."""

    fields: tuple[str, ...] = ()
    text: str = ""
    terms: tuple[str, ...] = ()
    bullets: tuple[str, ...] = ()


class Section(NamedTuple):
    """A heading, in capitals, and what stands below it."""

    heading: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The whole resume: who it is about, and the sections that have anything in them."""

    name: str
    headline: str
    contact: tuple[str, ...]
    sections: tuple[Section, ...]


def lay_out(resume: TailoredResume, contact: Contact) -> Page:
    """The page; what is empty leaves no trace."""
    sections = {
        "SUMMARY": [Entry(text=" ".join(_texts(statement.text for statement in resume.summary)))],
        "SKILLS": [Entry(terms=_texts(resume.skills))],
        "EXPERIENCE": map(_role, resume.experience),
        "EDUCATION": map(_education, resume.education),
        "CERTIFICATIONS": [Entry(bullets=_bullets(resume.certifications))],
        "PROJECTS": map(_project, resume.projects),
        "LANGUAGES": [Entry(terms=_bullets(resume.languages))],
    }
    filled = {heading: tuple(filter(any, entries)) for heading, entries in sections.items()}
    return Page(
        name=plain(contact.name),
        headline=plain(resume.headline),
        contact=_texts([contact.email, contact.phone, contact.location, *contact.links]),
        sections=tuple(Section(heading, entries) for heading, entries in filled.items() if entries),
    )


def title_of(page: Page) -> str:
    """What a file's properties call the document."""
    return " - ".join(filter(None, [page.name, page.headline])) or "Resume"


def plain(text: str) -> str:
    """The text on one line, with plain quotes, dashes and spaces, letters for ligatures, and no control characters."""
    return " ".join(_UNWRITABLE.sub(" ", text.translate(_ASCII)).split())


def _role(role: Role) -> Entry:
    return Entry(_texts([role.title, role.employer, role.location, role.dates]), bullets=_bullets(role.bullets))


def _education(entry: Education) -> Entry:
    place, details = (entry.details, "") if is_place(entry.details) else ("", entry.details)
    return Entry(_texts([entry.degree, entry.school, place, entry.dates]), text=plain(details))


def _project(project: Project) -> Entry:
    return Entry(_texts([project.name, project.dates]), bullets=_bullets(project.bullets))


def _bullets(statements: Iterable[Statement]) -> tuple[str, ...]:
    return _texts(statement.text for statement in statements)


def _texts(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(filter(None, map(plain, texts)))
