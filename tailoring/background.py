"""What a resume shows of a person's background: titles, skills, years, degree, work, each with the lines that show it.

Reads a parsed resume, without what tells only who and where the person was: contact data, the name, the names of
schools and employers. More of its lines can be left out (text copied from a posting shows nothing). What the background
is worth to a posting is decided in `tailoring.fit`.
"""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from tailoring.dates import DateRange, YearMonth
from tailoring.degrees import degree_levels
from tailoring.parsed import ParsedProject, ParsedResume, ParsedRole
from tailoring.skills import find_skills
from tailoring.titles import Title, parse_title

_CLAIM = re.compile(r"(?<![\d.])(\d{1,2})(?:\.\d)?\s?\+?\s?(?:years?|yrs?)\b", re.IGNORECASE)
_MONTHS_CLAIM = re.compile(r"(?<![\d.])(\d{1,3})\s?months?\b", re.IGNORECASE)
_EXPERIENCE = re.compile(r"\bexp", re.IGNORECASE)
_MOST_YEARS = 50


@dataclass(frozen=True, slots=True)
class HeldTitle:
    """A title, the number of its line, and how much it says of the person today: 1 in the newest role, less before."""

    title: Title
    line_no: int
    weight: float


@dataclass(frozen=True, slots=True)
class ShownSkill:
    """A skill by its canonical name; the line that shows it in use where there is one, else the line that lists it."""

    name: str
    line_no: int
    in_use: bool


@dataclass(frozen=True, slots=True)
class Years:
    """Years of work that a resume shows at least, and a line that says so; `open_ended` when a role has no end."""

    years: float
    line_no: int
    open_ended: bool


@dataclass(frozen=True, slots=True)
class Background:
    """All of it; `work` holds the numbers of the lines that describe roles and projects."""

    titles: tuple[HeldTitle, ...]
    skills: dict[str, ShownSkill]
    years: Years | None
    degree: tuple[int, int] | None
    work: tuple[int, ...]


def impersonal_lines(resume: ParsedResume) -> tuple[str, ...]:
    """The lines of the resume, as many as before, without contact data, the person's name and the names of schools.

    Employers are left out of their role's head: an employer may be a school, and its name tells no work.
    """
    lines = list(resume.lines)
    for number in resume.contact.line_nos:
        lines[number - 1] = ""
    if resume.headline and len(resume.headline.line_nos) == 1:
        lines[resume.headline.line_nos[0] - 1] = resume.headline.text  # the name and addresses may stand beside it
    for role in resume.roles:
        for number in role.line_nos if role.employer else ():
            lines[number - 1] = lines[number - 1].replace(role.employer, " ")
    name = resume.contact.contact.name.partition(",")[0]  # without the degrees behind it
    names = sorted(filter(None, {name, *(entry.school for entry in resume.education)}), key=len, reverse=True)
    if not names:
        return tuple(lines)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)", re.IGNORECASE)
    return tuple(pattern.sub(" ", line) for line in lines)


def read_background(resume: ParsedResume, lines: Sequence[str], ignored: Collection[int] = ()) -> Background:
    """The background that the resume's `impersonal_lines` show, but for those whose numbers are `ignored`."""
    work = tuple(number for number in _work_lines(resume) if number not in ignored)
    return Background(
        titles=tuple(title for title in _titles(resume) if title.line_no not in ignored),
        skills=_skills(lines, frozenset(work), ignored),
        years=_years(resume, lines, ignored),
        degree=_degree(resume, lines, ignored),
        work=work,
    )


def _work_lines(resume: ParsedResume) -> list[int]:
    """The lines of roles and projects; where the resume has neither, all that no other section claims."""
    parts: list[ParsedRole | ParsedProject] = [*resume.roles, *resume.projects]
    items = [item for part in parts for item in (*part.bullets, *part.details)]
    numbers = {number for holder in (*parts, *items) for number in holder.line_nos}
    if not any(part.bullets for part in parts):
        numbers |= {number for item in (*resume.summary, *resume.unplaced) for number in item.line_nos}
    return sorted(numbers)


def _titles(resume: ParsedResume) -> Iterator[HeldTitle]:
    """Of the headline and the roles only: elsewhere a line such as "Gregory Baker" is more likely a name."""
    if resume.headline:
        yield HeldTitle(parse_title(resume.headline.text), resume.headline.line_nos[0], 0.9)
    held = [role for role in resume.roles if role.title]
    for place, role in enumerate(held):
        saying = (number for number in role.line_nos if role.title in resume.lines[number - 1])
        yield HeldTitle(parse_title(role.title), next(saying, role.line_nos[0]), max(0.7, 1 - 0.1 * place))


def _skills(lines: Sequence[str], work: frozenset[int], ignored: Collection[int]) -> dict[str, ShownSkill]:
    starts = [0, *accumulate(len(line) + 1 for line in lines)]
    shown: dict[str, ShownSkill] = {}
    for mention in find_skills("\n".join(lines)):
        number = bisect_right(starts, mention.start)
        before = shown.get(mention.canonical)
        if number not in ignored and (before is None or (number in work and not before.in_use)):
            shown[mention.canonical] = ShownSkill(mention.canonical, number, number in work)
    return shown


def _years(resume: ParsedResume, lines: Sequence[str], ignored: Collection[int]) -> Years | None:
    """The longer of what the roles' dates add up to and what the text claims."""
    found = [
        Years(float(count), number, False)
        for number, line in enumerate(lines, 1)
        if number not in ignored and _EXPERIENCE.search(line)
        for count in _claimed(line)
    ]
    dated = [role for role in resume.roles if role.dates and role.line_nos[0] not in ignored]
    if dated:
        months, open_ended = _months([role.dates for role in dated if role.dates])
        found.append(Years(round(months / 12, 1), dated[0].line_nos[0], open_ended))
    return max(found, key=lambda each: (each.years, -each.line_no), default=None)


def _claimed(line: str) -> Iterator[float]:
    for claim in _CLAIM.finditer(line):
        if int(claim[1]) <= _MOST_YEARS:
            yield int(claim[1])
    for claim in _MONTHS_CLAIM.finditer(line):
        if int(claim[1]) <= 12 * _MOST_YEARS:
            yield round(int(claim[1]) / 12, 1)


def _months(dates: list[DateRange]) -> tuple[int, bool]:
    """Months that the ranges cover together, and whether one has no end; it is counted to the latest date of any."""
    known = [_month(point) for each in dates for point in (each.start, each.end) if point]
    latest = max(known)
    covered: set[int] = set()
    for each in dates:
        end = _month(each.end) if each.end else latest
        covered.update(range(_month(each.start), max(end, _month(each.start) + 1)))
    return len(covered), any(each.end is None for each in dates)


def _month(point: YearMonth) -> int:
    return point.year * 12 + (point.month or 1) - 1


def _degree(resume: ParsedResume, lines: Sequence[str], ignored: Collection[int]) -> tuple[int, int] | None:
    """The highest degree (place in `DEGREE_LEVELS`) and its line, of the education section if there is one."""
    numbers = [number for entry in resume.education for number in entry.line_nos]
    found = [
        (levels[-1], number)
        for number in numbers or range(1, len(lines) + 1)
        if number not in ignored and (levels := degree_levels(lines[number - 1]))
    ]
    return max(found, key=lambda each: (each[0], -each[1]), default=None)
