"""How well one resume fits one posting, by what a recruiter checks: skills, titles, work, years and degree.

Kept apart from the ATS score, which never sees a posting. A skill counts in full where a role or project shows it, in
half where it is only listed. Lines copied from the posting show nothing. Contact data, names, pronouns and schools are
not looked at, and of the languages that somebody speaks only those that the posting asks for. What the posting does not
ask for is left out, and the points of the rest grow in proportion.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from tailoring.background import Background, impersonal_lines, read_background
from tailoring.degrees import DEGREE_LEVELS
from tailoring.parsed import ParsedResume
from tailoring.parsing import parse_resume
from tailoring.posting_outline import Section
from tailoring.postings import ParsedPosting, parse_posting, split_posting
from tailoring.sections import Section as ResumeSection
from tailoring.sections import heading
from tailoring.spoken_languages import find_languages
from tailoring.titles import title_similarity
from tailoring.tokens import stem
from tailoring.wording import function_words

# Points of each part where the posting asks for all of them.
_SKILLS, _TITLE, _WORK, _YEARS, _DEGREE = 40, 25, 15, 15, 5
_PREFERRED, _MENTIONED = 0.4, 0.3  # what such a skill counts against a required one
_LISTED = 0.5  # what a skill counts that is listed, and shown in no role or project
_UNSHOWN_YEARS = 0.3  # share of the points where a resume tells no years at all
_OPEN_ENDED = 0.7  # least share where a role has no end, so that its length is not known
_INSTEAD_OF_DEGREE = 0.7  # share where experience may stand in for a degree, and the years are there
_ALIKE = 0.35  # cosine of a posting and a resume about the same work; from here on, the work counts in full
_BESIDE_WORK = 0.3  # what a word counts outside roles and projects
_SHORTEST = 2  # letters; words of up to so many say nothing
_COPIED = 0.6  # share of a line's runs of words that the posting has too; from here on, it is a copy
_RUN = 5  # words
_FOR_SURE = 2  # copied lines, with which short lines of the posting are copies too
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the score: `points` of at most `of`, and what was `found`."""

    name: str
    points: float
    of: float
    found: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a line of the resume shows: a skill, the title, the years or the degree. Lines are numbered from 1."""

    shows: str
    line_no: int
    line: str


@dataclass(frozen=True, slots=True)
class FitReport:
    """`score` is 0 to 100: the sum of the parts' points. Skills are canonical names, in the posting's order.

    Years and degrees are None where the posting asks for none, or the resume shows none; `years_shown` is a lower
    bound. `copied_lines` are lines of the resume that repeat the posting and were not counted.
    """

    score: float
    parts: tuple[Part, ...]
    matched: tuple[str, ...]
    missing_required: tuple[str, ...]
    missing_preferred: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    years_asked: int | None
    years_shown: float | None
    degree_asked: str | None
    degree_held: str | None
    copied_lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """A part before its points are known: its weight, the share that is met, in words, and the evidence."""

    name: str
    weight: float
    share: float
    found: str
    evidence: tuple[tuple[str, int], ...] = ()


def job_fit(resume: str, posting: str) -> FitReport:
    """How well the resume fits the posting, both as plain text; the posting may begin with its title.

    Deterministic, in time proportional to the length of the two.
    """
    return fit(parse_resume(resume), _read_posting(posting))


@lru_cache(maxsize=256)
def _read_posting(posting: str) -> ParsedPosting:
    """Read once, since many resumes are judged by one posting."""
    return parse_posting(*split_posting(posting))


def fit(resume: ParsedResume, posting: ParsedPosting) -> FitReport:
    """The same for a resume and a posting that are read already."""
    lines = _without_other_languages(impersonal_lines(resume), resume, posting)
    words = {number: _words(line) for number, line in enumerate(lines, 1)}
    copied = _copied_lines(words, posting)
    background = read_background(resume, lines, copied)
    education = {number for entry in resume.education for number in entry.line_nos}  # its schools can have any name
    for number in copied | education:
        del words[number]
    years = _years(background, posting)
    parts = [
        part
        for part in (
            _skills(background, posting),
            _title(background, posting),
            _work(words, background, posting),
            years,
            _degree(background, posting, years),
        )
        if part
    ]
    total = sum(part.weight for part in parts) or 1.0
    points = [
        Part(
            part.name, round(100 * part.weight * part.share / total, 2), round(100 * part.weight / total, 2), part.found
        )
        for part in parts
    ]
    has, asked = background.skills, (*posting.required, *posting.preferred, *posting.mentioned)
    return FitReport(
        score=round(min(100.0, sum(part.points for part in points)), 1),
        parts=tuple(points),
        matched=tuple(skill.name for skill in asked if skill.name in has),
        missing_required=tuple(skill.name for skill in posting.required if skill.name not in has),
        missing_preferred=tuple(skill.name for skill in posting.preferred if skill.name not in has),
        evidence=tuple(
            Evidence(shows, number, resume.lines[number - 1]) for part in parts for shows, number in part.evidence
        ),
        years_asked=posting.years.years if posting.years else None,
        years_shown=background.years.years if background.years else None,
        degree_asked=DEGREE_LEVELS[posting.degree.level] if posting.degree else None,
        degree_held=DEGREE_LEVELS[background.degree[0]] if background.degree else None,
        copied_lines=tuple(sorted(copied)),
    )


def _without_other_languages(lines: Iterable[str], resume: ParsedResume, posting: ParsedPosting) -> list[str]:
    """The lines, those of the section on languages with nothing but the languages that the posting asks for.

    What else somebody speaks, and how many, tells where a person comes from and not what work they do.
    """
    left = list(lines)
    headings = [item for item in resume.headings if heading(item.text) is ResumeSection.LANGUAGES]
    if not resume.languages:
        return left
    wanted = " ; ".join(each.text for each in posting.statements if each.section is not Section.ELSE)
    asked = {mention.name: mention.written for mention in find_languages(wanted)}
    for number in (number for item in (*headings, *resume.languages) for number in item.line_nos):
        named = find_languages(left[number - 1]) if asked else []
        left[number - 1] = " ".join(asked[mention.name] for mention in named if mention.name in asked)
    return left


def _skills(background: Background, posting: ParsedPosting) -> _Found | None:
    """The share of the asked skills that are shown, required ones counting most."""
    asked = [(skill, 1.0) for skill in posting.required]
    asked += [(skill, _PREFERRED) for skill in posting.preferred]
    asked += [(skill, _MENTIONED) for skill in posting.mentioned]
    if not asked:
        return None
    shown = [(background.skills[skill.name], worth) for skill, worth in asked if skill.name in background.skills]
    credit = sum(worth if skill.in_use else worth * _LISTED for skill, worth in shown)
    required = sum(skill.name in background.skills for skill in posting.required)
    in_use = sum(skill.in_use for skill, _ in shown)
    return _Found(
        name="skills",
        weight=_SKILLS,
        share=credit / sum(worth for _, worth in asked),
        found=f"{required} of {len(posting.required)} required, {len(shown)} of {len(asked)} in all, {in_use} in use",
        evidence=tuple((skill.name, skill.line_no) for skill, _ in shown),
    )


def _title(background: Background, posting: ParsedPosting) -> _Found | None:
    """The nearest title held, newer ones counting more."""
    wanted = posting.title
    if not wanted.words and not wanted.families:
        return None
    held = [(each.weight * title_similarity(each.title, wanted), each) for each in background.titles]
    nearness, nearest = max(held, key=lambda each: (each[0], -each[1].line_no), default=(0.0, None))
    if nearest is None or not nearness:
        return _Found("title", _TITLE, 0.0, "no title near the posting's")
    return _Found(
        "title", _TITLE, min(1.0, nearness), f"{nearest.title.text} ~ {wanted.text}", (("title", nearest.line_no),)
    )


def _work(words: Mapping[int, list[str]], background: Background, posting: ParsedPosting) -> _Found | None:
    """Cosine between the words of what the posting asks for and of the resume, where roles and projects count most.

    `words` are those of the resume's lines that count, by line number.
    """
    asked = [statement for statement in posting.statements if statement.section is not Section.ELSE]
    wanted = _weights((word, 1.0) for statement in asked for word in _words(statement.text))
    if not wanted:
        return None
    work = frozenset(background.work)
    used = _weights((word, 1.0 if number in work else _BESIDE_WORK) for number, line in words.items() for word in line)
    lengths = math.sqrt(sum(w * w for w in wanted.values()) * sum(w * w for w in used.values()))
    nearness = sum(weight * used[term] for term, weight in wanted.items() if term in used) / (lengths or 1.0)
    return _Found("work", _WORK, min(1.0, nearness / _ALIKE), f"wording {nearness:.0%} like the posting's")


def _weights(words: Iterable[tuple[str, float]]) -> dict[str, float]:
    """ln(1 + count) of each stem that says something."""
    counts: dict[str, float] = defaultdict(float)
    small = function_words()
    for word, count in words:
        if len(word) > _SHORTEST and word not in small:
            counts[stem(word)] += count
    return {term: math.log1p(count) for term, count in counts.items()}


def _years(background: Background, posting: ParsedPosting) -> _Found | None:
    if posting.years is None:
        return None
    asked, shown = posting.years.years, background.years
    if shown is None:
        return _Found("years", _YEARS, _UNSHOWN_YEARS, f"{asked} asked, none told")
    share = min(1.0, shown.years / asked) if asked else 1.0
    if shown.open_ended:
        share = max(share, _OPEN_ENDED)
    return _Found("years", _YEARS, share, f"{asked} asked, at least {shown.years:g} shown", (("years", shown.line_no),))


def _degree(background: Background, posting: ParsedPosting, years: _Found | None) -> _Found | None:
    if posting.degree is None:
        return None
    asked = DEGREE_LEVELS[posting.degree.level]
    evidence: tuple[tuple[str, int], ...] = ()
    if background.degree is None:
        share, found = 0.0, f"{asked} asked, none found"
    else:
        level, number = background.degree
        share = 1.0 if level >= posting.degree.level else 0.5 if level == posting.degree.level - 1 else 0.0
        found, evidence = f"{asked} asked, {DEGREE_LEVELS[level]} held", (("degree", number),)
    if posting.degree.or_experience and (years is None or years.share >= 1):
        share = max(share, _INSTEAD_OF_DEGREE)
    return _Found("degree", _DEGREE, share, found, evidence)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _runs(words: list[str]) -> list[tuple[str, ...]]:
    """Every `_RUN` words that follow each other."""
    return list(zip(*(words[start:] for start in range(_RUN)), strict=False))


def _copied_lines(lines: Mapping[int, list[str]], posting: ParsedPosting) -> frozenset[int]:
    """Numbers of the lines that repeat the posting word for word.

    A line too short to tell is a copy when it is a whole line of the posting and others beside it are copies for sure.
    """
    runs = set(_runs(_words(posting.description)))  # they go on over the ends of lines: a copy may have lost these
    copied = set()
    for number, words in lines.items():
        own = _runs(words)
        if own and sum(run in runs for run in own) >= _COPIED * len(own):
            copied.add(number)
    if len(copied) >= _FOR_SURE:
        texts = [posting.title.text, *posting.description.splitlines(), *(each.text for each in posting.statements)]
        whole = {tuple(_words(text)) for text in texts}
        copied.update(number for number, words in lines.items() if words and tuple(words) in whole)
    return frozenset(copied)
