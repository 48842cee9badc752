"""The resume parser: one reading of a resume that the extractive model, the matcher and the judges share.

Takes a resume apart into sections and those into parts, each with the source lines it came from. A field is left empty
when the text does not say plainly what it is. Weighing, choosing and rewriting are the business of others.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tailoring.contact import parse_contact
from tailoring.education import parse_education
from tailoring.experience import parse_projects, parse_roles, starts_labelled_role
from tailoring.lines import Line, source_lines, split_marker
from tailoring.parsed import Item, OtherSection, ParsedResume, ParsedSkills
from tailoring.sections import Section, heading, heading_with_content
from tailoring.skills import find_skills

__all__ = ["ParsedResume", "parse_lines", "parse_resume", "source_lines"]

_TERM_BREAK = re.compile(r"[,;|•·~]|\s+[–—]\s+|\s{3,}")
_SKILL_YEARS = re.compile(r"\s*-\s*Exp[a-z]{3,8}\s+-.*$", re.IGNORECASE)


@dataclass(slots=True)
class _Run:
    """The lines under one heading; `kind` is None above the first."""

    kind: Section | None
    title: str = ""
    lines: list[Line] = field(default_factory=list)


def parse_resume(text: str) -> ParsedResume:
    """Takes a resume apart. Any text is accepted; what fits nowhere is in `unplaced`."""
    return parse_lines(source_lines(text))


def parse_lines(lines: Sequence[str]) -> ParsedResume:
    """The same, for lines already numbered by `source_lines`."""
    runs, headings = _runs(lines)
    contact, headline = parse_contact(runs[0].lines)
    taken = {*contact.line_nos, *(headline.line_nos if headline else ())}
    above = [line for line in runs[0].lines if line.number not in taken]
    by_kind: dict[Section, list[Line]] = {kind: [] for kind in Section}
    other: list[OtherSection] = []
    for run in runs[1:]:
        if run.kind in (Section.OTHER, Section.CONTACT):
            other.append(OtherSection(run.title, _items(run.lines)))
        elif run.kind:
            by_kind[run.kind] += run.lines
    roles, strays = parse_roles(by_kind[Section.EXPERIENCE])
    return ParsedResume(
        lines=tuple(lines),
        contact=contact,
        headline=headline,
        summary=_items(by_kind[Section.SUMMARY]),
        skills=_skills(by_kind[Section.SKILLS], lines),
        roles=tuple(roles),
        education=tuple(parse_education(by_kind[Section.EDUCATION])),
        certifications=_items(by_kind[Section.CERTIFICATIONS]),
        projects=tuple(parse_projects(by_kind[Section.PROJECTS])),
        other=tuple(other),
        headings=tuple(headings),
        unplaced=_items([*above, *strays]),
    )


def _runs(lines: Sequence[str]) -> tuple[list[_Run], list[Item]]:
    """The lines by section, in order, and the headings."""
    runs = [_Run(None)]
    headings: list[Item] = []
    for number, line in enumerate(lines, 1):
        marker, text = split_marker(line)
        kind = None if marker else heading(line)
        if kind:
            runs.append(_Run(kind, line))
            headings.append(Item(line, (number,)))
            continue
        if starts_labelled_role(text) and runs[-1].kind != Section.EXPERIENCE:
            runs.append(_Run(Section.EXPERIENCE))
        opened = None if marker else heading_with_content(line)
        if opened and not (runs[-1].kind == Section.SKILLS and opened[1] == Section.OTHER):
            runs.append(_Run(opened[1], opened[0]))
            text = opened[2]
        runs[-1].lines.append(Line(number, marker, text))
    return runs, headings


def _items(lines: Iterable[Line]) -> tuple[Item, ...]:
    return tuple(Item(line.text, (line.number,)) for line in lines)


def _skills(lines: Sequence[Line], all_lines: Sequence[str]) -> ParsedSkills:
    named = [mention.canonical for line in lines for mention in find_skills(line.text)]
    named += [mention.canonical for mention in find_skills("\n".join(all_lines))]
    return ParsedSkills(_items(lines), tuple(_terms(lines)), tuple(dict.fromkeys(named)))


def _terms(lines: Iterable[Line]) -> Iterable[str]:
    """The single entries of the skills section, as written, each once."""
    terms: dict[str, str] = {}
    for line in lines:
        text = _SKILL_YEARS.sub("", line.text)
        label, colon, rest = text.partition(":")
        for term in _TERM_BREAK.split(rest if colon and len(label) <= 40 else text):
            name = term.strip(" .:-–")
            if name and len(name) <= 60:
                terms.setdefault(name.casefold(), name)
    return terms.values()
