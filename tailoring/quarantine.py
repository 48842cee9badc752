"""Tells the malformed records of a CSV block from the sound ones, so that a bad row costs itself and no neighbour.

Where quotes are broken the bytes alone do not say where the next row begins. What the sound rows look like does: which
columns hold numbers, whether the first is a key. A bad row ends where a line ends like a row, or where one begins like
a row; with neither, it takes the rest. The row that cannot be placed is given up, never guessed.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple, TypeAlias

Width: TypeAlias = tuple[int, int]
"""Shortest and longest length of a column's numbers, in bytes."""
Tail: TypeAlias = tuple[Width | None, ...]

_PLAIN = rb'[^",\n]*+'
_QUOTED = rb'"[^"]*+(?:""[^"]*+)*+"'
_FIELD = re.compile(rb"(?:%s|%s)" % (_QUOTED, _PLAIN))
_END = rb"\r?\n"
_BLANK_LINES = re.compile(rb"(?:\r?\n)+")
_ANY_RECORD = re.compile(rb"(?:%s|%s)(?:,(?:%s|%s))*+%s" % (_QUOTED, _PLAIN, _QUOTED, _PLAIN, _END))
_NUMBER = rb"[-+]?\d{1,20}(?:\.\d{1,20})?(?:[eE][-+]?\d{1,3})?"
_IS_NUMBER = re.compile(_NUMBER)

_SAMPLE_ROWS = 1000
_MOST = 0.75  # of the sample: pieces of broken rows may have got into it
_NUMBERS_THAT_MARK_AN_END = 3  # prose has "10,000,000, and" in it, but no three number columns in their places


class Span(NamedTuple):
    """One record: bytes from `start` to `end`; sound when `reason` is empty."""

    start: int
    end: int
    reason: str
    detail: str


@dataclass(frozen=True)
class Shape:
    """What the sound rows of a table look like."""

    names: tuple[str, ...]
    numeric: tuple[bool, ...]
    key: int | None
    """How many digits the numbers of the first column have at least, when it is a number in every row."""
    tail: Tail
    """The end of a row that no prose looks like: how long the numbers of each of the last columns are. May be empty."""
    header: tuple[bytes, ...]

    @property
    def columns(self) -> int:
        return len(self.names)

    @property
    def mark(self) -> tuple[int, Width]:
        """Which column of `tail`, the last left out, holds the numbers whose length varies least; and that length."""
        numbers = [(place, width) for place, width in enumerate(self.tail[:-1]) if width]
        return min(numbers, key=lambda number: number[1][1] - number[1][0])


def first_record(data: bytes) -> tuple[bytes, tuple[bytes, ...], int] | None:
    """The first record of `data` that is no blank line: its bytes, its fields without quotes, the offset after it."""
    blank = _BLANK_LINES.match(data)
    match = _ANY_RECORD.match(data, blank.end() if blank else 0)
    if match is None:
        return None
    raw = match.group().rstrip(b"\r\n")
    fields, position = [], 0
    while field := _FIELD.match(raw, position):
        fields.append(_value(field.group()))
        if field.end() == len(raw):
            break
        position = field.end() + 1
    return raw, tuple(fields), match.end()


def _value(field: bytes) -> bytes:
    field = field.removesuffix(b"\r")
    return field[1:-1].replace(b'""', b'"') if field.startswith(b'"') else field


def learn_shape(names: Sequence[str], header: tuple[bytes, ...], sample: bytes) -> Shape:
    """The shape of a table, by majority over the rows of `sample` that are sound when read on their own."""
    record = _record(len(names))
    rows = list(islice((match.groups() for match in _sound_rows(record, sample)), _SAMPLE_ROWS))
    numeric: list[bool] = []
    marks: list[Width | None] = []
    for values in zip(*rows, strict=True) if rows else [()] * len(names):
        present = [value for value in (_value(field) for field in values) if value]
        numbers = [value for value in present if _IS_NUMBER.fullmatch(value)]
        numeric.append(bool(present) and len(numbers) >= _MOST * len(present))
        always = numeric[-1] and len(present) >= _MOST * len(values)
        marks.append((min(map(len, numbers)), max(map(len, numbers))) if always else None)
    return Shape(tuple(names), tuple(numeric), marks[0][0] if marks[0] else None, _tail(marks), header)


