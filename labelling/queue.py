"""The front page: how far the day is, and the next document."""

import datetime as dt
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import Response

from labelling.access import own_form, volunteer_of
from labelling.site import Site, see
from resources.labels import Progress
from resume_assets.schemas import DAY

DAYS_OFFERED = 2  # today and yesterday

Day = Annotated[str, Query(pattern=DAY)]


@dataclass(frozen=True)
class Offered:
    """A day that can be labelled."""

    day: str
    name: str
    progress: Progress


def router(site: Site) -> APIRouter:
    """The routes."""
    routes = APIRouter()
    SignedIn = Annotated[str, Depends(volunteer_of(site))]  # noqa: N806  a type

    @routes.get("/")
    def queue(request: Request, volunteer: SignedIn, day: Day | None = None, nothing: bool = False) -> Response:
        today = dt.date.fromisoformat(site.today())
        days = [(today - dt.timedelta(days=back)).isoformat() for back in range(DAYS_OFFERED)]
        if day is not None and day not in days and is_day(day):
            days.append(day)
        offered = [Offered(each, _name(each, today), site.progress(each)) for each in days]
        chosen = next((each for each in offered if each.day == day), None) or _best(offered)
        return site.page(
            request,
            "queue.html",
            offered=offered,
            chosen=chosen,
            mine=chosen.progress.by_volunteer.get(volunteer, 0),
            last=chosen.progress.last.get(volunteer, ""),
            nothing=nothing,
        )

    @routes.post("/claim", dependencies=[Depends(own_form(site))])
    def claim(volunteer: SignedIn, day: Annotated[str, Form(max_length=10)] = "") -> Response:
        if not is_day(day):
            return see("/")
        document = site.labels.claim_next(day, volunteer, site.now())
        return see(f"/documents/{document['_id']}" if document else f"/?day={day}&nothing=yes")

    return routes


def is_day(text: str) -> bool:
    """Whether this is a day as it stands in a document's id."""
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _name(day: str, today: dt.date) -> str:
    date = dt.date.fromisoformat(day)
    ago = (today - date).days
    return {0: "Today", 1: "Yesterday"}.get(ago, "") or f"{date.day} {date:%b} {date.year}"


def _best(offered: list[Offered]) -> Offered:
    """The newest day that has anything to do; else the newest that has documents; else today."""
    open_days = [each for each in offered if each.progress.labelled < each.progress.documents]
    filled = [each for each in offered if each.progress.documents]
    return (open_days or filled or offered)[0]
