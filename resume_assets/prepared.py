"""What was made of each raw object alone, kept where every machine finds it: readable rows, and rejects with reasons.

A table has the version of its object and of the rules in its name: it is made once, by whoever comes first, a run for
that object or the one that joins them all.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from glob import escape
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from resources.files import atomic_path
from resources.object_store import ObjectStore
from resume_assets.raw_objects import local_name
from tailoring.cleaning import Cleaned

_FIGURES = b"figures"


@dataclass(frozen=True)
class PreparedTable:
    """The rows of one object that can be read and are wanted, and the others; files of this machine."""

    rows: Path
    rejects: Path

    def parts(self) -> Iterator[pl.DataFrame]:
        """The rows in order, a few thousand at a time."""
        with pq.ParquetFile(self.rows) as file:
            for group in range(file.num_row_groups):
                yield pl.DataFrame(file.read_row_group(group, use_threads=False))

    def rejected(self) -> pl.DataFrame:
        return pl.read_parquet(self.rejects)

    def counts(self) -> dict[str, int]:
        """Rows of the object; rows of both tables as they are stored."""
        return {
            "rows_in": self._figures()["rows_in"],
            "rows_prepared": int(pq.read_metadata(self.rows).num_rows),
            "rows_rejected": int(pq.read_metadata(self.rejects).num_rows),
        }

    def repairs(self) -> dict[str, int]:
        """In how many rows each repair was made."""
        repairs: dict[str, int] = self._figures()["repairs"]
        return repairs

    def complete(self) -> bool:
        """Whether no row of the object is lost."""
        counts = self.counts()
        return counts["rows_in"] == counts["rows_prepared"] + counts["rows_rejected"]

    def _figures(self) -> dict[str, Any]:
        figures: dict[str, Any] = json.loads(pq.read_metadata(self.rows).metadata[_FIGURES])
        return figures


@dataclass(frozen=True)
class PreparedTables:
    """The prepared tables below `folder`; where there is a `shared` store, other machines have them from there."""

    folder: Path
    shared: ObjectStore | None

    def find(self, key: str, version: str) -> PreparedTable | None:
        """The table of this version of the object, from wherever it is."""
        table = self._table(key, version)
        if not table.rows.is_file() and self.shared and self.shared.matching(escape(self._name(table.rows))):
            for file in (table.rejects, table.rows):
                self.shared.download(self._name(file), file)
        return table if table.rows.is_file() else None

    def write(self, key: str, version: str, parts: Iterable[Cleaned]) -> PreparedTable:
        """Make the table, in place of those of the object's other versions."""
        table = self._table(key, version)
        _write(table, parts)
        made = (table.rejects, table.rows)  # the rows last: who finds them finds both
        if self.shared:
            for file in made:
                self.shared.upload(file, self._name(file))
        self._remove(key, {self._name(file) for file in made})
        return table

    def forget(self, key: str) -> None:
        """Remove what was made of an object that is gone."""
        self._remove(key, set())

    def _remove(self, key: str, kept: set[str]) -> None:
        folder = self._folder(key)
        for file in folder.glob("*.parquet"):
            if self._name(file) not in kept:
                file.unlink()
        if self.shared:
            for name in self.shared.matching(f"{escape(self._name(folder))}/*.parquet").keys() - kept:
                self.shared.remove(name)

    def _folder(self, key: str) -> Path:
        return self.folder / "processed/prepared" / local_name(key)

    def _table(self, key: str, version: str) -> PreparedTable:
        folder = self._folder(key)
        return PreparedTable(folder / f"{version}.parquet", folder / f"{version}.rejects.parquet")

    def _name(self, file: Path) -> str:
        return file.relative_to(self.folder).as_posix()


def _write(table: PreparedTable, parts: Iterable[Cleaned]) -> None:
    """Both files, one part after the other: there is at least one."""
    rows_in, repairs = 0, Counter[str]()
    with ExitStack() as stack:
        files = [stack.enter_context(atomic_path(file)) for file in (table.rows, table.rejects)]
        writers: list[pq.ParquetWriter] = []
        for part in parts:
            frames = [_arrow(part.frame), _arrow(part.rejects)]
            if not writers:
                writers = [
                    stack.enter_context(pq.ParquetWriter(file, frame.schema, compression="lz4"))
                    for file, frame in zip(files, frames, strict=True)
                ]
            for writer, frame in zip(writers, frames, strict=True):
                writer.write_table(frame)
            rows_in += part.rows_in
            repairs.update(part.repairs)
        writers[0].add_key_value_metadata({_FIGURES: json.dumps({"rows_in": rows_in, "repairs": repairs}).encode()})


def _arrow(frame: pl.DataFrame) -> pa.Table:
    return frame.to_arrow(compat_level=pl.CompatLevel.oldest())