def _tail(marks: Sequence[Width | None]) -> Tail:
    places = [index for index, mark in enumerate(marks) if mark]
    if len(places) < _NUMBERS_THAT_MARK_AN_END:
        return ()
    first = places[-_NUMBERS_THAT_MARK_AN_END]
    while first > 1 and marks[first - 1]:
        first -= 1
    return tuple(marks[max(first, 1) :])


def split(data: bytes, shape: Shape, *, final: bool, cut: bool) -> tuple[list[Span], int]:
    """Every record of `data`, sound or not, in order, and the offset up to which `data` is settled.

    `data` starts at a record. Unless `final`, more bytes follow and a record that may go on in them is left unsettled.
    `final` data ends with a newline; `cut` says that the file had none there.
    """
    reader = _Reader(data, shape, final, cut)
    spans: list[Span] = []
    position = 0
    while position < len(data):
        if blank := _BLANK_LINES.match(data, position):
            position = blank.end()
            continue
        span = reader.next_span(position)
        if span is None:
            break
        spans.append(span)
        position = span.end
    return spans, position


def _record(columns: int) -> re.Pattern[bytes]:
    one = rb"(%s|%s)" % (_QUOTED, _PLAIN)
    return re.compile(rb",".join([one] * columns) + _END)


def _sound_rows(record: re.Pattern[bytes], data: bytes) -> Iterator[re.Match[bytes]]:
    position = 0
    while position < len(data):
        match = record.match(data, position)
        if match:
            yield match
            position = match.end()
        else:
            newline = data.find(b"\n", position)
            position = newline + 1 if newline >= 0 else len(data)


def _digits(width: Width) -> bytes:
    return rb"[-+.\d]{%d,%d}" % width


def _ending(tail: Tail) -> bytes:
    ends = [_digits(width) if width else rb"(?:%s|%s)" % (_QUOTED, _PLAIN) for width in tail]
    return b"".join(b"," + end for end in ends) + rb"\r?"


def hides_row(data: bytes, shape: Shape, marks: Iterable[int]) -> bool:
    """Whether a line in quotes ends like a row: a lost quote may have hidden that row.

    `marks` are the commas in quotes that may stand before the column `shape.mark`.
    """
    place, _ = shape.mark
    from_mark = re.compile(_ending(shape.tail[place:]) + rb"\n")
    whole = re.compile(_ending(shape.tail) + rb"\n\Z")
    return any(
        whole.search(data, data.rfind(b"\n", 0, mark) + 1, found.end())
        for mark in marks
        if (found := from_mark.match(data, mark))
    )


class _Fault(NamedTuple):
    position: int
    column: int
    reason: str
    words: str


