"""The prepared layer: each raw object read, quarantined, filtered and normalised; all that needs nothing but itself.

A partition is an object, so that many are prepared at once, each in a run of its own, on any launcher and executor.
Nobody has to: `ingest` makes what is missing, by the same function, and records it as the partition that it is.
"""

import hashlib
from collections.abc import Iterator
from typing import Any, NamedTuple

import dagster as dg
import polars as pl

from resources.object_store import ObjectStore
from resume_assets.assets.common import OWNERS, domain_version, shown_table, told_clearly
from resume_assets.kinds import POSTINGS, RESUMES, Kind
from resume_assets.known_texts import known_texts
from resume_assets.prepared import PreparedTable, PreparedTables
from resume_assets.raw_objects import fetch, local_copy, texts_file
from resume_assets.settings import Settings
from tailoring.rejects import rejects_summary
from tailoring.tables import TableError, read_batches
from tailoring.text import rules_version

ROWS_CHECK = "every_row_accounted_for"


class Preparation(NamedTuple):
    """One object, prepared."""

    table: PreparedTable
    version: str
    source: str
    """Where the object is."""
    texts: dict[str, int] | None
    """How many were normalised, how many known; None when the table was there already."""

    def figures(self) -> dict[str, Any]:
        """For people."""
        return {
            "source": self.source,
            **self.table.counts(),
            "reasons": shown_table(rejects_summary(self.table.rejected())),
            "repairs": self.table.repairs(),
            "path": dg.MetadataValue.path(str(self.table.rows)),
            "made_now": self.texts is not None,
            **(self.texts or {}),
        }


def prepare(
    kind: Kind, settings: Settings, store: ObjectStore, tables: PreparedTables, key: str, etag: str
) -> Preparation:
    """The table of this version of the object under the rules of today: the one that is there, or made now.

    Raises ServiceError when the object cannot be had, ValueError when it is no such table.
    """
    preparation = kind.preparation(settings)
    rules = f"{kind.what} {preparation.keywords!r} {rules_version()} {domain_version()} polars {pl.__version__}"
    version = hashlib.sha256(f"{etag} {rules}".encode()).hexdigest()[:16]
    source = store.address(key)
    found = tables.find(key, version)
    if found:
        return Preparation(found, version, source, None)
    file = local_copy(settings.data_folder, key)
    fetch(store, key, etag, file)
    try:
        with known_texts(texts_file(file)) as texts:
            batches = read_batches(file, kind.columns, kind.required)
            table = tables.write(key, version, preparation(batches, normalise=texts))
            counts = {"texts_normalised": texts.normalised, "texts_known_from_before": texts.reused}
            return Preparation(table, version, source, counts)
    except TableError as error:
        raise ValueError(f"{source}: {error}") from error


def record(context: dg.AssetExecutionContext, kind: Kind, key: str, made: Preparation) -> None:
    """Show an object that another asset's step has prepared as the partition that it is."""
    asset = dg.AssetKey(f"prepared_{kind.what}")
    tags = {"dagster/data_version": made.version}
    context.log_event(dg.AssetMaterialization(asset, partition=key, metadata=made.figures(), tags=tags))
    context.log_event(
        dg.AssetCheckEvaluation(
            asset_key=asset,
            check_name=ROWS_CHECK,
            passed=made.table.complete(),
            metadata=made.table.counts(),
            blocking=True,
            partition=key,
        )
    )


def prepared_assets() -> list[dg.AssetsDefinition]:
    """`prepared_resumes` and `prepared_postings`."""
    return [_prepared_asset(kind) for kind in (RESUMES, POSTINGS)]


def _prepared_asset(kind: Kind) -> dg.AssetsDefinition:
    name = f"prepared_{kind.what}"

    @dg.asset(
        name=name,
        description=f"One object of {kind.what}: its rows read, repaired and normalised, and those set aside.",
        partitions_def=kind.files,
        deps=[f"raw_{kind.what}"],
        check_specs=[
            dg.AssetCheckSpec(
                ROWS_CHECK,
                asset=name,
                partitions_def=kind.files,
                blocking=True,
                description="Rows of the object = rows prepared + rows rejected.",
            )
        ],
        group_name="prepared",
        kinds={"polars", "parquet"},
        owners=OWNERS,
        code_version="1",
    )
    def prepared_object(
        context: dg.AssetExecutionContext,
        settings: dg.ResourceParam[Settings],
        raw_objects: dg.ResourceParam[ObjectStore],
        prepared: dg.ResourceParam[PreparedTables],
    ) -> Iterator[dg.MaterializeResult[None]]:
        with told_clearly(context, settings.retries):
            key = context.partition_key
            made = prepare(kind, settings, raw_objects, prepared, key, raw_objects.version(key).etag)
            yield dg.MaterializeResult(
                data_version=dg.DataVersion(made.version),
                metadata=made.figures(),
                check_results=[
                    dg.AssetCheckResult(
                        passed=made.table.complete(), check_name=ROWS_CHECK, metadata=made.table.counts()
                    )
                ],
            )

    return prepared_object
