"""The labelled layer: a validated snapshot of what people said of a day's documents."""

from collections.abc import Iterator
from dataclasses import asdict

import dagster as dg
import polars as pl

from resources.document_store import DocumentStore
from resources.labels import Labels
from resume_assets.assets.common import OWNERS, content_version, table_metadata, told_clearly
from resume_assets.label_table import BadLabel, LabelTable, label_table
from resume_assets.partitions import collection_name
from resume_assets.schemas import LabelledResumes, dagster_type
from resume_assets.settings import Settings
from tailoring import statistics

BAD_LABELS_CHECK = "every_label_can_be_used"
BAD_LABELS_SHOWN = 100


def label_assets(days: dg.DailyPartitionsDefinition) -> list[dg.AssetsDefinition]:
    """The labels of a day, partitioned by the calendar."""

    @dg.asset(
        partitions_def=days,
        group_name="daily",
        kinds={"mongodb", "polars", "pandera"},
        owners=OWNERS,
        code_version="1",
        deps=["daily_collection"],
        dagster_type=dagster_type(LabelledResumes),
        metadata=table_metadata(LabelledResumes, "output/labelled_resumes"),
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
    ) -> Iterator[dg.Output[pl.DataFrame] | dg.AssetCheckResult]:
        """The day's labels, each checked; one that cannot be used is told with its reason and stays where it is."""
        with told_clearly(context, settings.retries):
            date = context.partition_key
            repaired = Labels(documents).repair(date)
            table = label_table(documents.labels_between(date, date))
            total, _ = documents.day_progress(collection_name(date), date)
            yield dg.Output(
                table.good,
                metadata={**_figures(table, total), "repaired": repaired},
                data_version=content_version(table.good.iter_rows()),
            )
            yield dg.AssetCheckResult(
                check_name=BAD_LABELS_CHECK,
                passed=not table.bad,
                severity=dg.AssetCheckSeverity.WARN,
                metadata={"bad_labels": len(table.bad)},
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
