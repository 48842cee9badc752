"""The application: the guard, the errors and the routes put together. Nothing is decided here."""

import datetime as dt
from collections.abc import Callable
from urllib.parse import quote, urlsplit

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware

from labelling import dashboard, documents, queue, signing_in
from labelling.access import ForgedFormError, SignInNeededError
from labelling.attempts import Attempts
from labelling.guard import Guard
from labelling.signing import Signing, secret_key
from labelling.site import FOLDER, Site, see
from resources.configured import document_store, labels, volunteers
from resources.drafts import Drafts
from resources.embedded import LOOPBACK
from resources.errors import ServiceError
from resources.labels import LabelError
from resume_assets.settings import Settings

KEY_FILE = "services/labelling.key"


def utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def create_app(settings: Settings, now: Callable[[], dt.datetime] = utc_now) -> FastAPI:
    """The label page of these settings."""
    store = document_store(settings)
    site = Site(
        settings=settings,
        labels=labels(settings, store),
        volunteers=volunteers(settings, store),
        drafts=Drafts(store),
        signing=Signing(secret_key(settings.data_folder / KEY_FILE)),
        attempts=Attempts(settings.labelling.sign_in_attempts),
        now=now,
    )
    app = FastAPI(title="Label page", openapi_url=None)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=_hosts(settings))
    app.add_middleware(Guard, https=site.https)
    app.mount("/static", StaticFiles(directory=FOLDER / "static"))
    for part in (signing_in, queue, documents, dashboard):
        app.include_router(part.router(site))

    @app.get("/healthz")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    _tell_errors(app, site)
    return app


def _hosts(settings: Settings) -> list[str]:
    """The names that the page answers to; another name is a browser that was led here by somebody's DNS."""
    public = urlsplit(settings.labelling.public_url).hostname
    return [LOOPBACK, "localhost", settings.labelling.host, *([public] if public else [])]


def _tell_errors(app: FastAPI, site: Site) -> None:
    def page(request: Request, status: int, title: str, text: str) -> Response:
        if _wants_json(request):
            return JSONResponse({"error": text}, status)
        return site.page(request, "problem.html", status, title=title, text=text)

    @app.exception_handler(SignInNeededError)
    async def sign_in(request: Request, error: SignInNeededError) -> Response:
        if _wants_json(request):
            return JSONResponse({"error": "Your session has ended: sign in again."}, 401)
        if request.method == "GET":
            path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return see(f"/sign-in?next={quote(path, safe='/')}")
        typed = await request.form() if request.url.path.endswith("/label") else None
        back = request.url.path.removesuffix("/label") if typed else "/"
        text = "Your session has ended. Sign in to go on."
        return site.page(request, "sign_in.html", 401, error=text, name="", next=back, typed=typed)

    @app.exception_handler(ServiceError)
    async def unavailable(request: Request, error: ServiceError) -> Response:
        if request.method == "POST" and request.url.path.endswith("/label"):
            form = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
            return site.page(request, "not_saved.html", 503, action=request.url.path, typed=form)
        return page(request, 503, "Nothing is lost, but the database does not answer", "Try again in a minute.")

    @app.exception_handler(ForgedFormError)
    async def forged(request: Request, error: ForgedFormError) -> Response:
        return page(request, 403, "This form is out of date", "Go back, load the page again, and send it once more.")

    @app.exception_handler(LabelError)
    async def refused(request: Request, error: LabelError) -> Response:
        return page(request, 404, "Not here", str(error))

    @app.exception_handler(RequestValidationError)
    async def malformed(request: Request, error: RequestValidationError) -> Response:
        return page(request, 422, "That cannot be", "The address or the form holds something that is not allowed.")

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> Response:
        response = page(request, error.status_code, "Not here", "There is no such page.")
        response.headers.update(error.headers or {})
        return response


def _wants_json(request: Request) -> bool:
    """Whether a script asks, which shows no page."""
    return request.url.path.endswith(("/renew", "/draft", "/healthz"))
