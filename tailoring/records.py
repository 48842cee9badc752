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
    """Field bounds of the records in a block: two (rows, columns) tables of byte offsets, quotes included."""

    starts: Offsets
    ends: Offsets
    quotes: Offsets
    """Where the quotes are, opening and closing ones in turn."""


def locate(data: bytes, columns: int) -> Records | None:
    """The records of `data`, blank lines left out; None when any byte breaks the grammar or the column count.

    `data` ends with its last record, in a newline.
    """
    if b"\0" in data or data[-1:] not in (b"", b"\n"):
        return None
    block = np.frombuffer(data, np.uint8)
    quotes = np.flatnonzero(block == _QUOTE)
    if not _are_sound(quotes, block):
        return None
    ends = _separators(data, quotes)
    starts = np.concatenate(([0], ends + 1))[:-1]
    last = np.flatnonzero(block[ends] == _NEWLINE)  # of the fields of a line
    ends[last] -= (block[ends[last] - 1] == _RETURN) & (ends[last] > starts[last])
    width = np.diff(last, prepend=-1)
    blank = (width == 1) & (starts[last] == ends[last])
    if (width[~blank] != columns).any():
        return None
    if blank.any():
        starts, ends = np.delete(starts, last[blank]), np.delete(ends, last[blank])
    return Records(starts.reshape(-1, columns), ends.reshape(-1, columns), quotes)


def _are_sound(quotes: Offsets, block: Bytes) -> bool:
    """Whether the quotes come in pairs and each stands where it may; `block` ends with a newline."""
    opening, closing = quotes[::2], quotes[1::2]
    before, after = block[opening - 1], block[closing + 1]  # before the first byte comes the last, a newline
    return bool(
        len(opening) == len(closing)
        and _MAY_PRECEDE_OPENING[before].all()
        and _MAY_FOLLOW_CLOSING[after].all()
        and (block[closing[after == _RETURN] + 2] == _NEWLINE).all()
    )


def _separators(data: bytes, quotes: Offsets) -> Offsets:
    """Where the commas and newlines are that nothing quotes. Most bytes are quoted: those are left out first."""
    text, starts, shifts = _runs(data, quotes, np.arange(0, len(quotes) + 1, 2))
    outside = np.frombuffer(text, np.uint8)
    found = np.flatnonzero((outside == _COMMA) | (outside == _NEWLINE))
    return found + np.repeat(shifts, np.diff(np.searchsorted(found, starts)))


def _runs(data: bytes, quotes: Offsets, which: Offsets) -> tuple[pa.Buffer, Offsets, Offsets]:
    """Some of the runs that end with a quote (the last one with the data), one after the other.

    Returns them, where each of them starts and the last one ends, and how many bytes further on each is in `data`.
    """
    bounds = np.concatenate(([0], quotes + 1, [len(data)]))
    runs = pa.Array.from_buffers(pa.large_binary(), len(bounds) - 1, [None, pa.py_buffer(bounds), pa.py_buffer(data)])
    places = pa.Array.from_buffers(pa.int64(), len(which), [None, pa.py_buffer(which)])
    _, offsets, text = runs.take(places).buffers()
    starts = np.frombuffer(offsets, np.int64)
    return text, starts, bounds[which] - starts[:-1]


def quoted_numbers(data: bytes, quotes: Offsets, width: tuple[int, int]) -> list[int]:
    """The commas in quotes that may stand before a number of so many bytes, from the first to the second."""
    block = np.frombuffer(data, np.uint8)
    comma = block == _COMMA
    apart = range(width[0] + 1, width[1] + 2)
    found = np.concatenate([np.flatnonzero(comma[:-distance] & comma[distance:]) for distance in apart])
    found = found[_IN_A_NUMBER[block[found + 1]]]
    return [int(place) for place in found[np.searchsorted(quotes, found) % 2 == 1]]


def read_columns(data: bytes, records: Records, indices: Sequence[int]) -> list[pl.Series]:
    """Columns of the records as strings that point into `data` (valid UTF-8); an empty field is null."""
    rows, columns = records.starts.shape
    start, end = (bounds[:, indices].T.ravel() for bounds in (records.starts, records.ends))  # column after column
    quoted = np.frombuffer(data, np.uint8)[start] == _QUOTE  # of an empty field this is a separator
    start, length = start + quoted, end - start - 2 * quoted
    views = _views(data, 0, start, length)
    buffers = [pa.py_buffer(np.packbits(length > 0, bitorder="little")), pa.py_buffer(views), pa.py_buffer(data)]
    if len(doubled := _with_doubled_quotes(records.quotes)):
        text, start, _ = _runs(data, records.quotes, 2 * doubled + 1)
        field = np.searchsorted(records.ends.ravel(), records.quotes[2 * doubled])
        first = np.flatnonzero(np.diff(field, prepend=-1))
        start, length = start[first], np.diff(start[np.append(first, len(doubled))]) - 1
        row, column = np.divmod(field[first], columns)
        for place, index in enumerate(indices):
            own = np.flatnonzero(column == index)
            if len(own):
                views[place * rows + row[own]] = _views(text, 1, start[own], length[own])
        buffers.append(text)
    strings = pl.Series(pa.Array.from_buffers(pa.string_view(), len(views), buffers))
    return [strings.slice(place * rows, rows) for place in range(len(indices))]


def _with_doubled_quotes(quotes: Offsets) -> Offsets:
    """Which of the quoted runs are parted by nothing, so that they are one field, in which each quote is doubled."""
    parted = np.diff(quotes)[1::2] > 1
    return np.flatnonzero(~(np.append(True, parted) & np.append(parted, True)))


def _views(text: bytes, buffer: int, start: Offsets, length: Offsets) -> npt.NDArray[np.int32]:
    """The 16 bytes in which Arrow says of a string how long it is, how it begins, and where in which buffer it is."""
    every = np.ndarray((max(len(text) - _INLINE + 1, 0),), f"V{_INLINE}", text, strides=(1,))
    whole = start < len(every)
    first = np.zeros(len(start), every.dtype)
    first[whole] = every[start[whole]]
    for place in np.flatnonzero(~whole):
        first[place] = np.void(bytes(text[start[place] :]).ljust(_INLINE, b"\0"))
    views = np.empty((len(start), 4), np.int32)
    views[:, 0] = length
    inline = first.view(np.uint8).reshape(-1, _INLINE) & _KEEP_FIRST[np.minimum(length, _INLINE)]
    views[:, 1:] = inline.view(np.int32)
    long = length > _INLINE
    views[long, 2] = buffer
    views[long, 3] = start[long]
    return views
