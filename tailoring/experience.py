"""Roles and projects: which lines are heads, and which statements belong to them.

A role begins at a dated head or at a label (`company - X`). How a head is read is told in `tailoring.role_head`, how
the lines below it are taken in `tailoring.role_draft`.
"""

from collections.abc import Mapping, Sequence

from tailoring.dates import DateRange
from tailoring.labels import Field, label_of, opens_role
from tailoring.lines import Line
from tailoring.paragraphs import WRAPPED, Paragraphs, are_wrapped
from tailoring.parsed import ParsedProject, ParsedRole
from tailoring.role_draft import RoleDraft
from tailoring.role_head import head_dates, may_be_head, names_title_or_employer, read_head
from tailoring.vocabulary import is_place, trimmed

_MOST_LEAD = 3  # lines of a head above its dates
_MOST_TAIL = 2  # lines of a head below its dates


def parse_roles(lines: Sequence[Line]) -> tuple[list[ParsedRole], list[Line]]:
    """The roles of an experience section, and the lines that belong to none."""
    drafts: list[RoleDraft] = []
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
            drafts.append(RoleDraft(Paragraphs(wraps=wraps)))
            drafts[-1].add(line)
        elif drafts:
            drafts[-1].add(line)
        else:
            strays.append(line)
    empty = {number for draft in drafts if draft.is_empty() for number in draft.line_nos}
    strays += [line for line in lines if line.number in empty]
    return [draft.role() for draft in drafts if not draft.is_empty()], strays


def _open(drafts: list[RoleDraft], lines: Sequence[Line], *, wraps: bool) -> None:
    """Begins a role; one that names no employer takes that of the role above where the dates show a promotion."""
    head = read_head(lines)
    draft = RoleDraft(Paragraphs(wraps=wraps), head.title, head.employer, head.location, head.dates, head.own_line)
    draft.line_nos += [line.number for line in lines]
    above = drafts[-1] if drafts else None
    if above and draft.title and above.employer and above.own_line and not head.is_break:
        spans = above.dates is None or _lies_in(draft.dates, above.dates)
        if spans and not above.title and not above.bullets:  # a line for the employer over several titles
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
    return heads or _undated_heads(lines, wraps=wraps)


def _may_be_head(lines: Sequence[Line], at: int, *, wraps: bool) -> bool:
    """As for the line alone, but not where it ends the wrapped statement above it."""
    if not may_be_head(lines[at]):
        return False
    before = lines[at - 1] if wraps and at else None
    runs_on = before and before.marker and len(before.text) >= WRAPPED and before.text[-1] not in ".;:!?)"
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
        while stop < limit and stop <= anchor + _MOST_TAIL and _completes(lines[first:stop], lines[stop]):
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
    if so_far.is_break:
        return False
    with_line = read_head([*head, line])
    gained = (bool(with_line.title), bool(with_line.employer)) != (bool(so_far.title), bool(so_far.employer))
    return gained or (names_title_or_employer(line.text) and not (so_far.title and so_far.employer))


def _undated_heads(lines: Sequence[Line], *, wraps: bool) -> Mapping[int, int]:
    """Where nothing is dated: the one or two unmarked lines above a marked one, if they name a title or an employer."""
    heads: dict[int, int] = {}

    def in_head(at: int) -> bool:
        return at >= 0 and not lines[at].marker and _may_be_head(lines, at, wraps=wraps)

    for at in range(1, len(lines)):
        if lines[at].marker and in_head(at - 1):
            first = at - 2 if in_head(at - 2) else at - 1
            if any(names_title_or_employer(line.text) for line in lines[first:at]):
                heads |= dict.fromkeys(range(first, at), first)
    return heads


def parse_projects(lines: Sequence[Line]) -> list[ParsedProject]:
    """The projects of a section: a label or an unmarked short line names one, the lines under it are its statements."""
    drafts: list[RoleDraft] = []
    wraps = are_wrapped(lines)
    for line in lines:
        label = label_of(line.text)
        named = label is not None and label[0] is Field.PROJECT and bool(label[1])
        runs_on = bool(drafts) and drafts[-1].bullets.runs_on(line)
        heads = named or (not line.marker and not label and not runs_on and may_be_head(line))
        if heads or not drafts:
            drafts.append(RoleDraft(Paragraphs(wraps=wraps)))
        if heads:
            _name_project(drafts[-1], line, label[1] if named and label else line.text)
        else:
            drafts[-1].add(line)
    return [
        ParsedProject(draft.title, draft.dates, draft.bullets.items(), tuple(draft.details), tuple(draft.line_nos))
        for draft in drafts
    ]


def _name_project(draft: RoleDraft, line: Line, name: str) -> None:
    draft.dates = head_dates(Line(line.number, line.marker, name))
    if draft.dates:
        name = name[: draft.dates.span[0]].rstrip(" ,(") + name[draft.dates.span[1] :]
    draft.title = trimmed(name)
    draft.line_nos.append(line.number)
