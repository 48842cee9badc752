"""Reads CSV files of any origin, row by row what can be trusted; what cannot goes to a table of rejects, with reasons.

Every record of the file is in one of the two: `rows_in = len(frame) + len(rejects)`. Blocks of about a megabyte go
through `records` at full speed; a block that breaks the grammar goes through `quarantine` first. Values are strings as
they stand in the file: what they mean is for `cleaning`.
"""

import codecs
import difflib
import gzip
import re
import zlib
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np
import polars as pl

from tailoring import quarantine, records
from tailoring.encodings import decode, to_utf8
from tailoring.pieces import Piece, Source, count

REJECT_COLUMNS = {
    "source_row": pl.Int64(),
    "line": pl.Int64(),
    "reason": pl.String(),
    "detail": pl.String(),
    "sample": pl.String(),
}
SAMPLE_CHARS = 200

_NO_REJECTS = pl.DataFrame(schema=REJECT_COLUMNS)
_BLOCK = 1 << 21  # bytes: enough for numpy, few enough for memory
_SAMPLE = 1 << 20  # bytes that tell what the rows look like
_THREADS = 2
_GZIP = b"\x1f\x8b"
_UTF16_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class TableError(ValueError):
    """The file as a whole is no such table: empty, damaged as an archive, or without a required column."""


@dataclass(frozen=True)
class Table:
    """The rows of a file.

    `frame` has the columns asked for, as strings (an empty field is null), and `source_row`: the number of the record
    in the file, from 1, the header and blank lines not counted. `rejects` has `REJECT_COLUMNS`; `line` is where the
    record starts, from 1.
    """

    frame: pl.DataFrame
    rejects: pl.DataFrame
    rows_in: int


def read_table(path: Path, columns: Sequence[str], required: Sequence[str]) -> Table:
    """All of `path`, plain or gzipped. Columns that the file lacks are null; other columns of the file are left out.

    Headers match whatever their case, spaces and underscores. Raises TableError when a required column is missing,
    the file is empty, or its compression is damaged; OSError when it cannot be read.
    """
    parts = list(read_batches(path, columns, required))
    return Table(
        pl.concat([part.frame for part in parts]),
        pl.concat([part.rejects for part in parts]),
        sum(part.rows_in for part in parts),
    )


def read_batches(path: Path, columns: Sequence[str], required: Sequence[str]) -> Iterator[Table]:
    """`read_table` in parts of a few megabytes, in order, for files that memory should not hold at once.

    Yields at least one part, so that the columns are known even when the file has no rows. Threads read ahead; a part
    that breaks the grammar is read again, carefully, before what follows it.
    """
    source = Source(_text_blocks(path))
    header, rows = _split_header(path.name, source.take(1).data)
    source.put_back(rows)
    names = [decode(field).strip() for field in header.fields]
    shape = quarantine.learn_shape(names, header.fields, rows[:_SAMPLE])
    reader = _Reader(shape, _places(path.name, names, columns, required), header)
    ahead: deque[tuple[Piece, Future[_Part | None]]] = deque()
    least, row, line = 1, 0, header.lines
    with ThreadPoolExecutor(_THREADS) as pool:
        while ahead or not source.finished:
            while len(ahead) <= _THREADS and not source.finished:
                piece = source.take(least)
                ahead.append((piece, pool.submit(reader.read_fast, piece)))
                least = 1
            piece, future = ahead.popleft()
            part = future.result()
            if part is None:
                part, settled = reader.read_carefully(piece)
                unsettled = len(piece.data) - settled
                if not piece.final:
                    source.put_back(b"".join([piece.data[settled:], *(later.data for later, _ in ahead)]))
                    ahead.clear()
                    least = 2 * unsettled  # so that a record longer than a block costs linear time all the same
            yield part.numbered(row, line)
            row, line = row + part.rows_in, line + part.lines


class _Header(NamedTuple):
    raw: bytes
    """The record without its end of line."""
    fields: tuple[bytes, ...]
    lines: int
    """Lines of the file that it takes, with the blank ones before it."""


def _split_header(file: str, block: bytes) -> tuple[_Header, bytes]:
    if not block.strip():
        raise TableError(f"{file} is empty: it has no header and no rows")
    found = quarantine.first_record(block if b"\n" in block else block + b"\n")
    if found is None:
        raise TableError(f"{file} starts with a header whose quotes do not match: {decode(block[:SAMPLE_CHARS])!r}")
    raw, fields, end = found
    return _Header(raw, fields, block.count(b"\n", 0, end)), block[end:]


def _places(file: str, names: Sequence[str], columns: Sequence[str], required: Sequence[str]) -> dict[str, int | None]:
    """For each of `columns` its place in the file's header, None where the file lacks it."""
    places = {column: _place(file, names, column) for column in columns}
    missing = [column for column, place in places.items() if place is None and column in required]
    if missing:
        message = f"{file} has no column {_quoted(missing)}; its columns are {_quoted(names)}"
        unused = [name for index, name in enumerate(names) if index not in places.values()]
        renamed = [f"found '{near}', expected '{column}'" for column in missing if (near := _nearest(column, unused))]
        raise TableError(". Renamed? ".join([message, "; ".join(renamed)] if renamed else [message]))
    return places


