"""The model `extractive-1`: selects, orders and trims what a resume already says, by its relevance to a posting.

It cannot invent: every statement is a source line word for word, apart from the signs and labels around it. Here the
document is put together; what a statement may look like is told in `tailoring.statements`, what it is worth in
`tailoring.relevance`, which ones are taken in `tailoring.selection`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from tailoring.chronology import newest_first
from tailoring.entries import dates_text, education_entry, headline, is_school_level, name
from tailoring.parsed import Item, ParsedEducation, ParsedResume, ParsedRole
from tailoring.parsing import parse_lines
from tailoring.relevance import Weights, line_features, read_posting
from tailoring.resume import Education, Project, Role, Statement, TailoredResume
from tailoring.selection import Entry, Scored, choose_bullets, choose_summary
from tailoring.skill_list import skill_list
from tailoring.statements import Part, trim

DEFAULT = Weights()

_BETWEEN = re.compile(r"\s+[•·|]\s+")  # between certificates on one line
_MOST_DEGREES, _MOST_CERTIFICATIONS = 5, 8


def tailor(resume_lines: Sequence[str], posting: str, weights: Weights = DEFAULT) -> TailoredResume:
    """The resume for this posting. Equal input gets an equal answer; any input is accepted.

    `resume_lines` are numbered as `source_lines` numbers them, the first of them 1.
    """
    parsed = parse_lines(resume_lines)
    parsed = replace(parsed, roles=_merged(parsed.roles))
    scored = [Scored(line.candidate, weights.score(line.vector)) for line in line_features(parsed, posting)]
    summary = choose_summary(scored)
    order = newest_first(parsed.roles)
    ages = {position: age for age, position in enumerate(order)}
    bullets = choose_bullets([one for one in scored if one not in summary], ages)
    return TailoredResume(
        headline=headline(parsed),
        summary=[one.as_sentence() for one in summary],
        skills=skill_list(parsed, read_posting(posting).skills),
        experience=_experience(_role(parsed.roles[at], bullets.get((Part.ROLE, at), [])) for at in order),
        education=_education(parsed.education),
        certifications=_certifications(parsed.certifications)[:_MOST_CERTIFICATIONS],
        projects=_projects(parsed, bullets),
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
