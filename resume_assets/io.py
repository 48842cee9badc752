"""Where tables live: CSV for people, Parquet beside it for the next step, and a copy in the processed bucket."""

import datetime as dt
import hashlib
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import dagster as dg
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from resources.files import atomic_path
from resources.object_store import ObjectStore
from resume_assets.schemas import Table, TableModel, dagster_type, violations_in_parts

PATH = "table_path"
PART = 50  # rows of long texts in memory at once
ROW_GROUP_BYTES = 2**20  # of a table, about; readers may take it in parts
SAMPLE_ROWS = 5
SAMPLE_CHARS = 80


@dataclass(frozen=True)
class StoredTable:
    """A table that stays on disk, for ones that may be larger than memory: its two files.

    Once it is read, it goes on showing the same rows, also when its files are replaced. One thread reads at a time.
    """

    csv: Path
    parquet: Path

    @cached_property
    def _file(self) -> pq.ParquetFile:
        return pq.ParquetFile(self.parquet)

    def __len__(self) -> int:
        return int(self._file.metadata.num_rows)

    def parts(self, *columns: str) -> Iterator[pa.Table]:
        """The rows in order, some at a time; all columns by default."""
        for group in range(self._file.num_row_groups):  # one after the other: `iter_batches` reads ahead
            yield self._file.read_row_group(group, columns=list(columns) or None, use_threads=False)

    def frames(self, *columns: str) -> Iterator[pd.DataFrame]:
        """`parts` for pandas."""
        return (part.to_pandas() for part in self.parts(*columns))

    def row(self, number: int, *columns: str) -> dict[str, Any]:
        """One row, from 0.

        Raises:
            IndexError: there are not so many.
        """
        for group in range(self._file.num_row_groups):
            rows = self._file.metadata.row_group(group).num_rows
            if number < rows:
                part = self._file.read_row_group(group, columns=list(columns) or None, use_threads=False)
                found: dict[str, Any] = part.slice(number, 1).to_pylist()[0]
                return found
            number -= rows
        raise IndexError(f"{self.parquet} has no such row")

    def read(self, *columns: str) -> pd.DataFrame:
        """These columns whole: for short ones."""
        frame: pd.DataFrame = self._file.read(list(columns), use_threads=False).to_pandas()
        return frame

    def different(self, column: str) -> Iterator[str]:
        """The different texts of a column; in memory are their hashes only."""
        seen: set[bytes] = set()
        for part in self.parts(column):
            for text in part[column].to_pylist():
                digest = hashlib.sha256(text.encode()).digest()
                if digest not in seen:
                    seen.add(digest)
                    yield text


@dataclass(frozen=True)
class Tables:
    """The tables of the pipeline as files below `folder`; `processed` gets a copy of each."""

    folder: Path
    processed: ObjectStore

    def write(self, path: str, frame: Table) -> Path:
        """Replace the table at `path` (without a suffix); returns its CSV file. Readers never see half of it."""
        csv, parquet = self._files(path)
        with atomic_path(csv) as csv_part, atomic_path(parquet) as parquet_part:
            if isinstance(frame, pl.DataFrame):
                frame.write_csv(csv_part)
                frame.write_parquet(parquet_part, row_group_size=_rows_of(ROW_GROUP_BYTES, frame))
            else:
                frame.to_csv(csv_part, index=False)
                frame.to_parquet(parquet_part, index=False)
        for file in (csv, parquet):
            self.processed.upload(file, str(file.relative_to(self.folder)))
        return csv

    def write_parts(self, path: str, parts: Iterable[pd.DataFrame], *more: str) -> StoredTable:
        """Replace the table at `path`, and at the paths in `more`, by these parts, of which there is at least one."""
        csv, parquet = self._files(path)
        with atomic_path(csv) as csv_part, atomic_path(parquet) as parquet_part:
            _write_parts(parts, csv_part, parquet_part)
        for target in more:
            for file, copy in zip((csv, parquet), self._files(target), strict=True):
                with atomic_path(copy) as copy_part:
                    shutil.copyfile(file, copy_part)
        for file in (file for each in (path, *more) for file in self._files(each)):
            self.processed.upload(file, str(file.relative_to(self.folder)))
        return StoredTable(csv, parquet)

    def read(self, path: str) -> pl.DataFrame:
        return pl.read_parquet(self._files(path)[1])

    def stored(self, path: str) -> StoredTable:
        return StoredTable(*self._files(path))

    def _files(self, path: str) -> tuple[Path, Path]:
        return self.folder / f"{path}.csv", self.folder / f"{path}.parquet"


