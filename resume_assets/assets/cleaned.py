"""The cleaned layer: tables that can be trusted, and the rows that could not be, with reasons; of all objects at once.

What needs one object only is done in the prepared layer; here they are joined, each row once.
"""

from collections import Counter
from collections.abc import Iterator, Mapping

import dagster as dg
import pandera.polars as pap
import polars as pl

from resources.object_store import ObjectStore
from resume_assets.assets.common import OWNERS, content_version, shown_table, table_metadata, told_clearly
from resume_assets.assets.prepared import ROWS_CHECK, Preparation, prepare, record
from resume_assets.io import sample
from resume_assets.kinds import POSTINGS, RESUMES, Kind
from resume_assets.prepared import PreparedTables
from resume_assets.schemas import CleanedPostings, CleanedResumes, Rejects, dagster_type, split_valid
from resume_assets.settings import Settings
from tailoring.deduplication import each_once
from tailoring.rejects import rejects_summary

ROWS_SHOWN = 20


def cleaned_assets() -> list[dg.AssetsDefinition]:
    """`cleaned_resumes`, `cleaned_postings`, and `rejected_` for each."""
    return [
        _cleaned_asset(RESUMES, CleanedResumes, "Resumes, repaired, normalised, each once.", "resumes"),
        _cleaned_asset(
            POSTINGS,
            CleanedPostings,
            "Postings that match the keywords, repaired, normalised, each once.",
            "job_postings",
        ),
    ]


def _out(model: type[pap.DataFrameModel], description: str, path: str) -> dg.AssetOut:
    return dg.AssetOut(
        dagster_type=dagster_type(model),
        description=description,
        metadata=table_metadata(model, path),
        kinds={"polars", "pandera"},
        owners=OWNERS,
        code_version="3",
    )


def _cleaned_asset(kind: Kind, model: type[pap.DataFrameModel], what: str, file: str) -> dg.AssetsDefinition:
    kept, rejected = f"cleaned_{kind.what}", f"rejected_{kind.what}"

    @dg.multi_asset(
        name=f"clean_{kind.what}_table",
        ins={"objects": dg.AssetIn(f"raw_{kind.what}")},
        deps=[dg.AssetDep(f"prepared_{kind.what}", partition_mapping=dg.AllPartitionMapping())],
        outs={
            kept: _out(model, what, f"processed/cleaned_{file}"),
            rejected: _out(Rejects, f"Rows of {kind.what} set aside, with reasons.", f"processed/rejected_{file}"),
        },
        check_specs=[
            dg.AssetCheckSpec(
                ROWS_CHECK,
                asset=kept,
                blocking=True,
                description="Rows in = rows kept + rows rejected, over all objects.",
            )
        ],
        group_name="cleaned",
        can_subset=False,
    )
    def clean_table(
        context: dg.AssetExecutionContext,
        settings: dg.ResourceParam[Settings],
        raw_objects: dg.ResourceParam[ObjectStore],
        prepared: dg.ResourceParam[PreparedTables],
        objects: pl.DataFrame,
    ) -> Iterator[dg.Output[pl.DataFrame] | dg.AssetCheckResult]:
        """Read, repair and filter the objects that nobody has prepared, and join them all: each row once."""
        with told_clearly(context, settings.retries):
            files = _prepared(context, kind, settings, raw_objects, prepared, objects)
            frame, rejects = _joined(kind, model, files, settings.data.near_duplicate_similarity)
            if frame.is_empty():
                raise ValueError(_nothing(kind.objects(settings), rejects))
            counts = {
                "rows_in": sum(each.table.counts()["rows_in"] for each in files.values()),
                "rows_kept": len(frame),
                "rows_rejected": len(rejects),
            }
            yield dg.Output(
                frame, kept, metadata={**counts, **_figures(files)}, data_version=content_version(frame.iter_rows())
            )
            shown = {"reasons": shown_table(rejects_summary(rejects)), "rows": sample(rejects, ROWS_SHOWN)}
            yield dg.Output(rejects, rejected, metadata=shown)
            yield dg.AssetCheckResult(
                passed=counts["rows_in"] == len(frame) + len(rejects)
                and all(each.table.complete() for each in files.values()),
                check_name=ROWS_CHECK,
                asset_key=kept,
                metadata=counts,
            )

    return clean_table


def _prepared(
    context: dg.AssetExecutionContext,
    kind: Kind,
    settings: Settings,
    store: ObjectStore,
    tables: PreparedTables,
    objects: pl.DataFrame,
) -> dict[str, Preparation]:
    """The objects in order of name, prepared by now; those that cannot be used are told all at once."""
    shown = context.instance.get_materialized_partitions(dg.AssetKey(f"prepared_{kind.what}"))
    files: dict[str, Preparation] = {}
    faults: list[str] = []
    for key, etag in objects.sort("source_file").select("source_file", "etag").iter_rows():
        try:
            files[key] = made = prepare(kind, settings, store, tables, key, etag)
        except ValueError as error:
            faults.append(str(error))
            continue
        context.log.info(f"{key}: {'prepared' if made.texts else 'was prepared already'}")
        if made.texts or key not in shown:
            record(context, kind, key, made)
    if faults:
        raise ValueError("\n".join(faults))
    return files


def _joined(
    kind: Kind, model: type[pap.DataFrameModel], files: Mapping[str, Preparation], similarity: float | None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows kept and rejected. A kept row that breaks the model joins the rejected ones."""
    frame, copies = each_once(((key, each.table.parts()) for key, each in files.items()), kind.identity, similarity)
    kept, invalid = split_valid(model, frame)
    columns = copies.columns
    rejects = [each.table.rejected().with_columns(source_file=pl.lit(key)) for key, each in files.items()]
    broken = invalid.with_columns(line=pl.lit(None, pl.Int64), sample=pl.col(kind.identity.text).str.slice(0, 200))
    found = pl.concat([each.select(columns) for each in (*rejects, copies, broken)])
    return kept, found.sort("source_file", "source_row")


def _figures(files: Mapping[str, Preparation]) -> dict[str, dg.MetadataValue | int]:
    """What was done to the objects, for people."""
    repairs = Counter[str]()
    for each in files.values():
        repairs.update(each.table.repairs())
    counts = [{"source_file": key} | each.table.counts() for key, each in files.items()]
    now = [each.texts for each in files.values() if each.texts]
    return {
        "repairs": dg.MetadataValue.json(dict(repairs)),
        "objects": shown_table(pl.DataFrame(counts[:ROWS_SHOWN])),
        "objects_prepared": len(now),
        **{name: sum(each[name] for each in now) for name in ("texts_normalised", "texts_known_from_before")},
    }


def _nothing(pattern: str, rejects: pl.DataFrame) -> str:
    reasons = ", ".join(f"{row['rows']} {row['reason']}" for row in rejects_summary(rejects).to_dicts())
    return (
        f"Nothing in {pattern} can be used: {reasons or 'it has no rows'}. "
        "Check the file, and `data` and `keywords` in config/pipeline.yaml."
    )
