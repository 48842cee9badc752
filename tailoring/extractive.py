"""The model `extractive-1`: selects, orders and trims what a resume already says, by its relevance to a posting.

It cannot invent: every statement is a source line word for word, apart from the signs and labels around it. Here the
document is put together; what a statement may look like is told in `tailoring.statements`, what it is worth in
`tailoring.relevance`, which ones are taken in `tailoring.selection`.
"""

import random
import re
from collections.abc import Iterable, Mapping, Sequence

from tailoring.choices import INTRODUCTION, options
from tailoring.chronology import newest_first
from tailoring.entries import dates_text, education_entry, headline, is_school_level, languages, name
from tailoring.parsed import Item, ParsedEducation, ParsedResume, ParsedRole
from tailoring.relevance import FEATURES, Weights
from tailoring.resume import Education, Project, Role, Statement, TailoredResume
from tailoring.selection import Entry, Scored, choose_bullets, choose_summary
from tailoring.statements import Part, trim

DEFAULT = Weights()

_SPREAD = 4.0  # of the noise at temperature 1, for a weight near 0
_BETWEEN = re.compile(r"\s+[•·|]\s+")  # between certificates on one line
_MOST_DEGREES, _MOST_CERTIFICATIONS = 5, 8


def tailor(
    resume_lines: Sequence[str], posting: str, weights: Weights = DEFAULT, temperature: float = 0.0, seed: int = 0
) -> TailoredResume:
    """The resume for this posting. Equal input gets an equal answer; any input is accepted.

    `resume_lines` are numbered as `source_lines` numbers them, the first of them 1. At temperature 0 the best
    statements are taken; above it the weights vary from seed to seed, so that other choices are tried and learned from.
    """
    found = options(tuple(resume_lines), posting)
    weights = varied(weights, temperature, seed)
    parsed = found.parsed
    scored = [Scored(line.candidate, weights.score(line.vector)) for line in found.lines]
    summary = choose_summary(scored, weights.room, introduce=weights.score(INTRODUCTION) > 0)
    order = newest_first(parsed.roles)
    ages = {position: age for age, position in enumerate(order)}
    bullets = choose_bullets([one for one in scored if one not in summary], ages, weights.room)
    return TailoredResume(
        headline=headline(parsed),
        summary=[one.as_sentence() for one in summary],
        skills=[*found.sure, *(skill for skill, vector in found.optional.items() if weights.score(vector) > 0)],
        experience=_experience(_role(parsed.roles[at], bullets.get((Part.ROLE, at), [])) for at in order),
        education=_education(parsed.education),
        certifications=_certifications(parsed.certifications)[:_MOST_CERTIFICATIONS],
        projects=_projects(parsed, bullets),
        languages=languages(parsed),
    )


def varied(weights: Weights, temperature: float, seed: int) -> Weights:
    """Each weight but the bias moved by normal noise, which grows with the temperature and with the weight.

    One draw for the whole document: its choices move together, so that a label tells something about each weight (as
    in evolution strategies), which independent noise on every line would bury. The bias stays, and no draw goes beyond
    two standard deviations: a page that loses nearly all or takes nearly all teaches nothing and costs a label.
    """
    if temperature <= 0:
        return weights
    noise = random.Random(seed)  # noqa: S311
    values = {
        name: value + temperature * _SPREAD * (1 + abs(value)) * max(-2.0, min(2.0, noise.gauss(0, 1)))
        for name, value in zip(FEATURES, weights.values(), strict=True)
    }
    return Weights(**values | {"bias": weights.bias})


def _role(role: ParsedRole, bullets: Iterable[Scored]) -> Role:
    return Role(
        title=name(role.title),
        employer=name(role.employer),
        location=name(role.location),
        dates=dates_text(role.dates),
        bullets=[one.statement() for one in bullets],
    )


def _experience(roles: Iterable[Role]) -> list[Role]:
    """The roles but for those without a head, which any reader would take for a part of the role above."""
    return [role for place, role in enumerate(roles) if role.title or role.employer or (role.bullets and place == 0)]


def _education(entries: Sequence[ParsedEducation]) -> list[Education]:
    written = [education_entry(entries[at]) for at in newest_first(entries)]
    higher = [entry for entry in written if not is_school_level(entry)]
    return [entry for entry in higher or written if entry.degree or entry.school or entry.details][:_MOST_DEGREES]


def _projects(parsed: ParsedResume, bullets: Mapping[Entry, Sequence[Scored]]) -> list[Project]:
    return [
        Project(name=name(project.name), dates=dates_text(project.dates), bullets=[one.statement() for one in chosen])
        for at, project in enumerate(parsed.projects)
        if (chosen := bullets.get((Part.PROJECT, at)))
    ]


def _certifications(items: Iterable[Item]) -> list[Statement]:
    pieces = ((trim(piece), item) for item in items for piece in _BETWEEN.split(item.text))
    return [Statement(text=text, source_lines=list(item.line_nos)) for text, item in pieces if text]