def _rows_of(size: int, frame: pl.DataFrame) -> int:
    """How many rows of a table take so many bytes."""
    return max(1, size * len(frame) // max(1, int(frame.estimated_size())))


def _write_parts(parts: Iterable[pd.DataFrame], csv: Path, parquet: Path) -> None:
    writer: pq.ParquetWriter | None = None
    try:
        with csv.open("w", encoding="utf-8", newline="") as lines:
            for part in parts:
                part.to_csv(lines, index=False, header=writer is None)
                writer = writer or pq.ParquetWriter(parquet, pa.Schema.from_pandas(part, preserve_index=False))
                writer.write_table(pa.Table.from_pandas(part, writer.schema, preserve_index=False))
    finally:
        if writer:
            writer.close()


def stored_type(model: TableModel) -> dg.DagsterType:
    """`dagster_type` for a table on disk: its columns in the UI, and its check in parts."""
    whole = dagster_type(model)

    def check(_: dg.TypeCheckContext, table: object) -> dg.TypeCheck:
        if not isinstance(table, StoredTable):
            return dg.TypeCheck(success=False, description=f"A StoredTable is needed, not a {type(table).__name__}.")
        faults = violations_in_parts(model, table.frames())
        return dg.TypeCheck(success=not faults, description="; ".join(faults))

    return dg.DagsterType(
        check,
        name=whole.unique_name,
        description=whole.description,
        metadata=whole.metadata,
        typing_type=StoredTable,
    )


class TableIOManager(dg.IOManager):
    """Stores the frames that table assets return; a StoredTable is on disk already. A downstream asset gets what its
    annotation asks for: the table on disk, or a polars frame.
    """

    def __init__(self, tables: Tables) -> None:
        self.tables = tables

    def handle_output(self, context: dg.OutputContext, obj: Table | StoredTable) -> None:
        csv = obj.csv if isinstance(obj, StoredTable) else self.tables.write(self._path(context), obj)
        first: Table = next(obj.frames()) if isinstance(obj, StoredTable) else obj
        context.add_output_metadata(
            {
                "dagster/row_count": len(obj),
                "path": dg.MetadataValue.path(str(csv)),
                "sample": sample(first),
            }
        )

    def load_input(self, context: dg.InputContext) -> pl.DataFrame | StoredTable:
        upstream = context.upstream_output
        if upstream is None:
            raise ValueError(f"{context.asset_key.to_user_string()} has no upstream table")
        path = self._path(upstream, context)
        on_disk = context.dagster_type.typing_type is StoredTable
        return self.tables.stored(path) if on_disk else self.tables.read(path)

    def _path(self, context: dg.OutputContext, reader: dg.InputContext | None = None) -> str:
        path = (context.definition_metadata or {}).get(PATH) or f"processed/{context.asset_key.to_user_string()}"
        partition = reader or context
        return f"{path}/{partition.asset_partition_key}" if partition.has_asset_partitions else path


def sample(frame: Table, rows: int = SAMPLE_ROWS) -> dg.TableMetadataValue:
    """The first rows for a person to look at, long texts cut."""
    head = frame.head(rows)
    records = head.to_dicts() if isinstance(head, pl.DataFrame) else head.to_dict("records")
    columns = [dg.TableColumn(str(name)) for name in frame.columns]
    shown = [dg.TableRecord({str(name): _shown(value) for name, value in record.items()}) for record in records]
    return dg.MetadataValue.table(shown, schema=dg.TableSchema(columns))


def _shown(value: object) -> str | int | float | bool:
    if isinstance(value, bool | int | float):
        return value
    text = "" if value is None else value.isoformat() if isinstance(value, dt.datetime) else str(value)
    text = " ".join(text.split())
    return text if len(text) <= SAMPLE_CHARS else text[: SAMPLE_CHARS - 1] + "…"
