"""What every asset module needs: how tables describe themselves, and how failures are told."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl

import tailoring
from resources.errors import ServiceError
from resume_assets.io import PATH
from resume_assets.schemas import TableModel, dagster_type
from resume_assets.settings import Retries

OWNERS = ["team:pipeline"]


def table_metadata(model: TableModel, path: str | None = None) -> Mapping[str, Any]:
    """Definition metadata of a table asset: its columns for the UI, and where its files go."""
    columns = dagster_type(model).metadata["schema"].value
    return {"dagster/column_schema": columns, **({PATH: path} if path else {})}


def content_version(rows: Iterable[object]) -> dg.DataVersion:
    """A data version that says what the rows are: the same rows in the same order, the same version."""
    digest = hashlib.sha256()
    for row in rows:
        digest.update(repr(row).encode())
    return dg.DataVersion(digest.hexdigest()[:16])


@cache
def domain_version() -> str:
    """A hash of the domain's code and data: with any of it, what it makes of the same input may change."""
    digest = hashlib.sha256()
    for file in sorted(Path(*tailoring.__path__).rglob("*")):
        if file.suffix in (".py", ".yaml"):
            digest.update(file.read_bytes())
    return digest.hexdigest()


def shown_table(frame: pl.DataFrame) -> dg.TableMetadataValue:
    """A small table for people, whole."""
    columns = [dg.TableColumn(name, "int" if dtype.is_integer() else "string") for name, dtype in frame.schema.items()]
    return dg.MetadataValue.table([dg.TableRecord(row) for row in frame.to_dicts()], dg.TableSchema(columns))


@contextmanager
def told_clearly(context: dg.AssetExecutionContext, retries: Retries) -> Iterator[None]:
    """Turn an expected error into a step failure that says what to do; only one that may pass is tried again."""
    try:
        yield
    except ServiceError as error:
        if error.transient and context.retry_number < retries.of_a_step:
            context.log.warning(f"{error} Trying again in {retries.wait_seconds} s.")
            raise dg.RetryRequested(max_retries=retries.of_a_step, seconds_to_wait=retries.wait_seconds) from error
        raise dg.Failure(str(error), allow_retries=False) from error
    except ValueError as error:
        raise dg.Failure(str(error), allow_retries=False) from error
