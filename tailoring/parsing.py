"""The resume parser: one reading of a resume that the extractive model, the matcher and the judges share.

Takes a resume apart into sections and those into parts, each with the source lines it came from. A field is left empty
when the text does not say plainly what it is. Weighing, choosing and rewriting are the business of others.
"""

import re
from bisect import bisect
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import accumulate

from tailoring.contact import parse_contact
from tailoring.education import looks_like_education, parse_education
from tailoring.experience import parse_projects, parse_roles
from tailoring.lines import Line, source_lines
from tailoring.objectives import tells_who
from tailoring.outline import Outline, Run, outline
from tailoring.paragraphs import join_wrapped
from tailoring.parsed import Item, OtherSection, ParsedResume, ParsedRole, ParsedSkills
from tailoring.sections import Section, names_objective
from tailoring.skills import find_skills

__all__ = ["ParsedResume", "canonical_skills", "parse_lines", "parse_resume", "source_lines"]

_TERM = re.compile(r"(?:[^,;|•·~(]|\([^()]{0,80}\)|\()+")
_TERM_LABEL = re.compile(r"(?:^|[.;,]\s*|\s{2,})[^\W\d_][\w &/-]{1,35}:[-–\s]*|\s+[–—]\s+|\s{3,}")
_TERM_OPENING = re.compile(r"^(?:[ :–-]|\.(?![^\W\d_]))+")  # the dot of ".NET" stays
_TERM_NUMBER = re.compile(r"^\d{1,2}[.)]\s*(?=[^\W\d_])")
_SKILL_YEARS = re.compile(r"\s*\.{3,}.*$|\s*-\s*Exp[a-z]{3,8}\s+-.*$", re.IGNORECASE)
_FEWEST_SKILLS = 3  # in a line that is taken for a list of skills by its contents alone
_LONGEST_TERM = 6  # words; more are a sentence
_STATEMENT_WORDS = 5  # a shorter line says too little to be a summary


@lru_cache(maxsize=256)  # grounding and the judges read the same source one after another, for several postings
def parse_resume(text: str) -> ParsedResume:
    """Takes a resume apart. Any text is accepted; what fits nowhere is in `unplaced`."""
    return parse_lines(source_lines(text))


def parse_lines(lines: Sequence[str]) -> ParsedResume:
    """The same, for lines that are numbered already."""
    found = outline(lines)
    contact, headline = parse_contact(found.lines_of(None), found.lines_of(Section.CONTACT))
    placed = {*contact.line_nos, *(headline.line_nos if headline else ())}
    for run in found.runs:
        run.lines = [line for line in run.lines if line.number not in placed]
    _sort_by_contents(found)

    roles, strays = _roles(found)
    if found.titles and headline is None:
        roles = _with_current_title(roles, found.titles[-1].text)
        headline = Item(found.titles[0].text, tuple(line.number for line in found.titles))
    elif found.titles:
        strays += found.titles
    _sort_objectives(found)
    summary, too_short = _summary(found.lines_of(None))
    return ParsedResume(
        lines=tuple(lines),
        contact=contact,
        headline=headline,
        summary=(*summary, *join_wrapped(found.lines_of(Section.SUMMARY))),
        skills=_skills(found.lines_of(Section.SKILLS)),
        roles=tuple(roles),
        education=tuple(
            entry for run in found.runs if run.kind is Section.EDUCATION for entry in parse_education(run.lines)
        ),
        certifications=join_wrapped(found.lines_of(Section.CERTIFICATIONS)),
        projects=tuple(parse_projects(found.lines_of(Section.PROJECTS))),
        languages=_items(found.lines_of(Section.LANGUAGES)),
        other=tuple(
            OtherSection(run.title, join_wrapped(run.lines))
            for run in found.runs
            if run.kind in (Section.OTHER, Section.CONTACT) and run.lines
        ),
        headings=tuple(found.headings),
        unplaced=(*too_short, *join_wrapped(strays), *found.blank),
    )


def canonical_skills(resume: ParsedResume) -> tuple[str, ...]:
    """The canonical skills of the whole resume: those of the skills section first, then in order of appearance."""
    own = {number for item in resume.skills.lines for number in item.line_nos}
    starts = list(accumulate((len(line) + 1 for line in resume.lines), initial=0))
    named: tuple[list[str], list[str]] = [], []
    for mention in find_skills("\n".join(resume.lines)):
        named[bisect(starts, mention.start) not in own].append(mention.canonical)
    return tuple(dict.fromkeys([*named[0], *named[1]]))


