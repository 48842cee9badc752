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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

import polars as pl

from tailoring import quarantine, records
from tailoring.encodings import decode, to_utf8

REJECT_COLUMNS = {
    "source_row": pl.Int64(),
    "line": pl.Int64(),
    "reason": pl.String(),
    "detail": pl.String(),
    "sample": pl.String(),
}
SAMPLE_CHARS = 200

_BLOCK = 1 << 20  # bytes; a block and its offsets fit the processor's cache
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
    """`read_table` in parts of about a megabyte, in order, for files that memory should not hold at once.

    Yields at least one part, so that the columns are known even when the file has no rows.
    """
    blocks = _text_blocks(path)
    header, unread = _split_header(path.name, next(blocks, b""))
    names = [decode(field).strip() for field in header.fields]
    shape = quarantine.learn_shape(names, header.fields, unread)
    reader = _Reader(shape, columns, _places(path.name, names, columns, required), header)
    pending, wanted = bytearray(unread), _BLOCK
    for block in blocks:
        pending += block
        if len(pending) >= wanted:
            part, settled = reader.read(bytes(pending))
            yield part
            del pending[:settled]
            wanted = max(_BLOCK, 2 * len(pending))  # a record longer than a block costs linear time all the same
    cut = not pending.endswith(b"\n")
    yield reader.read(bytes(pending) + b"\n" * cut, final=True, cut=cut)[0]


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


def _places(file: str, names: Sequence[str], columns: Sequence[str], required: Sequence[str]) -> list[int | None]:
    """For each of `columns` its place in the file's header, None where the file lacks it."""
    places = [_place(file, names, column) for column in columns]
    missing = [column for column, place in zip(columns, places, strict=True) if place is None and column in required]
    if missing:
        message = f"{file} has no column {_quoted(missing)}; its columns are {_quoted(names)}"
        unused = [name for index, name in enumerate(names) if index not in places]
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


class _Reader:
    """Where the reading has come to, and how to read on from there."""

    def __init__(
        self, shape: quarantine.Shape, columns: Sequence[str], places: Sequence[int | None], header: _Header
    ) -> None:
        self._shape, self._header = shape, header.raw
        self._columns, self._places = columns, places
        self._rows, self._lines = 0, header.lines

    def read(self, data: bytes, *, final: bool = False, cut: bool = False) -> tuple[Table, int]:
        """The records that `data` settles, and how much of it that is; unless `final`, the rest waits for more.

        Final data ends with a newline; `cut` says that the file had none there.
        """
        found = self._locate(data)
        if found is not None and (not final or found.consumed == len(data)):
            settled, sound = found.consumed, data[: found.consumed]
            rows: Sequence[int] = range(self._rows + 1, self._rows + 1 + len(found.starts))
            rejects: list[tuple[int, int, str, str, str]] = []
        else:
            spans, settled = quarantine.split(data, self._shape, final=final, cut=cut)
            numbered = list(enumerate(spans, start=self._rows + 1))
            rows = [row for row, span in numbered if not span.reason]
            rejects = self._rejects(data, [(row, span) for row, span in numbered if span.reason])
            sound = b"".join(data[span.start : span.end] for span in spans if not span.reason)
            found = records.locate(sound, self._shape.columns)
        self._rows += len(rows) + len(rejects)
        self._lines += data.count(b"\n", 0, settled)
        return Table(
            self._frame(sound, found).with_columns(pl.Series("source_row", rows, pl.Int64)),
            pl.DataFrame(rejects, REJECT_COLUMNS, orient="row"),
            len(rows) + len(rejects),
        ), settled

    def _locate(self, data: bytes) -> records.Records | None:
        """The records where the block is beyond doubt."""
        if self._header in data:
            return None
        found = records.locate(data, self._shape.columns, self._shape.tail)
        return None if found is None or found.suspicious else found

    def _rejects(
        self, data: bytes, spans: Sequence[tuple[int, quarantine.Span]]
    ) -> list[tuple[int, int, str, str, str]]:
        rejects = []
        line, counted = self._lines + 1, 0
        for row, span in spans:
            line, counted = line + data.count(b"\n", counted, span.start), span.start
            start = decode(data[span.start : min(span.end, span.start + 4 * SAMPLE_CHARS)])
            sample = start.replace("\0", "␀").strip()[:SAMPLE_CHARS]
            rejects.append((row, line, span.reason, span.detail, sample))
        return rejects

    def _frame(self, sound: bytes, found: records.Records | None) -> pl.DataFrame:
        text = to_utf8(sound)
        if text is not sound:
            found = records.locate(text, self._shape.columns)
        if found is None:
            raise AssertionError("the quarantine let a malformed row through")
        values = iter(records.read_columns(text, found, [place for place in self._places if place is not None]))
        nothing = pl.repeat(None, len(found.starts), dtype=pl.String, eager=True)
        return pl.DataFrame(
            {
                column: nothing if place is None else next(values)
                for column, place in zip(self._columns, self._places, strict=True)
            }
        )


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
