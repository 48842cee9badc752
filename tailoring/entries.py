"""The names, dates and degrees of a parsed resume as they stand in a document: on one line, labels and debris left out.

Shared by the model that writes them and by the grounding that puts them back.
"""

import re
from collections.abc import Iterable
from itertools import filterfalse

from tailoring.chronology import newest_first
from tailoring.dates import DateRange
from tailoring.parsed import ParsedEducation, ParsedResume
from tailoring.resume import Education, Statement
from tailoring.spoken_languages import is_level, language_entries
from tailoring.statements import capitalised, is_debris
from tailoring.titles import parse_title

_LONGEST_NAME = 16  # words; what is longer was no name
_LONGEST_HEADLINE = 10
_MOST_LANGUAGES = 10
_NAME_LABEL = re.compile(r"(?:#?\d{1,2}[.) ] ?)?(?:(?:project )?(?:title|name)|project)\s*[:\-–]", re.IGNORECASE)
# Levels of schooling that need no mention beside a degree.
_SCHOOL = re.compile(
    r"\b(?:s\.?s\.?c|h\.?s\.?c|sslc|cbse|icse|matric\w*|intermediate|(?:10|12)th|xi{1,2}th|xii|ged"
    r"|high(?:er)? (?:secondary|school)|secondary school|senior secondary)\b",
    re.IGNORECASE,
)


def name(text: str) -> str:
    """A title, employer, school or project on one line; "" when the parser took a statement or debris for one."""
    bare = _NAME_LABEL.sub("", " ".join(text.split())).strip(" ,;:|•·-–—")
    return "" if is_debris(bare) or len(bare.split()) > _LONGEST_NAME else capitalised(bare)


def dates_text(dates: DateRange | None) -> str:
    """The dates as written, "" when there are none."""
    return " ".join(dates.text.split()) if dates else ""


def headline(parsed: ParsedResume) -> str:
    """The person's own title: the line under the name, else that of the newest role that tells one."""
    own = [parsed.headline.text] if parsed.headline else []
    titles = [*own, *(parsed.roles[at].title for at in newest_first(parsed.roles))]
    titles += [item.text for item in parsed.unplaced]
    employers = {role.employer for role in parsed.roles if role.employer}
    named = (_without_employer(title, employers) for title in map(name, titles))
    short = (title for title in named if title and len(title.split()) <= _LONGEST_HEADLINE)
    return next((title for title in short if parse_title(title).families), "")


def _without_employer(title: str, employers: Iterable[str]) -> str:
    """`Analyst - Acme Ltd` is the title "Analyst" where Acme Ltd is an employer."""
    for employer in employers:
        if title.endswith(employer) and title != employer:
            return title.removesuffix(employer).rstrip(" ,;:|@-–—")
    return title


def education_entry(entry: ParsedEducation) -> Education:
    """A degree or course as the resume states it, without remarks on the school before it."""
    details = name(entry.details)
    return Education(
        degree=name(entry.degree),
        school=name(entry.school),
        dates=dates_text(entry.dates),
        details="" if entry.degree and _SCHOOL.search(details) else details,
        source_lines=list(entry.line_nos),
    )


def languages(parsed: ParsedResume) -> list[Statement]:
    """The languages of the resume's section, each with its level as far as the resume tells one."""
    told: list[tuple[str, tuple[int, ...]]] = []
    for item in parsed.languages:
        if is_level(item.text) and told and told[-1][1][-1] == item.line_nos[0] - 1:  # on a line of its own
            language, numbers = told[-1]
            told[-1] = (f"{language}\n{item.text}", numbers + item.line_nos)
        elif not is_debris(item.text.casefold()):  # a word in capitals may be a language
            told.append((item.text, item.line_nos))
    entries: dict[str, tuple[int, ...]] = {}
    for line, numbers in told:
        for text in filterfalse(is_debris, language_entries(line)):
            entries.setdefault(text, numbers)
    return [Statement(text=text, source_lines=list(numbers)) for text, numbers in entries.items()][:_MOST_LANGUAGES]


def is_school_level(entry: Education) -> bool:
    """Whether the entry is about school, below any degree."""
    return _SCHOOL.search(entry.degree or f"{entry.school} {entry.details}") is not None
