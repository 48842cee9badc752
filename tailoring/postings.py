"""What a posting asks for: title, level, required and preferred skills, years, degree, duties, each with its words.

What is said of the company, of pay or of the way to apply asks for nothing. A field is left empty when the posting
does not say it plainly. How much of it a resume has is decided in `tailoring.fit`.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tailoring.degrees import degree_levels
from tailoring.posting_outline import Clause, Section, Statement, clauses, outline
from tailoring.skills import SOFT_SKILLS, SkillMention, find_skills, skill_category
from tailoring.titles import Title, level_of_years, parse_title

_LONGEST_TITLE = 100  # characters
_MOST_YEARS = 25
_ASKING = (Section.REQUIRED, Section.DUTIES, Section.UNKNOWN)


@dataclass(frozen=True, slots=True)
class AskedSkill:
    """A skill by its canonical name, and the statement that asks for it."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class AskedYears:
    """The least years of experience, and the statement that asks for them."""

    years: int
    text: str


@dataclass(frozen=True, slots=True)
class AskedDegree:
    """The least degree (place in `DEGREE_LEVELS`), whether experience may stand in for it, and the statement."""

    level: int
    or_experience: bool
    text: str


@dataclass(frozen=True, slots=True)
class ParsedPosting:
    """A posting taken apart. A skill is in one of the three groups; `level` rests on `level_text`."""

    title: Title
    level: int | None
    level_text: str
    required: tuple[AskedSkill, ...]
    preferred: tuple[AskedSkill, ...]
    mentioned: tuple[AskedSkill, ...]
    years: AskedYears | None
    degree: AskedDegree | None
    responsibilities: tuple[str, ...]
    statements: tuple[Statement, ...]
    description: str


Skills = tuple[AskedSkill, ...]

_DESCRIBED = re.compile(r"[\s*#]*(?:job |position )?title\s*:\s*([^\n]+)(?:\ncompany\s*:[^\n]*)?", re.IGNORECASE)
_NUMBERS = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen"),
)
_YEARS = re.compile(
    rf"(?<![\w.$/])(\d{{1,2}}|{'|'.join(_NUMBERS)})\s?\)?\s?\+?\s?"
    r"(?:(?:-|–|to|or)\s?\d{1,2}\s?\)?\s?\+?\s?)?(?:or more )?(?:years?|yrs?)\b",
    re.IGNORECASE,
)
_OTHER_YEARS = re.compile(
    r"\b(?:age|old|ago|in business|been|founded|anniversary|history|over the|for (?:over|more than|nearly)|we have|last"
    r"|next)\b",
    re.IGNORECASE,
)
_EXPERIENCE = re.compile(
    r"\b(?:experience|background|track record|expertise|work|practice|professional|industry)", re.IGNORECASE
)
_OR_EXPERIENCE = re.compile(r"\b(?:equivalent|or (?:\w+ ){0,4}experience|in lieu|combination of)\b", re.IGNORECASE)
_SIGNS = " \t\n*#:-–—_•·"


def split_posting(posting: str) -> tuple[str, str]:
    """Title and description of a posting in one text: by `Title: ...`, or by a first line that reads as a title."""
    described = _DESCRIBED.match(posting)
    if described:
        return described[1].strip(), posting[described.end() :]
    first, _, rest = posting.strip().partition("\n")
    if (
        len(first) <= _LONGEST_TITLE
        and not first.rstrip().endswith((".", ":", "!", "?"))
        and parse_title(first).families
    ):
        return first.strip(), rest
    return "", posting


def parse_posting(title: str, description: str) -> ParsedPosting:
    """Read one posting; `title` may be "". Takes time in proportion to its length."""
    mentions = [each for each in find_skills(description) if skill_category(each.canonical) != SOFT_SKILLS]
    statements = outline(description, mentions)
    parts = clauses(statements)
    required, preferred, mentioned = _asked_skills(parts, mentions)
    years = _asked_years(parts)
    named = parse_title(title)
    level, level_text = named.level, title
    if level is None and years:
        level, level_text = level_of_years(years.years), years.text
    return ParsedPosting(
        title=named,
        level=level,
        level_text=level_text if level is not None else "",
        required=required,
        preferred=preferred,
        mentioned=mentioned,
        years=years,
        degree=_asked_degree(parts),
        responsibilities=tuple(each.text for each in statements if each.section is Section.DUTIES),
        statements=tuple(statements),
        description=description,
    )


def _asked_skills(parts: Sequence[Clause], mentions: list[SkillMention]) -> tuple[Skills, Skills, Skills]:
    """Required, preferred and otherwise mentioned skills, each skill once.

    Where nothing says which skills are required, those of the duties are, else those named above any heading, else
    all. Skills named above a heading are mentioned only where no section asks for anything: elsewhere they describe
    the company.
    """
    starts = [clause.start for clause in parts]
    by_stance: dict[Section, dict[str, AskedSkill]] = {section: {} for section in Section}
    for mention in mentions:
        at = bisect_right(starts, mention.start) - 1
        if at >= 0:
            asked = AskedSkill(mention.canonical, parts[at].text.strip(_SIGNS))
            by_stance[parts[at].stance].setdefault(mention.canonical, asked)
    order = [Section.REQUIRED, Section.DUTIES, Section.UNKNOWN, Section.ELSE]
    first = next((section for section in order if by_stance[section]), Section.REQUIRED)
    required = by_stance[first]
    preferred = {name: asked for name, asked in by_stance[Section.PREFERRED].items() if name not in required}
    rest = by_stance[Section.DUTIES] or by_stance[Section.UNKNOWN]
    mentioned = {name: asked for name, asked in rest.items() if name not in required and name not in preferred}
    return tuple(required.values()), tuple(preferred.values()), tuple(mentioned.values())


def _asked_years(parts: Iterable[Clause]) -> AskedYears | None:
    """The most years that any statement asks for at least; preferred years, ages and histories do not count."""
    found = [
        AskedYears(years, clause.text.strip(_SIGNS))
        for clause in parts
        if clause.stance in _ASKING
        and _mentions_years(clause.text)
        and not _OTHER_YEARS.search(clause.text)
        and (clause.stance is Section.REQUIRED or _EXPERIENCE.search(clause.text))
        if (years := max(_numbers(clause.text), default=0))
    ]
    return max(found, key=lambda asked: asked.years, default=None)


def _mentions_years(text: str) -> bool:
    """A quick look, since most statements say nothing of years."""
    lower = text.lower()
    return "year" in lower or "yr" in lower


def _numbers(text: str) -> Iterator[int]:
    for match in _YEARS.finditer(text):
        years = int(match[1]) if match[1].isdigit() else _NUMBERS.index(match[1].lower()) + 1
        if years <= _MOST_YEARS:
            yield years


def _asked_degree(parts: Iterable[Clause]) -> AskedDegree | None:
    """The least degree of the first statement that asks for one."""
    for clause in parts:
        if clause.stance in _ASKING:
            levels = degree_levels(clause.text)
            if levels:
                return AskedDegree(levels[0], _OR_EXPERIENCE.search(clause.text) is not None, clause.text.strip(_SIGNS))
    return None
