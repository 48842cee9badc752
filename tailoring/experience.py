"""Roles: title, employer, place, dates and statements, from the many layouts that resumes use.

A head is told by a date range or by labels (`company - X`, `Designation: Y`); its fields by separators and by a small
vocabulary of titles, organisations and places. A field that could be two things stays empty.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from tailoring.dates import DateRange, find_date_ranges
from tailoring.lines import Line
from tailoring.parsed import Item, ParsedProject, ParsedRole
from tailoring.vocabulary import is_place, word_list, words_of

_LABELS = {
    "employer": "company|company name|employer|organization|organisation|name of company|firm|name of organization",
    "title": "designation|position|job title|role|title|post",
    "dates": "duration|period|dates|tenure|working period|date",
    "location": "location|place|city|job location",
    "bullet": (
        "description|responsibilities|responsibility|roles and responsibilities|role and responsibilities|key achievements|"
        "job responsibilities|duties and responsibilities|key responsibilities|duties|job description|job profile|"
        "roles and responsibility|achievements|contribution"
    ),
    "detail": (
        "environment|client|project|project name|project title|technologies|technologies used|technology|tools|domain|"
        "team size|platform|database|database used|tools and technologies|tech stack|end client|project description|website|url"
    ),
}
_FIELD_OF_LABEL = {label: name for name, labels in _LABELS.items() for label in labels.split("|")}
_LABEL = re.compile(r"([^\W\d_][\w &/()'.]{1,35}?)\s*(?::[-–]?|\s[-–](?=\s|$))\s*")
_SEPARATOR = re.compile(r"\s*[|•·]\s*|\s+[–—-]+\s+|\t+| {3,}|\s+@\s+")
_LEGAL = frozenset(
    "inc incorporated llc llp ltd limited plc corp corporation co gmbh ag sarl sas pvt bv oy ab spa srl".split()
)
_EDGES = " \t,;:|()[]-–—•·"
_LONGEST_HEAD = 110  # characters; a longer line is a statement
_WRAPPED = 60  # characters; a line at least so long may run on in the next


@dataclass(slots=True)
class _Draft:
    title: str = ""
    employer: str = ""
    location: str = ""
    dates: DateRange | None = None
    bullets: list[tuple[list[str], list[int]]] = field(default_factory=list)
    details: list[Item] = field(default_factory=list)
    line_nos: list[int] = field(default_factory=list)

    def add_statement(self, line: Line, text: str) -> None:
        self.bullets.append(([text], [line.number]))

    def items(self) -> tuple[Item, ...]:
        return tuple(Item(" ".join(parts), tuple(numbers)) for parts, numbers in self.bullets)

    def role(self) -> ParsedRole:
        return ParsedRole(
            self.title,
            self.employer,
            self.location,
            self.dates,
            self.items(),
            tuple(self.details),
            tuple(self.line_nos),
        )


def label_of(text: str) -> tuple[str, str] | None:
    """The field that a labelled line fills, and its value: `Designation: Analyst` is ("title", "Analyst")."""
    match = _LABEL.match(text)
    if match is None:
        return None
    name = " ".join(match[1].casefold().replace("&", " and ").replace("/", " and ").split())
    filled = _FIELD_OF_LABEL.get(name)
    return (filled, text[match.end() :].strip()) if filled else None


def starts_labelled_role(text: str) -> bool:
    """Whether the line opens a role by a label: `company - X`."""
    label = label_of(text)
    return label is not None and label[0] == "employer"


def parse_roles(lines: Sequence[Line]) -> tuple[list[ParsedRole], list[Line]]:
    """The roles of an experience section, and the lines before the first that belong to none."""
    drafts: list[_Draft] = []
    strays: list[Line] = []
    heads = _heads(lines)
    for position, line in enumerate(lines):
        if position in heads:
            if heads[position] == position:
                drafts.append(_Draft())
                _fill_head(drafts[-1], [lines[at] for at in sorted(at for at in heads if heads[at] == position)])
        elif not drafts and not starts_labelled_role(line.text):
            strays.append(line)
        else:
            if starts_labelled_role(line.text):
                drafts.append(_Draft())
            _add_body(drafts[-1], line)
    return [draft.role() for draft in drafts], strays


def _heads(lines: Sequence[Line]) -> dict[int, int]:
    """Position of each head line -> position of the first line of its head."""
    heads: dict[int, int] = {}
    at = 0
    while at < len(lines):
        if not _may_be_head(lines, at):
            at += 1
            continue
        end = at
        while end < len(lines) and _may_be_head(lines, end):
            end += 1
        anchors = [position for position in range(at, end) if _head_dates(lines[position])]
        if anchors:
            lead = min(anchors[0] - at, 2)
            starts = [max(at, anchor - lead) for anchor in anchors]
            for start, stop in zip(starts, [*starts[1:], end], strict=True):
                for position in range(start, min(stop, start + lead + 2)):
                    heads[position] = start
        at = end
    return heads


def _may_be_head(lines: Sequence[Line], at: int) -> bool:
    line = lines[at]
    if len(line.text) > _LONGEST_HEAD or line.text[0].islower():
        return False
    if line.marker:
        dates = _head_dates(line)
        return dates is not None and (dates.present or dates.start != dates.end) and _names_position(line.text)
    label = label_of(line.text)
    if label:
        return False
    return not _is_sentence(line.text)


def _names_position(text: str) -> bool:
    words = words_of(text)
    return len(words) <= 16 and not (word_list("title_words").isdisjoint(words))


def _is_sentence(text: str) -> bool:
    words = text.split()
    return text[-1] in ".;!?" and len(words) > 6 and words[-1].strip(".").casefold() not in _LEGAL


def _head_dates(line: Line) -> DateRange | None:
    for dates in find_date_ranges(line.text):
        before, after = line.text[: dates.span[0]].rstrip(), line.text[dates.span[1] :].strip(" .)]")
        if not dates.is_lone_year or not after or not before:
            return dates
    return None


def _fill_head(draft: _Draft, lines: Sequence[Line]) -> None:
    pieces: list[str] = []
    for line in lines:
        text = line.text
        dates = _head_dates(line)
        if dates and draft.dates is None:
            draft.dates = dates
            text = text[: dates.span[0]] + " | " + text[dates.span[1] :]
        pieces += [piece.strip(_EDGES) for piece in _SEPARATOR.split(text)]
        draft.line_nos.append(line.number)
    _fill_fields(draft, [piece for piece in pieces if piece])


def _fill_fields(draft: _Draft, pieces: Iterable[str]) -> None:
    titles: list[str] = []
    employers: list[str] = []
    unknown: list[str] = []
    for piece in pieces:
        rest, place = _without_place(piece)
        draft.location = draft.location or place
        for part in _comma_parts(rest):
            {_Kind.TITLE: titles, _Kind.EMPLOYER: employers, _Kind.UNKNOWN: unknown}[_kind(part)].append(part)
    if not employers and unknown:
        employers.append(unknown.pop(0))
    if not titles and len(unknown) == 1:
        titles.append(unknown.pop())
    draft.title = draft.title or next(iter(titles), "")
    draft.employer = draft.employer or next(iter(employers), "")


class _Kind(Enum):
    TITLE = auto()
    EMPLOYER = auto()
    UNKNOWN = auto()


def _kind(text: str) -> _Kind:
    words = words_of(text.partition("(")[0])
    if not words:
        return _Kind.UNKNOWN
    if words[-1] in word_list("title_words"):
        return _Kind.TITLE
    if not _LEGAL.isdisjoint(words):
        return _Kind.EMPLOYER
    if not word_list("title_words").isdisjoint(words):
        return _Kind.TITLE
    if not word_list("employer_words").isdisjoint(words):
        return _Kind.EMPLOYER
    return _Kind.UNKNOWN


def _without_place(text: str) -> tuple[str, str]:
    """The text without the place at its end, and that place: `Acme Corp, Austin, TX` is ("Acme Corp", "Austin, TX")."""
    if is_place(text):
        return "", text
    parts = text.split(",")
    for count in (3, 2, 1):
        place = ",".join(parts[-count:]).strip()
        if len(parts) > count and is_place(place) and (count < 2 or _starts_with_city(place)):
            return ",".join(parts[:-count]).strip(), place
    return text, ""


def _starts_with_city(place: str) -> bool:
    return is_place(place.split(",")[0]) or _kind(place.split(",")[0]) is _Kind.UNKNOWN


def _comma_parts(text: str) -> list[str]:
    """`Title, Employer` in two; anything else in one."""
    if not text:
        return []
    first, comma, rest = text.partition(",")
    rest = rest.strip()
    if comma and rest and rest.strip(".").casefold() not in _LEGAL:
        kinds = (_kind(first), _kind(rest))
        if kinds[0] != kinds[1] and _Kind.TITLE in kinds:
            return [first.strip(), rest]
    return [text]


def _add_body(draft: _Draft, line: Line) -> None:
    label = label_of(line.text)
    if label:
        _add_labelled(draft, line, *label)
    elif not line.marker and draft.bullets and _runs_on(draft.bullets[-1], line):
        draft.bullets[-1][0].append(line.text)
        draft.bullets[-1][1].append(line.number)
    else:
        draft.add_statement(line, line.text)


def _add_labelled(draft: _Draft, line: Line, filled: str, value: str) -> None:
    if filled == "detail":
        draft.details.append(Item(line.text, (line.number,)))
    elif filled == "bullet" and value:
        draft.add_statement(line, value)
    elif filled == "dates" and draft.dates is None and find_date_ranges(value):
        draft.dates = find_date_ranges(value)[0]
        draft.line_nos.append(line.number)
    elif filled in ("title", "employer", "location") and not getattr(draft, filled) and len(value) <= 80:
        setattr(draft, filled, value)
        draft.line_nos.append(line.number)
    elif value:
        draft.details.append(Item(line.text, (line.number,)))
    else:
        draft.line_nos.append(line.number)


def _runs_on(last: tuple[list[str], list[int]], line: Line) -> bool:
    """Whether an unmarked line continues the statement before it."""
    before = last[0][-1]
    if last[1][-1] != line.number - 1:
        return False
    return line.text[0].islower() or (len(before) >= _WRAPPED and before[-1] not in ".;:!?")


def parse_projects(lines: Sequence[Line]) -> list[ParsedProject]:
    """The projects of a section: an unmarked short line opens one, the lines under it are its statements."""
    drafts: list[_Draft] = []
    for line in lines:
        label = label_of(line.text)
        named = (
            label is not None
            and label[0] in ("title", "detail")
            and label[1]
            and "project" in line.text[:10].casefold()
        )
        opens = not line.marker and not label and len(line.text) <= _LONGEST_HEAD and not _is_sentence(line.text)
        runs_on = bool(drafts and drafts[-1].bullets) and not line.marker and _runs_on(drafts[-1].bullets[-1], line)
        if not drafts or named or (opens and not runs_on):
            drafts.append(_Draft())
            if named or opens:
                dates = _head_dates(line)
                text = label[1] if named and label else line.text
                drafts[-1].dates = dates
                drafts[-1].title = text.replace(dates.text, "").strip(_EDGES) if dates else text.strip(_EDGES)
                drafts[-1].line_nos.append(line.number)
                continue
        _add_body(drafts[-1], line)
    return [
        ParsedProject(draft.title, draft.dates, draft.items(), tuple(draft.details), tuple(draft.line_nos))
        for draft in drafts
    ]
