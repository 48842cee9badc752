"""The reports layer: each day's figures for people, as a page, a picture, JSON and a table."""

import datetime as dt
from collections.abc import Iterable
from functools import cache
from typing import Any

import dagster as dg
import pandas as pd

from resources.document_store import DocumentStore
from resources.files import atomic_path
from resume_assets.assets.common import OWNERS, content_version, told_clearly
from resume_assets.io import PATH
from resume_assets.label_table import label_table
from resume_assets.partitions import collection_name
from resume_assets.settings import Settings
from tailoring import charts, daily_report
from tailoring.daily_report import DailyReport, Row
from tailoring.statistics import DayProgress, Summary

FOLDER = "output/reports"


def report_assets(days: dg.DailyPartitionsDefinition) -> list[dg.AssetsDefinition]:
    """The report of a day, partitioned by the calendar."""

    @dg.asset(
        name="daily_report",
        partitions_def=days,
        group_name="reports",
        kinds={"mongodb", "pandas", "matplotlib"},
        owners=OWNERS,
        code_version="1",
        deps=["labelled_resumes", "model_evaluation"],
        dagster_type=report_table(),
        metadata={PATH: FOLDER},
    )
    def daily_report_asset(
        context: dg.AssetExecutionContext,
        settings: dg.ResourceParam[Settings],
        documents: dg.ResourceParam[DocumentStore],
    ) -> dg.Output[pd.DataFrame]:
        """What the day's labels say, beside the days before it: scores, truth, arms, progress, volunteers."""
        with told_clearly(context, settings.retries):
            report = _report(documents, context.partition_key, settings.reports.window_days)
            page = daily_report.as_page(report)
            target = settings.data_folder / FOLDER / f"{report.day}.html"
            for suffix, content in {
                ".html": page.encode(),
                ".json": report.model_dump_json(indent=2).encode(),
                ".png": charts.picture(report.of_day, report.window),
            }.items():
                with atomic_path(target.with_suffix(suffix)) as part:
                    part.write_bytes(content)
            table = daily_report.rows(report)
            return dg.Output(
                _frame(table),
                metadata={
                    **_numbers(report),
                    "figures": dg.MetadataValue.md(_markdown(table)),
                    "page": dg.MetadataValue.path(str(target)),
                    "picture": dg.MetadataValue.path(str(target.with_suffix(".png"))),
                },
                data_version=content_version([page]),
            )

    return [daily_report_asset]


def _report(documents: DocumentStore, day: str, window_days: int) -> DailyReport:
    last = dt.date.fromisoformat(day)
    window = [(last - dt.timedelta(days=before)).isoformat() for before in reversed(range(window_days))]
    labels = label_table(documents.labels_between(window[0], day))
    ratings = labels.ratings()
    labelled = [each.day.isoformat() for each in ratings if each.number == 1]
    totals = {each: documents.day_progress(collection_name(each), each)[0] for each in window}
    return daily_report.daily_report(
        day,
        window[0],
        ratings,
        [DayProgress(day=each, total=total, labelled=labelled.count(each)) for each, total in totals.items() if total],
        bad_labels=sum(each.document_id.startswith(f"{day}/") for each in labels.bad),
    )


def _numbers(report: DailyReport) -> dict[str, float]:
    """What the UI plots over the days; a number that nothing can tell is left out."""
    done, window = report.day_progress, report.window
    told: dict[str, float | None] = {
        "documents": done.total,
        "labelled": done.labelled,
        "labelled_share": done.share,
        **(_scores(report.of_day.summary) if report.of_day.summary else {}),
        "outliers": len(report.of_day.outliers),
        "bad_labels": report.bad_labels,
        "volunteers": len(report.of_day.volunteers),
        "median_seconds": report.of_day.median_seconds,
        "window_labelled": window.summary.documents if window.summary else 0,
        "window_mean_score": window.summary.mean if window.summary else None,
        "window_truthful_share": window.summary.truthful.value if window.summary else None,
        "points_a_day": window.trend.points_a_day if window.trend else None,
        "overlap_documents": window.agreement.documents,
        "krippendorff_alpha": window.agreement.alpha,
        "cohen_kappa": window.agreement.kappa,
    }
    return {name: round(value, 4) for name, value in told.items() if value is not None}


def _scores(summary: Summary) -> dict[str, float | None]:
    return {
        "mean_score": summary.mean,
        "mean_score_low": summary.interval.low if summary.interval else None,
        "mean_score_high": summary.interval.high if summary.interval else None,
        "median_score": summary.median,
        "sd_score": summary.sd,
        "truthful_share": summary.truthful.value,
    }


@cache
def report_table() -> dg.DagsterType:
    """The type of the report's table: its constraints, and how many rows of each kind it has."""
    import dagster_pandas

    column: Any = dagster_pandas.PandasColumn  # the package has no types
    make_type: Any = dagster_pandas.create_dagster_pandas_dataframe_type
    scores = [column.float_column(name, 0, 100, non_nullable=True) for name in ("mean", "median")]
    spreads = [column.float_column(name, 0, 100, ignore_missing_vals=True) for name in ("low", "high", "sd")]
    shares = [
        column.float_column(name, 0, 1, non_nullable=True)
        for name in ("truthful_share", "truthful_low", "truthful_high")
    ]
    made: dg.DagsterType = make_type(
        "DailyReportTable",
        "The labelled documents of the window, by arm, prompt, model and day, with 95% intervals.",
        columns=[
            column.categorical_column("by", {"all", "arm", "prompt", "model", "day"}, non_nullable=True),
            column.string_column("name", non_nullable=True),
            column.integer_column("documents", min_value=1, non_nullable=True),
            *scores,
            *spreads,
            *shares,
        ],
        metadata_fn=lambda frame: {"rows": len(frame), **frame.groupby("by").size().to_dict()},
    )
    return made


def _frame(table: Iterable[Row]) -> pd.DataFrame:
    texts, whole = ("by", "name"), ("documents",)
    types = {name: "object" if name in texts else "int64" if name in whole else "float64" for name in Row.model_fields}
    return pd.DataFrame([row.model_dump() for row in table], columns=list(types)).astype(types)


def _markdown(table: Iterable[Row]) -> str:
    lines = ["| by | name | documents | mean | 95% | median | truthful |", "|---|---|--:|--:|--:|--:|--:|"]
    for row in table:
        interval = "" if row.low is None or row.high is None else f"{row.low:.1f} to {row.high:.1f}"
        name = row.name.replace("|", "\\|")
        lines.append(
            f"| {row.by} | {name} | {row.documents} | {row.mean:.1f} | {interval} | {row.median:.1f} "
            f"| {row.truthful_share:.1%} |"
        )
    return "\n".join(lines)
