"""The outline of a resume: its lines by section, in order.

Decides where a section begins and ends; what its lines say is read elsewhere.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from tailoring.dates import find_date_ranges
from tailoring.education import names_degree, names_school
from tailoring.labels import label_of, opens_role
from tailoring.language_words import names_language
from tailoring.lines import Line, split_marker
from tailoring.parsed import Item
from tailoring.sections import Section, heading, heading_with_content
from tailoring.skills import SOFT_SKILLS, find_skills, skill_category
from tailoring.vocabulary import find_place

_MARKDOWN = re.compile(r"^(?:#{1,6}\s+|\|+\s?)")  # a heading sign, the border of a table
_GAP = re.compile(r"\s{9,}")  # longer than any column needs: kept short, that patterns over spaces stay linear


@dataclass(slots=True)
class Run:
    """The lines under one heading; `kind` is None above the first."""

    kind: Section | None
    title: str = ""
    lines: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class Outline:
    """All lines of a resume: headings, runs (the first is what stands above all headings), and title lines.

    `titles` are the one or two lines in which a job board's export names the position sought and the position held,
    between education and skills, without a heading. `blank` are lines without a letter or digit, which `source_lines`
    never yields.
    """

    headings: list[Item]
    runs: list[Run]
    titles: list[Line]
    blank: list[Item]
    colons_mark_headings: bool = False
    has_skills: bool = False

    def lines_of(self, kind: Section | None) -> list[Line]:
        """The lines of all runs of one kind."""
        return [line for run in self.runs if run.kind is kind for line in run.lines]


def outline(lines: Sequence[str]) -> Outline:
    """Sorts numbered source lines into sections."""
    found = Outline([], [Run(None)], [], [])
    for number, raw in enumerate(lines, 1):
        line = _plain(raw)
        if not any(map(str.isalnum, line)):
            found.blank.append(Item(raw, (number,)))
            continue
        marker, text = split_marker(line)
        following = lines[number] if number < len(lines) else ""
        run = found.runs[-1]
        if not marker and _is_heading(line, following, found):
            kind = heading(line)
            if kind is Section.LANGUAGES and _lists_skills(following):
                kind = Section.SKILLS
            _take_titles(found, line)
            found.runs.append(Run(kind, line))
            found.headings.append(Item(raw, (number,)))
            found.colons_mark_headings |= raw.endswith(":")
            continue
        if spoken := _languages_beside(marker, text, following, run):
            found.runs.insert(-1, Run(Section.LANGUAGES, "", [Line(number, marker, spoken)]))
            continue
        if opens_role(text) and run.kind is not Section.EXPERIENCE:
            found.runs.append(Run(Section.EXPERIENCE))
        elif not marker and (opened := _opened_by(line, found)):
            found.runs.append(Run(opened[1], opened[0]))
            text = opened[2]
        found.has_skills |= found.runs[-1].kind is Section.SKILLS
        found.runs[-1].lines.append(Line(number, marker, text))
    return found


def _plain(line: str) -> str:
    return _MARKDOWN.sub("", _GAP.sub("        ", line).replace("**", "")).rstrip(" |") or line


def _is_heading(line: str, following: str, found: Outline) -> bool:
    """Whether the line opens a section; inside a role or a list of skills some headings are only labels."""
    kind = heading(line)
    run = found.runs[-1]
    if kind is None:
        return False
    if run.kind is Section.EXPERIENCE and run.lines and line[-1] in ":-–" and label_of(line):
        return found.colons_mark_headings and not opens_role(run.lines[0].text)
    if run.kind is Section.SKILLS and kind is Section.LANGUAGES:
        return not _lists_skills(following)
    return True


def _opened_by(line: str, found: Outline) -> tuple[str, Section, str] | None:
    """The heading, section and text of a line that is both; in a role or a list of skills it may be a mere label."""
    run = found.runs[-1]
    opened = heading_with_content(line, anycase=run.kind is None and not run.lines)
    if opened is None:
        return None
    _, kind, content = opened
    if run.kind is Section.EXPERIENCE and run.lines and label_of(line):
        return opened if kind is Section.SKILLS and not found.has_skills else None
    if kind in (Section.OTHER, Section.LANGUAGES) and _lists_skills(content):
        return None
    return opened


def _languages_beside(marker: str, text: str, following: str, run: Run) -> str:
    """The languages of a line that tells them among other things, without opening a section; "" where it does not."""
    label, colon, content = text.partition(":")
    if not colon or not (heading(label) is Section.LANGUAGES or _name(label) == "language"):
        return ""
    in_passing = (
        bool(marker)
        or run.kind in (Section.CONTACT, Section.EXPERIENCE)
        or (run.kind is Section.SKILLS and _lists_skills(following))
    )
    return content.strip() if in_passing and names_language(content) and not _lists_skills(content) else ""


def _lists_skills(text: str) -> bool:
    return any(skill_category(mention.canonical) != SOFT_SKILLS for mention in find_skills(text))


def _take_titles(found: Outline, line: str) -> None:
    """Takes the title lines of a job board's export out of the end of its education section."""
    run = found.runs[-1]
    if (_name(run.title), _name(line)) != ("education details", "skill details") or not run.lines:
        return
    found.titles.append(run.lines.pop())
    if run.lines and not _tells_education(run.lines[-1].text):
        found.titles.insert(0, run.lines.pop())


def _name(title: str) -> str:
    return title.strip(" :").casefold()


def _tells_education(text: str) -> bool:
    return names_degree(text) or names_school(text) or bool(find_date_ranges(text)) or find_place(text) is not None
