"""The labelled layer: a validated snapshot of what people said of a day's documents."""

from dataclasses import asdict

import dagster as dg

from resources.document_store import DocumentStore
from resources.labels import Labels
from resume_assets.assets.common import OWNERS, content_version, table_metadata, told_clearly
from resume_assets.io import Tables
from resume_assets.label_table import BadLabel, LabelTable, label_table
from resume_assets.partitions import collection_name
from resume_assets.schemas import LabelledResumes
from resume_assets.settings import Settings
from tailoring import statistics

FOLDER = "output/labelled_resumes"
BAD_LABELS_CHECK = "every_label_can_be_used"
BAD_LABELS_SHOWN = 100


def label_assets(days: dg.DailyPartitionsDefinition) -> list[dg.AssetsDefinition]:
    """The labels of a day, partitioned by the calendar."""

    @dg.asset(
        partitions_def=days,
        backfill_policy=dg.BackfillPolicy.single_run(),
        group_name="daily",
        kinds={"mongodb", "polars", "pandera"},
        owners=OWNERS,
        code_version="1",
        deps=["daily_collection"],
        metadata=table_metadata(LabelledResumes),
        check_specs=[
            dg.AssetCheckSpec(
                BAD_LABELS_CHECK, asset="labelled_resumes", description="No label has to be left out: bad ones warn."
            )
        ],
    )
    def labelled_resumes(
        context: dg.AssetExecutionContext,
        settings: dg.ResourceParam[Settings],
        documents: dg.ResourceParam[DocumentStore],
        tables: dg.ResourceParam[Tables],
    ) -> dg.AssetCheckResult:
        """The day's labels, each checked; one that cannot be used is told with its reason and stays where it is."""
        with told_clearly(context, settings.retries):
            bad = 0
            for day in context.partition_keys:
                repaired = Labels(documents).repair(day)
                labels = label_table(documents.labels_between(day, day))
                csv = tables.write(f"{FOLDER}/{day}", labels.good)
                total, _ = documents.day_progress(collection_name(day), day)
                bad += len(labels.bad)
                context.add_asset_metadata(
                    {
                        **_figures(labels, total),
                        "repaired": repaired,
                        "dagster/row_count": len(labels.good),
                        "path": dg.MetadataValue.path(str(csv)),
                        "content": content_version(labels.good.iter_rows()).value,
                    },
                    partition_key=day,
                )
            return dg.AssetCheckResult(
                check_name=BAD_LABELS_CHECK,
                passed=not bad,
                severity=dg.AssetCheckSeverity.WARN,
                metadata={"bad_labels": bad},
            )

    return [labelled_resumes]


def _figures(table: LabelTable, total: int) -> dict[str, dg.MetadataValue | float]:
    ratings = table.ratings()
    labelled = sum(each.number == 1 for each in ratings)
    agreement = statistics.agreement(ratings)
    return {
        "documents": total,
        "labelled": labelled,
        "labelled_share": round(labelled / total, 4) if total else 0.0,
        "labels": len(ratings),
        "volunteers": dg.MetadataValue.table(
            [dg.TableRecord(_shown(each)) for each in statistics.volunteers(ratings)],
            schema=dg.TableSchema([dg.TableColumn(name) for name in statistics.Volunteer.model_fields]),
        ),
        "overlap_documents": agreement.documents,
        **({"krippendorff_alpha": round(agreement.alpha, 4)} if agreement.alpha is not None else {}),
        **({"cohen_kappa": round(agreement.kappa, 4)} if agreement.kappa is not None else {}),
        "bad_labels": len(table.bad),
        "bad_label_reasons": dg.MetadataValue.table(
            [dg.TableRecord(asdict(each)) for each in table.bad[:BAD_LABELS_SHOWN]],
            schema=dg.TableSchema([dg.TableColumn(name) for name in BadLabel.__dataclass_fields__]),
        ),
    }


def _shown(volunteer: statistics.Volunteer) -> dict[str, str | float]:
    values = volunteer.model_dump()
    return {
        name: "" if value is None else round(value, 2) if isinstance(value, float) else value
        for name, value in values.items()
    }
