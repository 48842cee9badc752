"""The dashboard: what the labels of the last days say, in numbers and charts."""

import datetime as dt
import threading
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from markupsafe import Markup

from labelling.access import volunteer_of
from labelling.site import Site
from resources.labels import is_overlap
from tailoring.statistics import DayProgress, Statistics, describe

SPANS = (7, 30, 90)  # days
DRAWN_LASTS = dt.timedelta(seconds=20)  # seven charts take a second to draw


@dataclass(frozen=True)
class Charts:
    """The charts as SVG elements, which `tailoring.charts` drew from numbers and escaped names."""

    scores: Markup
    days: Markup
    arms: Markup
    models: Markup
    prompts: Markup
    progress: Markup
    volunteers: Markup


def router(site: Site) -> APIRouter:
    """The routes."""
    routes = APIRouter()
    drawn: dict[int, tuple[dt.datetime, dict[str, Any]]] = {}
    drawing = threading.Lock()
    SignedIn = Annotated[str, Depends(volunteer_of(site))]  # noqa: N806  a type

    @routes.get("/dashboard")
    def dashboard(
        request: Request, volunteer: SignedIn, span: Annotated[int, Query(ge=1, le=SPANS[-1])] = SPANS[0]
    ) -> Response:
        span = min(each for each in SPANS if each >= span)
        with drawing:
            now = site.now()
            if span not in drawn or now - drawn[span][0] >= DRAWN_LASTS:
                drawn[span] = (now, _drawn(site, span))
        return site.page(request, "dashboard.html", **drawn[span][1], span=span, spans=SPANS)

    return routes


def _drawn(site: Site, span: int) -> dict[str, Any]:
    """What the page shows of the last days."""
    from resume_assets.label_table import label_table

    last = dt.date.fromisoformat(site.today())
    first = last - dt.timedelta(days=span - 1)
    table = label_table(site.labels.documents.labels_between(first.isoformat(), last.isoformat()))
    statistics = describe(table.ratings())
    charts = _charts(statistics, _progress(site, first, last))
    share = site.labels.overlap_share  # nobody who gives a second opinion shall find the first one here
    outliers = [each for each in statistics.outliers if not is_overlap(each.document_id, share)]
    return {"statistics": statistics, "outliers": outliers, "charts": charts, "bad": table.bad}


def _progress(site: Site, first: dt.date, last: dt.date) -> list[DayProgress]:
    """The days that have documents, of the last week at most: each is counted."""
    days = [(last - dt.timedelta(days=back)).isoformat() for back in range(min((last - first).days + 1, 7))]
    counted = [(day, site.progress(day)) for day in reversed(days)]
    return [
        DayProgress(day=day, total=each.documents, labelled=each.labelled) for day, each in counted if each.documents
    ]


def _charts(statistics: Statistics, progress: list[DayProgress]) -> Charts:
    from tailoring import charts

    return Charts(
        scores=Markup(charts.score_histogram(statistics)),  # noqa: S704  drawn by us
        days=Markup(charts.scores_over_days(statistics)),  # noqa: S704
        arms=Markup(charts.group_means("Mean score by arm", statistics.arms)),  # noqa: S704
        models=Markup(charts.group_means("Mean score by model", statistics.models)),  # noqa: S704
        prompts=Markup(charts.group_means("Mean score by prompt", statistics.prompts)),  # noqa: S704
        progress=Markup(charts.label_progress(progress)),  # noqa: S704
        volunteers=Markup(charts.volunteer_labels(statistics.volunteers)),  # noqa: S704
    )