class _Reader:
    """Reads record after record out of one block."""

    def __init__(self, data: bytes, shape: Shape, final: bool, cut: bool) -> None:
        self._data, self._shape, self._final, self._cut = data, shape, final, cut
        self._record = _record(shape.columns)
        self._tail = re.compile(_ending(shape.tail) + rb"\Z") if shape.tail else None
        self._key = re.compile(rb'"?%s"?,(?! )' % _digits((shape.key, 20))) if shape.key else None

    def next_span(self, start: int) -> Span | None:
        """The record at `start`; None when it may go on behind the block."""
        match = _ANY_RECORD.match(self._data, start)
        return self._judge(match) if match else self._broken(start)

    def _judge(self, match: re.Match[bytes]) -> Span | None:
        """A record whose quotes are in order: sound, or one that is wrong in another way."""
        start, end = match.span()
        hidden = self._end_inside(start, end)
        if hidden is not None:
            return Span(start, hidden, "unclosed_quote", "a quoted field runs on into the rows that follow")
        row = self._record.fullmatch(self._data, start, end)
        if row is None:
            return self._miscounted(start, end)
        if b"\0" in match.group():
            return Span(start, end, "nul_byte", "the row holds a NUL byte")
        if tuple(map(_value, row.groups())) == self._shape.header:
            return Span(start, end, "repeated_header", "the header again, in the middle of the file")
        return Span(start, end, "", "")

    def _miscounted(self, start: int, end: int) -> Span | None:
        found, expected = self._count(start), self._shape.columns
        detail = f"{found} columns where the header has {expected}"
        if found > expected:
            return Span(start, end, "extra_columns", detail)
        if self._key:  # the rest may stand on the next lines, broken off by a newline that nothing quotes
            following = self._next_start(start)
            if following is None and not self._final:
                return None
            end = max(end, following or end)
        if self._final and self._cut and end == len(self._data):
            return Span(start, end, "cut_short", f"the file ends inside this row: {detail}")
        return Span(start, end, "missing_columns", detail)

    def _broken(self, start: int) -> Span | None:
        fault = self._fault(start)
        open_to_the_end = fault.position == len(self._data)
        if open_to_the_end and not self._final:
            return None
        end = self._next_start(start)
        if end is None and not self._final:
            return None
        end = len(self._data) if end is None else end
        column = f"column {self._name(fault.column)}"
        if fault.position < end and not open_to_the_end:
            return Span(start, end, fault.reason, f"{column}: {fault.words}")
        if end == len(self._data) and self._cut:
            return Span(start, end, "cut_short", f"the file ends inside {column}")
        return Span(start, end, "unclosed_quote", f"{column}: a quote is opened and never closed")

    def _name(self, column: int) -> str:
        return f"'{self._shape.names[column]}'" if column < self._shape.columns else str(column + 1)

    def _count(self, start: int) -> int:
        position, count = start, 1
        while (field := _FIELD.match(self._data, position)) and self._data[field.end() : field.end() + 1] == b",":
            position, count = field.end() + 1, count + 1
        return count

    def _fault(self, start: int) -> _Fault:
        """Where the quotes of the record at `start` go wrong: the end of the data when a field is still open there."""
        data, position, column = self._data, start, 0
        while True:
            field = _FIELD.match(data, position)
            end = field.end() if field else position
            if data[end : end + 1] == b",":
                position, column = end + 1, column + 1
            elif end == len(data) or end == position:  # unfinished, or opened by a quote that nothing closes
                return _Fault(len(data), column, "unclosed_quote", "")
            elif data[position : position + 1] == b'"' and data[end - 2 : end - 1] in (b",", b"\n"):
                return _Fault(
                    end, column, "unclosed_quote", "a quote is opened and not closed before the next one opens"
                )
            elif data[position : position + 1] == b'"':
                return _Fault(end, column, "text_after_quote", "text follows the closing quote")
            else:
                return _Fault(end, column, "stray_quote", "a quote in the middle of an unquoted value")

    def _end_inside(self, start: int, end: int) -> int | None:
        """Where a line inside the quoted fields of a record ends like a row: it lost a quote, and rows went with it."""
        if self._tail is None:
            return None
        newline = self._data.find(b"\n", start, end - 1)
        while newline >= 0:
            if self._tail.search(self._data, start, newline):
                return newline + 1
            start = newline + 1
            newline = self._data.find(b"\n", start, end - 1)
        return None

    def _next_start(self, start: int) -> int | None:
        """Where the row after the broken one at `start` begins; None when nothing in the block says so."""
        data, line, commas = self._data, start, 0
        while (newline := data.find(b"\n", line)) >= 0:
            following = newline + 1
            commas += data.count(b",", line, newline)
            if self._tail and self._tail.search(data, line, newline):
                return following
            if self._begins_row(following, commas):
                return following
            line = following
        return None

    def _begins_row(self, start: int, commas_before: int) -> bool:
        if self._key:
            return self._key.match(self._data, start) is not None
        row = self._record.match(self._data, start)
        if row is None or not self._plausible(row.groups()):
            return False
        if self._data[start : start + 1] == b'"':
            return True
        return self._tail is None and commas_before >= self._shape.columns - 1

    def _plausible(self, fields: tuple[bytes, ...]) -> bool:
        if len(fields) > 1 and all(field.startswith(b" ") for field in fields[1:]):
            return False  # a line of prose: "2019, Lyon, France"
        values = [_value(field) for field, numeric in zip(fields, self._shape.numeric, strict=True) if numeric]
        given = [_IS_NUMBER.fullmatch(value) is not None for value in values if value]
        return sum(given) >= _MOST * len(given)
