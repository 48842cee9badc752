"""The parts that every route works with, and how a page is made of them."""

import datetime as dt
import hashlib
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from labelling.attempts import Attempts
from labelling.signing import Signing
from resources.drafts import Drafts
from resources.labels import Labels, Progress
from resources.volunteers import Volunteers
from resume_assets.settings import Settings

FOLDER = Path(__file__).parent
PROGRESS_LASTS = dt.timedelta(seconds=0.25)


@dataclass(frozen=True)
class Site:
    """The outside world of the page, and its settings. `now` tells the time."""

    settings: Settings
    labels: Labels
    volunteers: Volunteers
    drafts: Drafts
    signing: Signing
    attempts: Attempts
    now: Callable[[], dt.datetime]
    _progress: dict[str, tuple[dt.datetime, Progress]] = field(default_factory=dict, repr=False)
    _counting: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def https(self) -> bool:
        """Whether volunteers reach the page over TLS, through a proxy."""
        return self.settings.labelling.public_url.startswith("https:")

    @property
    def cookie_name(self) -> str:
        return "__Host-label" if self.https else "label"

    def today(self) -> str:
        """The day that it is in the calendar's time zone."""
        return self.now().astimezone(ZoneInfo(self.settings.timezone)).date().isoformat()

    def secret_of(self, request: Request) -> str | None:
        """What the browser's cookie holds, if we signed it: a session, or a visitor's number."""
        return self.signing.secret(request.cookies.get(self.cookie_name, ""))

    def progress(self, day: str) -> Progress:
        """How far the day is, counted once for all who ask at about the same time: 1,000 documents take 30 ms."""
        with self._counting:
            now = self.now()
            counted = self._progress.get(day)
            if counted is None or now - counted[0] >= PROGRESS_LASTS:
                counted = self._progress[day] = (now, self.labels.progress(day))
        return counted[1]

    def page(self, request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """A page. A visitor without a cookie gets one, so that the page's forms can be told from forged ones."""
        secret = self.secret_of(request)
        visitor = secret or secrets.token_urlsafe(32)
        values = {
            "form_token": self.signing.form_token(visitor),
            "volunteer": getattr(request.state, "volunteer", None),
            "static": self._static,
            **values,
        }
        response = HTMLResponse(self._templates.get_template(template).render(values), status)
        if secret is None:
            self.set_cookie(response, visitor)
        return response

    def set_cookie(self, response: Response, secret: str) -> None:
        """Let the browser keep this secret, for as long as a session lasts."""
        response.set_cookie(
            self.cookie_name,
            self.signing.cookie(secret),
            max_age=self.settings.labelling.session_hours * 3600,
            secure=self.https,
            httponly=True,
            samesite="strict",
        )

    @cached_property
    def _templates(self) -> Environment:
        return Environment(
            loader=FileSystemLoader(FOLDER / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    @cached_property
    def _static(self) -> dict[str, str]:
        """The address of each static file; it changes with the content, so that browsers may keep what they have."""
        return {
            file.name: f"/static/{file.name}?v={hashlib.sha256(file.read_bytes()).hexdigest()[:12]}"
            for file in (FOLDER / "static").iterdir()
        }


def see(address: str) -> RedirectResponse:
    """Send the browser on after a form, so that loading again sends nothing twice."""
    return RedirectResponse(address, 303)
