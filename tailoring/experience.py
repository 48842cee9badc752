"""Roles and projects: which lines are heads, and which statements belong to them.

A role begins at a dated head or at a label (`company - X`). How a head is read is told in `tailoring.role_head`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tailoring.dates import DateRange, find_date_ranges
from tailoring.labels import Field, label_of, opens_role
from tailoring.lines import Line
from tailoring.paragraphs import Paragraphs, are_wrapped
from tailoring.parsed import Item, ParsedProject, ParsedRole
from tailoring.role_head import (
    head_dates,
    is_title,
    may_be_head,
    names_title_or_employer,
    read_head,
)
from tailoring.vocabulary import is_place, names_title, split_place, trimmed

_WRAPPED = 60  # characters; a statement at least so long may run on in the next line
_LONGEST_VALUE = 80  # characters of a title, an employer or a name
_MOST_LEAD = 3  # lines of a head above its dates
_FEWEST_WORDS = 4  # in a statement behind a head on its line
_LONGEST_HEAD = 12  # words
_SAME_NAME = 12  # characters by which an employer is known again
_TITLE_END = re.compile(r",|(?<=\w{4})\.\s|\s[-–—]\s")
_TABLE_LABEL = re.compile(r"(?:role|designation|position)\s+(?=[A-Z])", re.IGNORECASE)
_WORKED_AS = re.compile(
    r"work(?:ed|ing)? as (?:an? |the )?[\"'“‘]*([^\"'”’,.]{3,60}?)[\"'”’]*(?: (?:in|at|for|with|of)\b|[.,]|$)",
    re.IGNORECASE,
)
_EDGES = " \t,;:|()[]-–—•·"


@dataclass(slots=True)
class _Draft:
    """A role or project while its lines are read."""

    bullets: Paragraphs
    title: str = ""
    employer: str = ""
    location: str = ""
    dates: DateRange | None = None
    own_line: bool = False
    employed: DateRange | None = None  # with this employer in all positions, where the source tells
    details: list[Item] = field(default_factory=list)
    line_nos: list[int] = field(default_factory=list)

    def take_employer(self, other: "_Draft", employed: DateRange | None) -> None:
        """Takes over the employer of the role above."""
        self.employer, self.own_line, self.employed = other.employer, True, employed
        self.location = self.location or other.location

    def add(self, line: Line) -> None:
        """Takes in a line below the head."""
        label = label_of(line.text)
        if label:
            self._add_labelled(line, *label)
        elif self.bullets.runs_on(line):
            self.bullets.add(line)
        else:
            self._add_statement(line, line.text)

    def _add_statement(self, line: Line, text: str) -> None:
        if line.marker or not (rest := self._after_head(text)):
            self.bullets.begin(line, text)
        elif len(rest.split()) >= _FEWEST_WORDS:
            self.bullets.begin(line, rest)
        else:
            self.line_nos.append(line.number)

    def _after_head(self, text: str) -> str:
        """What a line below a label says behind the words that only a head would say, which fill the head.

        Such words are a title, dates, `Worked as Analyst`. The answer is "" when the line does not begin so, and "." when
        it ends so.
        """
        if self.title and self.dates:
            return ""
        if text.isupper() and len(text.split()) <= _FEWEST_WORDS:
            return "."  # a heading inside the role
        dates = next((found for found in find_date_ranges(text) if not found.is_lone_year), None)
        before = _TABLE_LABEL.sub("", text[: dates.span[0]] if dates else text).strip(_EDGES)
        worked_as = _WORKED_AS.match(before)
        title = worked_as[1] if worked_as else _TITLE_END.split(before, maxsplit=1)[0]
        if len(before.split()) > _LONGEST_HEAD or (before and not is_title(title)):
            return ""
        if not dates and not worked_as and not self._is_own(before[len(title) :].strip(_EDGES)):
            return ""
        if self.bullets and (dates is None or not before):
            return ""
        if (self.title or not title) and (self.dates or not dates):
            return ""
        self.title, self.dates = self.title or trimmed(title), self.dates or dates
        rest = text[dates.span[1] :].strip(_EDGES + ".") if dates else ""
        return rest or "."

    def _is_own(self, employer: str) -> bool:
        """Whether an employer named below the label is none, or the same again."""
        return not employer or self.employer.casefold().startswith(employer.casefold()[:_SAME_NAME])

    def _add_labelled(self, line: Line, named: Field, value: str) -> None:
        if named is Field.STATEMENTS and (inner := label_of(value)):  # "description - Designation: Analyst"
            line, (named, value) = Line(line.number, line.marker, value), inner
        if named is Field.STATEMENTS and value:
            self._add_statement(line, value)
        elif self._fill(named, value):
            self.line_nos.append(line.number)
        elif value:
            self.details.append(Item(line.text, (line.number,)))
        else:
            self.line_nos.append(line.number)

    def _fill(self, named: Field, value: str) -> bool:
        """Fills an empty field of a role; says whether it did."""
        if (
            not value
            or len(value) > _LONGEST_VALUE
            or any(item.text[:7].casefold() == "project" for item in self.details)
        ):
            return False
        if named is Field.DATES and self.dates is None:
            self.dates = next(iter(find_date_ranges(value)), None)
            return self.dates is not None
        if (named is Field.TITLE or (named is Field.ROLE and names_title(value))) and not self.title:
            self.title = trimmed(value)
        elif named is Field.EMPLOYER and not self.employer:
            self._fill_employer(value, "")
        elif named is Field.CLIENT and not self.employer and not self.line_nos:
            self._fill_employer(value, "Client: ")  # an employer is not what the source calls it
        elif named is Field.LOCATION and not self.location and is_place(value):
            self.location = value
        else:
            return False
        return True

    def _fill_employer(self, value: str, kind: str) -> None:
        """Fills the employer, and the dates and the place that stand behind it."""
        self.dates = head_dates(Line(0, "", value))
        if self.dates:
            value = value[: self.dates.span[0]] + value[self.dates.span[1] :]
            name, self.location = split_place(trimmed(value))
        else:
            name = value
        self.employer = kind + trimmed(name)

    def is_empty(self) -> bool:
        """Whether its lines are labels without values."""
        return not (self.title or self.employer or self.dates or self.bullets or self.details)

    def role(self) -> ParsedRole:
        return ParsedRole(
            self.title,
            self.employer,
            self.location,
            self.dates,
            self.bullets.items(),
            tuple(self.details),
            tuple(self.line_nos),
        )


def parse_roles(lines: Sequence[Line]) -> tuple[list[ParsedRole], list[Line]]:
    """The roles of an experience section, and the lines that belong to none."""
    drafts: list[_Draft] = []
    strays: list[Line] = []
    wraps = are_wrapped(lines)
    heads = _heads(lines, wraps=wraps)
    for position, line in enumerate(lines):
        if position in heads:
            if heads[position] == position:
                end = position
                while heads.get(end) == position:
                    end += 1
                _open(drafts, lines[position:end], wraps=wraps)
        elif opens_role(line.text):
            drafts.append(_Draft(Paragraphs(wraps=wraps)))
            drafts[-1].add(line)
        elif drafts:
            drafts[-1].add(line)
        else:
            strays.append(line)
    empty = {number for draft in drafts if draft.is_empty() for number in draft.line_nos}
    strays += [line for line in lines if line.number in empty]
    return [draft.role() for draft in drafts if not draft.is_empty()], strays


def _open(drafts: list[_Draft], lines: Sequence[Line], *, wraps: bool) -> None:
    """Begins a role; one that names no employer takes that of the role above where the dates show a promotion."""
    head = read_head(lines)
    draft = _Draft(Paragraphs(wraps=wraps), head.title, head.employer, head.location, head.dates, head.own_line)
    draft.line_nos = [line.number for line in lines]
    above = drafts[-1] if drafts else None
    if above and draft.title and above.employer and above.own_line:
        if not above.title and not above.bullets:  # a line for the employer over several titles
            drafts.pop()
            draft.line_nos = above.line_nos + draft.line_nos
            draft.title = head.title if not head.employer else f"{head.title}, {head.employer}"
            draft.take_employer(above, above.dates)
        elif not draft.employer and (_follows(draft.dates, above.dates) or _lies_in(draft.dates, above.employed)):
            draft.take_employer(above, above.employed)
    drafts.append(draft)


def _lies_in(inner: DateRange | None, outer: DateRange | None) -> bool:
    """Whether a range of dates lies in another, by years."""
    if inner is None or outer is None or inner.start.year < outer.start.year:
        return False
    return outer.end is None or (inner.end is not None and inner.end.year <= outer.end.year)


def _follows(earlier: DateRange | None, later: DateRange | None) -> bool:
    """Whether one range ends where the other begins, give or take a month."""
    if earlier is None or later is None or earlier.end is None:
        return False
    if earlier.end.month is None or later.start.month is None:
        return earlier.end.year == later.start.year
    months = (later.start.year - earlier.end.year) * 12 + later.start.month - earlier.end.month
    return 0 <= months <= 1


def _heads(lines: Sequence[Line], *, wraps: bool) -> Mapping[int, int]:
    """Position of each head line -> position of the first line of its head; none where labels open the roles."""
    heads: dict[int, int] = {}
    if any(opens_role(line.text) for line in lines):
        return heads
    at = 0
    while at < len(lines):
        end = at
        while end < len(lines) and _may_be_head(lines, end, wraps=wraps):
            end += 1
        _mark_heads(lines, at, end, heads)
        at = end + 1
    if not heads:
        _mark_undated_heads(lines, heads, wraps=wraps)
    return heads


def _may_be_head(lines: Sequence[Line], at: int, *, wraps: bool) -> bool:
    """As for the line alone, but not where it ends the wrapped statement above it."""
    if not may_be_head(lines[at]):
        return False
    before = lines[at - 1] if wraps and at else None
    runs_on = before and before.marker and len(before.text) >= _WRAPPED and before.text[-1] not in ".;:!?)"
    return not runs_on or bool(head_dates(lines[at]))


def _mark_heads(lines: Sequence[Line], begin: int, end: int, heads: dict[int, int]) -> None:
    """Marks the heads in a run of lines that may be heads: each has one dated line, all at the same place in it."""
    anchors = [at for at in range(begin, end) if head_dates(lines[at])]
    if not anchors:
        return
    lead = min(anchors[0] - begin, _MOST_LEAD)
    starts = [anchor - lead for anchor in anchors]
    for number, (anchor, start) in enumerate(zip(anchors, starts, strict=True)):
        first = max(start, anchors[number - 1] + 1) if number else start
        limit = starts[number + 1] if number + 1 < len(starts) else end
        stop = anchor + 1
        while stop < limit and stop <= anchor + 2 and _completes(lines[first:stop], lines[stop]):
            stop += 1
        for at in range(first, stop):
            heads[at] = first


def _completes(head: Sequence[Line], line: Line) -> bool:
    """Whether a line below the dates belongs to the head: it fills a field that is still empty."""
    if line.marker:
        return False
    so_far = read_head(head)
    if is_place(line.text):
        return not so_far.location
    with_line = read_head([*head, line])
    gained = (bool(with_line.title), bool(with_line.employer)) != (bool(so_far.title), bool(so_far.employer))
    return gained or (names_title_or_employer(line.text) and not (so_far.title and so_far.employer))


def _mark_undated_heads(lines: Sequence[Line], heads: dict[int, int], *, wraps: bool) -> None:
    """In a section without dates: one or two unmarked lines right above a marked one, that name a title or an employer."""
    for at in range(1, len(lines)):
        if not lines[at].marker or lines[at - 1].marker:
            continue
        first = at - 1
        while (
            first > 0 and at - first < 2 and not lines[first - 1].marker and _may_be_head(lines, first - 1, wraps=wraps)
        ):
            first -= 1
        if _may_be_head(lines, at - 1, wraps=wraps) and any(
            names_title_or_employer(line.text) for line in lines[first:at]
        ):
            for position in range(first, at):
                heads[position] = first


def parse_projects(lines: Sequence[Line]) -> list[ParsedProject]:
    """The projects of a section: a label or an unmarked short line names one, the lines under it are its statements."""
    drafts: list[_Draft] = []
    wraps = are_wrapped(lines)
    for line in lines:
        label = label_of(line.text)
        named = label is not None and label[0] is Field.PROJECT and bool(label[1])
        runs_on = bool(drafts) and drafts[-1].bullets.runs_on(line)
        heads = named or (not line.marker and not label and not runs_on and may_be_head(line))
        if heads or not drafts:
            drafts.append(_Draft(Paragraphs(wraps=wraps)))
        if heads:
            _name_project(drafts[-1], line, label[1] if named and label else line.text)
        else:
            drafts[-1].add(line)
    return [
        ParsedProject(draft.title, draft.dates, draft.bullets.items(), tuple(draft.details), tuple(draft.line_nos))
        for draft in drafts
    ]


def _name_project(draft: _Draft, line: Line, name: str) -> None:
    draft.dates = head_dates(Line(line.number, line.marker, name))
    if draft.dates:
        name = name[: draft.dates.span[0]].rstrip(" ,(") + name[draft.dates.span[1] :]
    draft.title = trimmed(name)
    draft.line_nos.append(line.number)