def _sort_by_contents(found: Outline) -> None:
    """Gives lines above the first heading to the section they belong to by what they say, where it has no heading."""
    headed = {run.kind for run in found.runs}
    above = found.runs[0]
    for kind, fits in ((Section.EDUCATION, looks_like_education), (Section.SKILLS, _lists_skills)):
        if kind is Section.SKILLS or kind not in headed:
            found.runs.append(Run(kind, "", [line for line in above.lines if fits(line.text)]))
            above.lines = [line for line in above.lines if not fits(line.text)]
    roles = [] if Section.EXPERIENCE in headed else parse_roles(above.lines)[0]
    if roles:
        begin = min(roles[0].line_nos)
        found.runs.append(Run(Section.EXPERIENCE, "", [line for line in above.lines if line.number >= begin]))
        above.lines = [line for line in above.lines if line.number < begin]


def _sort_objectives(found: Outline) -> None:
    """Leaves in a section `Objective` what somebody hopes for, and makes a summary of what it says of who they are."""
    for run in [run for run in found.runs if run.kind is Section.SUMMARY and names_objective(run.title)]:
        items = join_wrapped(run.lines)
        who = {number for item in items if tells_who(item.text) for number in item.line_nos}
        found.runs.append(Run(Section.SUMMARY, "", [line for line in run.lines if line.number in who]))
        run.kind, run.lines = Section.OTHER, [line for line in run.lines if line.number not in who]


def _lists_skills(text: str) -> bool:
    """Whether a line is a list of skills: several, that make up most of it or stand behind more than one label."""
    mentions = find_skills(text)
    if len(mentions) < _FEWEST_SKILLS:
        return False
    return sum(len(mention.text) for mention in mentions) * 2 > len(text) or text.count(":") > 1


def _summary(above: Sequence[Line]) -> tuple[list[Item], list[Item]]:
    """The statements above the first heading, and what stands there besides."""
    sorted_items: tuple[list[Item], list[Item]] = [], []
    for item in join_wrapped(above):
        sorted_items[len(item.text.split()) < _STATEMENT_WORDS].append(item)
    return sorted_items


def _roles(found: Outline) -> tuple[list[ParsedRole], list[Line]]:
    """The roles of every experience section; a section never adds to a role of the section before."""
    roles: list[ParsedRole] = []
    strays: list[Line] = []
    for run in found.runs:
        if run.kind is Section.EXPERIENCE:
            of_run, left = parse_roles(run.lines)
            roles += of_run
            strays += left
    return roles, strays


def _with_current_title(roles: Sequence[ParsedRole], position: str) -> list[ParsedRole]:
    """The roles, the first one with the employer of `Title - Employer` being given that title."""
    title, dash, employer = position.partition(" - ")
    for number, role in enumerate(roles):
        if dash and not role.title and _key(role.employer) and _key(role.employer) == _key(employer):
            return [*roles[:number], replace(role, title=title.strip()), *roles[number + 1 :]]
    return list(roles)


def _key(name: str) -> str:
    return "".join(sign for sign in name.casefold() if sign.isalnum())


def _skills(lines: Sequence[Line]) -> ParsedSkills:
    return ParsedSkills(_items(lines), tuple(_terms(lines)))


def _items(lines: Iterable[Line]) -> tuple[Item, ...]:
    """Each line by itself, as in a list, where one in lower case continues nothing."""
    return tuple(Item(line.text, (line.number,)) for line in lines)


def _terms(lines: Iterable[Line]) -> Iterable[str]:
    """The single entries of the skills section, as written, each once."""
    terms: dict[str, str] = {}
    for line in lines:
        text = _TERM_LABEL.sub(", ", _SKILL_YEARS.sub("", line.text))
        for term in _TERM.findall(text):
            name = _TERM_NUMBER.sub("", _TERM_OPENING.sub("", term.rstrip(" .:-–")))
            if name and len(name.split()) <= _LONGEST_TERM:
                terms.setdefault(name.casefold(), name)
    return terms.values()
