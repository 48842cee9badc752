"""The daily report: what a day's labels say, beside those of the days before it. As a page, as JSON, as a table.

The same labels give the same bytes: no report says when it was written.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from tailoring import charts
from tailoring.statistics import DayProgress, Frozen, Group, Rating, Statistics, ZScore, describe, z_scores


class DailyReport(Frozen):
    """`window` holds the day itself and the days before it; `z_scores` are those of the day's documents in the day.

    `progress` tells the days of the window that have documents, in order. `bad_labels` counts labels of the day that
    could not be used.
    """

    day: str
    first_day: str
    of_day: Statistics
    window: Statistics
    z_scores: tuple[ZScore, ...]
    progress: tuple[DayProgress, ...]
    bad_labels: int

    @property
    def day_progress(self) -> DayProgress:
        return next(
            (each for each in self.progress if each.day == self.day), DayProgress(day=self.day, total=0, labelled=0)
        )


class Row(Frozen):
    """One line of the report's table: the documents of the window that share an arm, a prompt, a model or a day."""

    by: str
    name: str
    documents: int
    mean: float
    low: float | None  # of the mean's 95% interval
    high: float | None
    median: float
    sd: float | None
    truthful_share: float
    truthful_low: float
    truthful_high: float


def daily_report(
    day: str, first_day: str, ratings: Sequence[Rating], progress: Sequence[DayProgress], bad_labels: int
) -> DailyReport:
    """The report of `day` (ISO) from the ratings of the window that starts with `first_day`."""
    own = [each for each in ratings if each.day.isoformat() == day]
    return DailyReport(
        day=day,
        first_day=first_day,
        of_day=describe(own),
        window=describe(ratings),
        z_scores=z_scores([each for each in own if each.number == 1]),
        progress=tuple(progress),
        bad_labels=bad_labels,
    )


def rows(report: DailyReport) -> list[Row]:
    """The window as a table: all documents first, then by arm, prompt, model and day."""
    return list(_rows(report.window))


def _rows(window: Statistics) -> Iterator[Row]:
    everything = (Group(name="all", summary=window.summary),) if window.summary else ()
    parts = {
        "all": everything,
        "arm": window.arms,
        "prompt": window.prompts,
        "model": window.models,
        "day": window.days,
    }
    for by, groups in parts.items():
        for group in groups:
            summary = group.summary
            yield Row(
                by=by,
                name=group.name,
                documents=summary.documents,
                mean=summary.mean,
                low=summary.interval.low if summary.interval else None,
                high=summary.interval.high if summary.interval else None,
                median=summary.median,
                sd=summary.sd,
                truthful_share=summary.truthful.value,
                truthful_low=summary.truthful.interval.low,
                truthful_high=summary.truthful.interval.high,
            )


def as_page(report: DailyReport) -> str:
    """The report as one HTML file that needs nothing else."""
    window = report.window
    return str(
        _template().render(
            report=report,
            rows=rows(report),
            charts={
                "Scores of the day": charts.score_histogram(report.of_day),
                "Scores over days": charts.scores_over_days(window),
                "Labelled documents": charts.label_progress(report.progress),
                "Labels by volunteer": charts.volunteer_labels(window.volunteers),
                "Arms": charts.group_means("Arms", window.arms),
                "Prompts": charts.group_means("Prompts", window.prompts),
                "Models": charts.group_means("Models", window.models),
            },
        )
    )


@cache
def _template() -> Any:
    from jinja2 import Environment, StrictUndefined

    # Names and notes were typed by people: everything is escaped but our own charts.
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["figure"] = lambda value, digits=1: "–" if value is None else f"{value:.{digits}f}"
    environment.filters["percent"] = lambda value: "–" if value is None else f"{value:.1%}"
    return environment.from_string(files("tailoring").joinpath("data/daily_report.html.jinja").read_text("utf-8"))
