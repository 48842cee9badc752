"""What `extractive-1` chooses among for one resume and posting, and what a written document chose.

Writing and learning share it: the one scores the options and takes the best, the other asks which were taken. Options
are read once for each resume and posting, however many documents are written or learned from.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from tailoring.parsed import ParsedResume, ParsedRole
from tailoring.parsing import parse_lines
from tailoring.relevance import FEATURES, LineFeatures, line_features, read_posting, vector_of
from tailoring.resume import Statement, TailoredResume
from tailoring.selection import FEWEST_WORDS, is_open
from tailoring.skill_list import MOST, skill_list

INTRODUCTION = vector_of(introduction=1.0)

_ROOM = FEATURES.index("room")
_SURE_SKILLS = 10
_SAME = 0.6  # share of an option's words from which a statement that cites its lines is taken for it
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Options:
    """A resume's statements and skills as one posting sees them, each with its features.

    `sure` skills are in any document, the `optional` ones if their score is above 0. `introduction` tells whether
    there is a summary only if one is made of statements that roles hardly spare.
    """

    parsed: ParsedResume
    lines: tuple[LineFeatures, ...]
    sure: tuple[str, ...]
    optional: Mapping[str, tuple[float, ...]]
    introduction: bool

    def features(self, *, room: float) -> list[tuple[float, ...]]:
        """One row for each choice: the statements, the optional skills, and the summary where it would be made.

        `room` is 1 for a document whose page was short to the end, else 0.
        """
        lines = [(*line.vector[:_ROOM], room, *line.vector[_ROOM + 1 :]) for line in self.lines]
        return [*lines, *self.optional.values(), *([INTRODUCTION] * self.introduction)]

    def taken(self, document: TailoredResume) -> list[bool]:
        """What the document chose, in the order of `features`."""
        by_line: defaultdict[int, list[frozenset[str]]] = defaultdict(list)
        for statement in _statements(document):
            words = _words(statement.text)
            for number in statement.source_lines:
                by_line[number].append(words)
        listed = {skill.casefold() for skill in document.skills}
        chosen = [_is_said(line, by_line) for line in self.lines]
        chosen += [skill.casefold() in listed for skill in self.optional]
        chosen += [bool(document.summary)] * self.introduction
        return chosen


@lru_cache(maxsize=512)  # of some 10 KB: each night learns from the same resumes and postings as the one before
def options(resume_lines: tuple[str, ...], posting: str) -> Options:
    """The options of this resume for this posting; any input is accepted."""
    parsed = parse_lines(resume_lines)
    parsed = replace(parsed, roles=_merged(parsed.roles))
    wanted = read_posting(posting).skills
    skills = skill_list(parsed, wanted)
    lines = tuple(line_features(parsed, posting))
    return Options(
        parsed,
        lines,
        sure=tuple(skills[:_SURE_SKILLS]),
        optional={
            skill: vector_of(skill=1.0, skill_asked=float(skill in wanted), skill_place=place / (MOST - 1))
            for place, skill in enumerate(skills)
            if place >= _SURE_SKILLS
        },
        introduction=is_open(line.candidate for line in lines),
    )


def _merged(roles: Iterable[ParsedRole]) -> tuple[ParsedRole, ...]:
    """The roles, neighbours that are one position told in parts (one part for each project) put together."""
    merged: list[ParsedRole] = []
    for role in roles:
        last = merged[-1] if merged else None
        if last and role.employer and last.employer.casefold() == role.employer.casefold() and _may_be_one(last, role):
            merged[-1] = replace(
                last,
                title=last.title or role.title,
                location=last.location or role.location,
                dates=last.dates or role.dates,
                bullets=(*last.bullets, *role.bullets),
                details=(*last.details, *role.details),
                line_nos=(*last.line_nos, *role.line_nos),
            )
        else:
            merged.append(role)
    return tuple(merged)


def _may_be_one(one: ParsedRole, other: ParsedRole) -> bool:
    same_title = not (one.title and other.title) or one.title.casefold() == other.title.casefold()
    return same_title and (one.dates is None or other.dates is None or one.dates == other.dates)


def is_short(document: TailoredResume) -> bool:
    """Whether the document's page was short to the end: `selection` would have taken more."""
    bullets = [bullet for role in document.experience for bullet in role.bullets]
    bullets += [bullet for project in document.projects for bullet in project.bullets]
    return sum(len(bullet.text.split()) for bullet in bullets) < FEWEST_WORDS


def _is_said(line: LineFeatures, by_line: Mapping[int, Iterable[frozenset[str]]]) -> bool:
    """Whether a statement cites a line of the option and holds most of its words."""
    words = _words(line.candidate.text)
    said = (said for number in line.candidate.line_nos for said in by_line.get(number, ()))
    return any(len(words & other) >= _SAME * len(words) for other in said)


def _statements(document: TailoredResume) -> Iterator[Statement]:
    yield from document.summary
    for role in document.experience:
        yield from role.bullets
    for project in document.projects:
        yield from project.bullets


@lru_cache(maxsize=8192)
def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold()))
