"""A document's page, and what a volunteer can do with it: label, skip, give back, undo, download, and keep a draft."""

import math
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, Path, Request
from fastapi.responses import JSONResponse, Response

from labelling.access import own_form, volunteer_of
from labelling.shown import NoFileError, as_file, file_name, shown
from labelling.site import Site, see
from resources.document_store import Document
from resources.drafts import Draft
from resources.labels import Label, LabelError, LostClaimError, read_score, read_truthfulness
from resume_assets.schemas import DAY, PAIR

CHECKER = "https://enhancv.com/resources/resume-checker/"
SECONDS_MAX = 24 * 3600.0
MEDIA = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "txt": "text/plain; charset=utf-8",
}

Day = Annotated[str, Path(pattern=DAY)]
Pair = Annotated[str, Path(pattern=PAIR)]
Typed = Annotated[str, Form()]


def router(site: Site) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/documents/{day}/{pair}")
    form = [Depends(own_form(site))]
    SignedIn = Annotated[str, Depends(volunteer_of(site))]  # noqa: N806  a type

    def document_page(request: Request, document: Document, draft: Draft, error: LabelError | None = None) -> Response:
        return site.page(
            request,
            "document.html",
            422 if error else 200,
            document=shown(document),
            draft=draft,
            error=error,
            checker=CHECKER,
            scores_shown=not site.settings.labelling.hide_automatic_scores,
            lease_ends=document["claimed_until"],
            lease_seconds=int(site.labels.lease.total_seconds()),
        )

    def lost(request: Request, error: LabelError, day: str, draft: Draft | None = None) -> Response:
        return site.page(request, "lost.html", 409, error=error, day=day, draft=draft)

    def refused(request: Request, error: LabelError, volunteer: str, document_id: str, draft: Draft) -> Response:
        """The page once more, for whoever still holds the document."""
        document = site.labels.document(document_id)
        if isinstance(error, LostClaimError) or document.get("claimed_by") != volunteer:
            return lost(request, error, document_id.partition("/")[0], draft)
        return document_page(request, document, draft, error)

    @routes.get("")
    def read(request: Request, volunteer: SignedIn, day: Day, pair: Pair) -> Response:
        document_id = f"{day}/{pair}"
        document = site.labels.document(document_id)
        if _own_label(document, volunteer):
            return see(f"/documents/{document_id}/done")
        try:
            document["claimed_until"] = site.labels.renew(document_id, volunteer, site.now())
        except LostClaimError as error:
            return lost(request, error, day)
        return document_page(request, document, site.drafts.of(document_id, volunteer))

    @routes.post("/label", dependencies=form)
    def save(
        request: Request,
        volunteer: SignedIn,
        day: Day,
        pair: Pair,
        generation_id: Typed = "",
        score: Typed = "",
        truthfulness: Typed = "",
        note: Typed = "",
        seconds: Typed = "",
    ) -> Response:
        document_id = f"{day}/{pair}"
        note = note.replace("\r\n", "\n").strip()
        draft = Draft(score, truthfulness, note, seconds)
        try:
            site.labels.save(
                document_id,
                volunteer,
                generation_id,
                read_score(score),
                read_truthfulness(truthfulness),
                note,
                site.now(),
                _seconds(seconds),
            )
        except LabelError as error:
            return refused(request, error, volunteer, document_id, draft)
        site.drafts.drop(document_id, volunteer)
        return see(f"/documents/{document_id}/done")

    @routes.get("/done")
    def done(request: Request, volunteer: SignedIn, day: Day, pair: Pair) -> Response:
        document = site.labels.document(f"{day}/{pair}")
        label = _own_label(document, volunteer)
        if label is None:
            return see(f"/documents/{day}/{pair}")
        left = label["labelled_at"] + site.labels.undo_within - site.now()
        return site.page(
            request,
            "done.html",
            document=document,
            label=label,
            undo_minutes=max(math.ceil(left.total_seconds() / 60), 0),
            day=day,
            progress=site.progress(day),
        )

    @routes.post("/undo", dependencies=form)
    def undo(request: Request, volunteer: SignedIn, day: Day, pair: Pair) -> Response:
        document_id = f"{day}/{pair}"
        try:
            label = site.labels.undo(document_id, volunteer, site.now())
        except LabelError as error:
            return lost(request, error, day)
        site.drafts.keep(document_id, volunteer, _as_typed(label), site.now())
        return see(f"/documents/{document_id}")

    @routes.post("/skip", dependencies=form)
    def skip(
        request: Request, volunteer: SignedIn, day: Day, pair: Pair, reason: Typed = "", other: Typed = ""
    ) -> Response:
        document_id = f"{day}/{pair}"
        try:
            site.labels.skip(document_id, volunteer, other.strip() or reason, site.now())
        except LabelError as error:
            return refused(request, error, volunteer, document_id, site.drafts.of(document_id, volunteer))
        return see(f"/?day={day}")

    @routes.post("/release", dependencies=form)
    def release(volunteer: SignedIn, day: Day, pair: Pair) -> Response:
        site.labels.release(f"{day}/{pair}", volunteer)
        return see(f"/?day={day}")

    @routes.post("/renew", dependencies=form)
    def renew(volunteer: SignedIn, day: Day, pair: Pair) -> Response:
        """For the script of an open page: the lease goes on."""
        try:
            until = site.labels.renew(f"{day}/{pair}", volunteer, site.now())
        except LabelError as error:
            return JSONResponse({"error": str(error)}, 409)
        return JSONResponse({"until": until.isoformat()})

    @routes.post("/draft", dependencies=form)
    def keep_draft(
        volunteer: SignedIn,
        day: Day,
        pair: Pair,
        score: Typed = "",
        truthfulness: Typed = "",
        note: Typed = "",
        seconds: Typed = "",
    ) -> Response:
        """For the script of an open page: what is typed so far."""
        document_id = f"{day}/{pair}"
        if site.labels.document(document_id).get("claimed_by") != volunteer:
            return JSONResponse({"error": "You no longer hold this document."}, 409)
        site.drafts.keep(document_id, volunteer, Draft(score, truthfulness, note, seconds), site.now())
        return JSONResponse({"kept": True})

    @routes.get("/resume.{format}")
    def download(
        request: Request,
        volunteer: SignedIn,
        day: Day,
        pair: Pair,
        format: Literal["pdf", "docx", "txt"],  # noqa: A002
    ) -> Response:
        document = site.labels.document(f"{day}/{pair}")
        if document.get("claimed_by") != volunteer and not _own_label(document, volunteer):
            raise LabelError("You do not hold this document.")
        try:
            content = as_file(document, format)
        except NoFileError as error:
            return lost(request, LabelError(str(error)), day)
        disposition = "inline" if format == "txt" else "attachment"
        name = file_name(document, format)
        return Response(
            content, media_type=MEDIA[format], headers={"Content-Disposition": f'{disposition}; filename="{name}"'}
        )

    return routes


def _own_label(document: Document, volunteer: str) -> dict[str, Any] | None:
    return next((each for each in document.get("labels") or [] if each.get("didBy") == volunteer), None)


def _as_typed(label: Label) -> Draft:
    seconds = "" if label.seconds is None else f"{label.seconds:.0f}"
    return Draft(str(label.score), "yes" if label.truthfulness else "no", label.note, seconds)


def _seconds(typed: str) -> float | None:
    """The seconds that the page's script counted; None without the script, or where they cannot be."""
    try:
        seconds = float(typed[:20])
    except ValueError:
        return None
    return seconds if 0 <= seconds <= SECONDS_MAX else None
