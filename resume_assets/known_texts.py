"""Texts that an earlier run has normalised, so that only new and changed rows cost time; one Parquet file a table.

A text is known by the hash of its raw form, and only as long as the rules of `tailoring.text` are the same: what comes
out is what normalising all of it anew would give. Each run writes the file again with the texts that it met, so that
those of rows that are gone do not stay.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from resources.files import atomic_path
from tailoring.text import normalise_rows, rules_version

_SCHEMA = {"raw_hash": pl.Binary(), "text": pl.String(), "repairs": pl.UInt32()}
_STORED = pa.schema([("raw_hash", pa.large_binary()), ("text", pa.large_string()), ("repairs", pa.uint32())])
_RULES = b"rules_version"


@contextmanager
def known_texts(path: Path) -> Iterator["KnownTexts"]:
    """A `Normaliser` that knows the texts in the file at `path`, if it fits; the file is replaced at the end."""
    schema = _STORED.with_metadata({_RULES: rules_version().encode()})
    before = _opened(path)
    with atomic_path(path) as part, pq.ParquetWriter(part, schema, compression="lz4") as writer:
        yield KnownTexts(before, writer)


class KnownTexts:
    """Normalises columns as `normalise_rows` does; `reused` and `normalised` count different texts."""

    def __init__(self, before: pq.ParquetFile | None, writer: pq.ParquetWriter) -> None:
        self.reused = self.normalised = 0
        self._before, self._writer = before, writer
        self._written: set[bytes] = set()
        self._group_of = {} if before is None else _groups(before)

    def __call__(self, texts: pl.Series) -> tuple[pl.Series, pl.Series]:
        hashes = pl.Series("raw_hash", [None if text is None else _hash(text) for text in texts], pl.Binary)
        asked = pl.DataFrame([hashes, texts.rename("raw")])
        different = asked.drop_nulls("raw_hash").unique("raw_hash", maintain_order=True)
        known = self._known(different["raw_hash"])
        fresh = different.join(known, on="raw_hash", how="anti", maintain_order="left")
        done, repairs = normalise_rows(fresh["raw"])
        new = fresh.select("raw_hash", done.alias("text"), repairs.alias("repairs"))
        self.reused, self.normalised = self.reused + len(known), self.normalised + len(new)
        found = pl.concat([known, new])
        self._write(different.select("raw_hash").join(found, on="raw_hash", maintain_order="left"))
        result = asked.join(found, on="raw_hash", how="left", maintain_order="left")
        return result["text"].rename(texts.name), result["repairs"].fill_null(0)

    def _known(self, hashes: pl.Series) -> pl.DataFrame:
        groups = sorted({self._group_of[each] for each in hashes if each in self._group_of})
        found = [pl.DataFrame(schema=_SCHEMA)]
        for group in groups:
            if self._before is not None:
                rows = pl.DataFrame(self._before.read_row_group(group), schema_overrides=_SCHEMA)
                found.append(rows.filter(pl.col("raw_hash").is_in(hashes.implode())))
        return pl.concat(found)

    def _write(self, rows: pl.DataFrame) -> None:
        new = [each not in self._written for each in rows["raw_hash"]]
        self._written.update(rows["raw_hash"])
        if any(new):
            table = rows.filter(pl.Series(new)).to_arrow(compat_level=pl.CompatLevel.oldest())
            self._writer.write_table(table.cast(self._writer.schema))


def _hash(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def _opened(path: Path) -> pq.ParquetFile | None:
    """The file of an earlier run; None when there is none, other rules made it, or it is damaged."""
    try:
        file = pq.ParquetFile(path)
    except (FileNotFoundError, pa.ArrowInvalid):
        return None
    made_by = (file.schema_arrow.metadata or {}).get(_RULES)
    return file if made_by == rules_version().encode() else None


def _groups(file: pq.ParquetFile) -> dict[bytes, int]:
    """The row group of each text, by its hash."""
    return {
        each.as_py(): group
        for group in range(file.num_row_groups)
        for each in file.read_row_group(group, columns=["raw_hash"])["raw_hash"]
    }
