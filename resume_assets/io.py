"""Where tables live: CSV for people, Parquet beside it for the next step, and a copy in the processed bucket."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import pandas as pd
import polars as pl

from resources.files import atomic_path
from resources.object_store import ObjectStore
from resume_assets.schemas import Table

PATH = "table_path"
ROW_GROUP = 8192  # rows; readers may take a table in parts
SAMPLE_ROWS = 5
SAMPLE_CHARS = 80


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
                frame.write_parquet(parquet_part, row_group_size=ROW_GROUP)
            else:
                frame.to_csv(csv_part, index=False)
                frame.to_parquet(parquet_part, index=False)
        for file in (csv, parquet):
            self.processed.upload(file, str(file.relative_to(self.folder)))
        return csv

    def read(self, path: str) -> pl.DataFrame:
        return pl.read_parquet(self._files(path)[1])

    def read_pandas(self, path: str) -> pd.DataFrame:
        return pd.read_parquet(self._files(path)[1])

    def _files(self, path: str) -> tuple[Path, Path]:
        return self.folder / f"{path}.csv", self.folder / f"{path}.parquet"


class TableIOManager(dg.IOManager):
    """Stores what table assets return; a downstream asset gets a polars or pandas frame, as its annotation asks."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables

    def handle_output(self, context: dg.OutputContext, obj: Table) -> None:
        csv = self.tables.write(self._path(context), obj)
        context.add_output_metadata(
            {
                "dagster/row_count": len(obj),
                "path": dg.MetadataValue.path(str(csv)),
                "sample": sample(obj),
            }
        )

    def load_input(self, context: dg.InputContext) -> Table:
        upstream = context.upstream_output
        if upstream is None:
            raise ValueError(f"{context.asset_key.to_user_string()} has no upstream table")
        path = self._path(upstream, context)
        # The annotation is the only thing that tells a pandas asset from a polars one.
        pandas = context.dagster_type.typing_type is pd.DataFrame
        return self.tables.read_pandas(path) if pandas else self.tables.read(path)

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
