"""The raw layer: which objects there are. Each is a partition of the prepared layer, which reads it."""

import dagster as dg
import polars as pl

from resources.object_store import ObjectStore
from resume_assets.assets.common import OWNERS, content_version, table_metadata, told_clearly
from resume_assets.io import Tables
from resume_assets.kinds import POSTINGS, RESUMES, Kind
from resume_assets.prepared import PreparedTables
from resume_assets.raw_objects import forget, listed, local_copy
from resume_assets.schemas import RawObjects, dagster_type
from resume_assets.settings import Settings

_COLUMNS = {"source_file": pl.String, "etag": pl.String, "bytes": pl.Int64}


def raw_assets() -> list[dg.AssetsDefinition]:
    """`raw_resumes` and `raw_postings`."""
    return [_raw_asset(kind) for kind in (RESUMES, POSTINGS)]


def _raw_asset(kind: Kind) -> dg.AssetsDefinition:
    @dg.asset(
        name=f"raw_{kind.what}",
        description=f"The objects that hold {kind.what}, as the store lists them now; each becomes a partition.",
        group_name="raw",
        kinds={"s3", "csv"},
        owners=OWNERS,
        code_version="2",
        dagster_type=dagster_type(RawObjects),
        metadata=table_metadata(RawObjects),
    )
    def raw(
        context: dg.AssetExecutionContext,
        settings: dg.ResourceParam[Settings],
        raw_objects: dg.ResourceParam[ObjectStore],
        tables: dg.ResourceParam[Tables],
        prepared: dg.ResourceParam[PreparedTables],
    ) -> dg.Output[pl.DataFrame]:
        with told_clearly(context, settings.retries):
            pattern = kind.objects(settings)
            found = listed(raw_objects, pattern)
            objects = pl.DataFrame([(key, *version) for key, version in found.items()], _COLUMNS, orient="row")
            known = set(kind.files.get_partition_keys(dynamic_partitions_store=context.instance))
            for gone in known - found.keys():
                prepared.forget(gone)
                forget(raw_objects, gone, local_copy(settings.data_folder, gone))
                context.instance.delete_dynamic_partition(str(kind.files.name), gone)
            context.instance.add_dynamic_partitions(str(kind.files.name), [key for key in found if key not in known])
            return dg.Output(
                objects,
                metadata={
                    "source": raw_objects.address(pattern),
                    "objects": len(objects),
                    "bytes": int(objects["bytes"].sum()),
                    "new": len(objects.join(_before(tables, kind), on=["source_file", "etag"], how="anti")),
                    "gone": len(known - found.keys()),
                },
                data_version=content_version(objects.iter_rows()),
            )

    return raw


def _before(tables: Tables, kind: Kind) -> pl.DataFrame:
    """What the store had when it was looked at last."""
    try:
        return tables.read(f"processed/raw_{kind.what}")
    except FileNotFoundError:
        return pl.DataFrame(schema=_COLUMNS)