def _place(file: str, names: Sequence[str], column: str) -> int | None:
    same = [index for index, name in enumerate(names) if name == column]
    same = same or [index for index, name in enumerate(names) if _folded(name) == _folded(column)]
    if len(same) > 1:
        raise TableError(f"{file} has the column '{column}' {len(same)} times; its columns are {_quoted(names)}")
    return same[0] if same else None


def _nearest(column: str, names: Sequence[str]) -> str | None:
    folded = {_folded(name): name for name in names}
    holding = [name for key, name in folded.items() if key and (_folded(column) in key or key in _folded(column))]
    close = difflib.get_close_matches(_folded(column), folded, n=1)
    return next(iter(holding + [folded[key] for key in close]), None)


def _folded(name: str) -> str:
    return re.sub(r"[\s_-]+", "", name.casefold())


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


class _Part(NamedTuple):
    """A table whose rows are counted from its own beginning."""

    frame: pl.DataFrame
    rows: records.Offsets
    rejects: Sequence[tuple[int, int, str, str, str]]
    lines: int

    @property
    def rows_in(self) -> int:
        return len(self.rows) + len(self.rejects)

    def numbered(self, row: int, line: int) -> Table:
        """The table, after so many rows and lines of the file."""
        frame = self.frame.hstack([pl.Series("source_row", self.rows + row)])
        rejects = [(row + own_row, line + own_line, *told) for own_row, own_line, *told in self.rejects]
        return Table(
            frame, pl.DataFrame(rejects, REJECT_COLUMNS, orient="row") if rejects else _NO_REJECTS, self.rows_in
        )


class _Reader:
    """How to read the records of one file; keeps no state, so that threads can share it."""

    def __init__(self, shape: quarantine.Shape, places: Mapping[str, int | None], header: _Header) -> None:
        self._shape, self._places, self._header = shape, places, header.raw

    def read_fast(self, piece: Piece) -> _Part | None:
        """The records where the piece is beyond doubt."""
        if self._header in piece.data:
            return None
        text = to_utf8(piece.data)
        found = records.locate(text, self._shape.columns)
        if found is None or self._may_hide_rows(text, found):
            return None
        rows = np.arange(1, 1 + len(found.starts))
        return _Part(self._frame(text, found), rows, [], count(text, b"\n"))

    def _may_hide_rows(self, text: bytes, found: records.Records) -> bool:
        if not self._shape.tail:
            return False
        _, width = self._shape.mark
        return quarantine.hides_row(text, self._shape, records.quoted_numbers(text, found.quotes, width))

    def read_carefully(self, piece: Piece) -> tuple[_Part, int]:
        """The records that the piece settles, and its bytes that are done with; unless it is final, the rest waits."""
        data = piece.data
        spans, settled = quarantine.split(data, self._shape, final=piece.final, cut=piece.cut)
        numbered = list(enumerate(spans, start=1))
        sound = to_utf8(b"".join(data[span.start : span.end] for span in spans if not span.reason))
        rows = np.array([row for row, span in numbered if not span.reason], np.int64)
        rejects = self._rejects(data, [(row, span) for row, span in numbered if span.reason])
        found = records.locate(sound, self._shape.columns)
        if found is None:
            raise AssertionError("the quarantine let a malformed row through")
        return _Part(self._frame(sound, found), rows, rejects, data.count(b"\n", 0, settled)), settled

    def _rejects(
        self, data: bytes, spans: Sequence[tuple[int, quarantine.Span]]
    ) -> list[tuple[int, int, str, str, str]]:
        rejects = []
        line, counted = 1, 0
        for row, span in spans:
            line, counted = line + data.count(b"\n", counted, span.start), span.start
            start = decode(data[span.start : min(span.end, span.start + 4 * SAMPLE_CHARS)])
            sample = start.replace("\0", "␀").strip()[:SAMPLE_CHARS]
            rejects.append((row, line, span.reason, span.detail, sample))
        return rejects

    def _frame(self, text: bytes, found: records.Records) -> pl.DataFrame:
        places = self._places.values()
        values = iter(records.read_columns(text, found, [place for place in places if place is not None]))
        nothing = pl.Series([None], dtype=pl.String).new_from_index(0, len(found.starts))
        series = [nothing if place is None else next(values) for place in places]
        return pl.DataFrame([column.alias(name) for name, column in zip(self._places, series, strict=True)])


def _text_blocks(path: Path) -> Iterator[bytes]:
    """The file's bytes in a superset of ASCII: unpacked, UTF-16 as UTF-8, without a byte order mark."""
    with path.open("rb") as raw:
        packed = raw.peek(len(_GZIP)).startswith(_GZIP)
        file: BinaryIO = gzip.GzipFile(fileobj=raw) if packed else raw  # type: ignore[assignment]
        try:
            block = file.read(_BLOCK).removeprefix(codecs.BOM_UTF8)
            decoder = codecs.getincrementaldecoder("utf-16")("replace") if block.startswith(_UTF16_BOMS) else None
            while block:
                yield decoder.decode(block).encode() if decoder else block
                block = file.read(_BLOCK)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise TableError(f"{path.name} is damaged or cut as a gzip archive: {error}") from error
