"""Where the records and fields of CSV bytes lie, found with numpy; and the fields as polars columns, without copying.

The grammar is strict RFC 4180: a quote opens a field right after a separator, closes it right before one, and is
doubled inside. `locate` answers for a block of bytes or not at all: whoever gets None asks `quarantine`, which tells
the bad rows from the good. Keep out: files, encodings, headers, and any idea of what to do with a bad row.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

Offsets = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]

_QUOTE, _COMMA, _NEWLINE, _RETURN = b'",\n\r'
_MAY_PRECEDE_OPENING = np.isin(np.arange(256), [_COMMA, _NEWLINE, _QUOTE])
_MAY_FOLLOW_CLOSING = np.isin(np.arange(256), [_COMMA, _NEWLINE, _RETURN, _QUOTE])
_IN_A_NUMBER = np.isin(np.arange(256), list(b"0123456789+-."))

# Arrow keeps strings of up to 12 bytes inside the 16-byte view, so every view starts from the field's first 12 bytes.
_INLINE = 12
_KEEP_FIRST = np.where(np.arange(_INLINE) < np.arange(_INLINE + 1)[:, None], 255, 0).astype(np.uint8)


class Records(NamedTuple):
    """Field bounds of the complete records in a block: two (rows, columns) tables of byte offsets, quotes included."""

    starts: Offsets
    ends: Offsets
    consumed: int
    """Offset just past the last complete record."""
    lines: int
    """Newlines up to there."""
    doubled: Offsets
    """Places, in the flattened tables, of the fields that hold a doubled quote; some may be empty ones in quotes."""
    suspicious: bool
    """A line inside a quoted field ends like a row: a lost quote may have hidden one."""


def locate(data: bytes, columns: int, tail: Sequence[tuple[int, int] | None] = ()) -> Records | None:
    """The records of `data`, which starts at a record; None when any byte breaks the grammar or the column count.

    A last record that `data` does not complete is left out. Blank lines are no records. `tail` says which of the last
    columns hold numbers, and how long these are.
    """
    if b"\0" in data:
        return None
    block = np.frombuffer(data, dtype=np.uint8)
    special = np.flatnonzero((block == _QUOTE) | (block == _COMMA) | (block == _NEWLINE))
    kind = block[special]
    is_quote = kind == _QUOTE
    inside = (np.cumsum(is_quote, dtype=np.uint8) & 1).view(np.bool_)
    quotes = special[is_quote]  # opening and closing ones in turn
    if not _quotes_are_sound(block, quotes[::2], quotes[1::2]):
        return None

    boundary = ~inside & ~is_quote
    ends = special[boundary]
    closes_record = kind[boundary] == _NEWLINE
    complete = np.flatnonzero(closes_record)
    if not len(complete):
        none = np.empty((0, columns), np.int64)
        return Records(none, none, 0, 0, np.empty(0, np.int64), False)
    ends, closes_record = ends[: complete[-1] + 1], closes_record[: complete[-1] + 1]
    consumed = int(ends[-1]) + 1
    starts = np.concatenate(([0], ends[:-1] + 1))
    ends = ends - (closes_record & (ends > starts) & (block[ends - 1] == _RETURN))

    blank = closes_record & (starts == ends) & np.concatenate(([True], closes_record[:-1]))
    if blank.any():
        starts, ends, closes_record = starts[~blank], ends[~blank], closes_record[~blank]
    if len(ends) % columns:
        return None
    shape = closes_record.reshape(-1, columns)
    if not shape[:, -1].all() or shape[:, :-1].any():
        return None
    newlines = np.flatnonzero(kind[: np.searchsorted(special, consumed)] == _NEWLINE)
    suspicious = bool(tail) and _any_ends_in(tail, newlines[inside[newlines]], special, block)
    doubled = np.unique(np.searchsorted(ends, quotes[1:][np.diff(quotes) == 1]))
    return Records(
        starts.reshape(-1, columns),
        ends.reshape(-1, columns),
        consumed,
        len(newlines),
        doubled[doubled < len(ends)],
        suspicious,
    )


def _quotes_are_sound(block: Bytes, opening: Offsets, closing: Offsets) -> bool:
    before = block[opening - 1]
    if len(opening) and opening[0] == 0:
        before[0] = _NEWLINE
    last = len(block) - 1
    after = block[np.minimum(closing + 1, last)]
    line_ends = closing[after == _RETURN] + 2
    return bool(
        _MAY_PRECEDE_OPENING[before].all()
        and _MAY_FOLLOW_CLOSING[after].all()
        and (block[line_ends[line_ends <= last]] == _NEWLINE).all()
    )


def _any_ends_in(
    tail: Sequence[tuple[int, int] | None], newlines: npt.NDArray[np.intp], special: Offsets, block: Bytes
) -> bool:
    """Whether the fields of `tail` could stand before one of the newlines, given by their place in `special`."""
    candidates = newlines[newlines >= len(tail)]
    for back, width in enumerate(reversed(tail), start=1):
        opens = special[candidates - back]
        fits = block[opens] == _COMMA
        if width:
            length = special[candidates - back + 1] - opens - 1
            fits &= (length >= width[0]) & (length <= width[1] + 1) & _IN_A_NUMBER[block[opens + 1]]
        candidates = candidates[fits]
    return len(candidates) > 0


def read_columns(data: bytes, records: Records, indices: Sequence[int]) -> list[pl.Series]:
    """Columns of the records as strings that point into `data` (valid UTF-8); an empty field is null."""
    padded = data + bytes(_INLINE)
    first_byte = np.frombuffer(padded, np.uint8)
    every_offset = np.ndarray((len(data) + 1,), dtype=f"V{_INLINE}", buffer=padded, strides=(1,))
    rows, columns = records.starts.shape
    start, end = (bounds[:, indices].T.ravel() for bounds in (records.starts, records.ends))  # column after column
    quoted = first_byte[start] == _QUOTE  # of an empty field this is a separator
    start, length = start + quoted, (end - start - 2 * quoted).astype(np.int32)
    views = np.empty((len(start), 4), np.int32)
    views[:, 0] = length
    inline = every_offset[start].view(np.uint8).reshape(-1, _INLINE) & _KEEP_FIRST[np.minimum(length, _INLINE)]
    views[:, 1:] = inline.view(np.int32)
    long = length > _INLINE
    views[long, 2] = 0  # the only buffer
    views[long, 3] = start[long]
    present = pa.py_buffer(np.packbits(length > 0, bitorder="little"))
    buffers = [present, pa.py_buffer(views), pa.py_buffer(padded)]
    strings = pl.Series(pa.Array.from_buffers(pa.string_view(), len(start), buffers))
    doubled_row, doubled_column = np.divmod(records.doubled, columns)
    for place, index in enumerate(indices):
        doubled = pl.Series(place * rows + doubled_row[doubled_column == index])
        if len(doubled):
            single = strings.gather(doubled).str.replace_all('""', '"', literal=True)
            strings = strings.scatter(doubled, single)
    return [strings.slice(place * rows, rows) for place in range(len(indices))]
