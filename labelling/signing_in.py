"""Coming in and going out: sign in by password or invitation, set a password, sign out."""

import math
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from labelling.access import own_form, volunteer_of
from labelling.site import Site, see
from resources.volunteers import PASSWORD_MIN, VolunteerError, key_of

Typed = Annotated[str, Form(max_length=2000)]


def router(site: Site) -> APIRouter:
    """The routes."""
    routes = APIRouter()
    require_own_form = Depends(own_form(site))
    SignedIn = Annotated[str, Depends(volunteer_of(site))]  # noqa: N806  a type

    def come_in(name: str, to: str) -> Response:
        """A new session in a new cookie: one that was planted before is worth nothing."""
        secret = site.volunteers.open_session(name, site.now())
        response = see(to)
        site.set_cookie(response, secret)
        return response

    @routes.get("/sign-in")
    def sign_in_page(request: Request, next: str = "/") -> Response:  # noqa: A002  what it is called in addresses
        return site.page(request, "sign_in.html", error="", name="", next=own_path(next), typed=None)

    @routes.post("/sign-in", dependencies=[require_own_form])
    def sign_in(
        request: Request,
        name: Typed = "",
        password: Typed = "",
        next: Typed = "/",  # noqa: A002
    ) -> Response:
        address = request.client.host if request.client else ""
        whos = (f"name {key_of(name)}", f"address {address}")
        if wait := site.attempts.begin(whos, site.now()):
            minutes = math.ceil(wait.total_seconds() / 60)
            error, status = f"Too many attempts. Try again in {minutes} min.", 429
        else:
            try:
                with site.attempts.made(whos):
                    known = site.volunteers.sign_in(name, password)
                return come_in(known, own_path(next))
            except VolunteerError as refused:
                error, status = str(refused), 401
        response = site.page(request, "sign_in.html", status, error=error, name=name, next=own_path(next), typed=None)
        if wait:
            response.headers["Retry-After"] = str(math.ceil(wait.total_seconds()))
        return response

    @routes.get("/join")
    def join_page(request: Request) -> Response:
        return site.page(request, "join.html", error="")

    @routes.post("/join", dependencies=[require_own_form])
    def join(request: Request, invitation: Typed = "") -> Response:
        address = request.client.host if request.client else ""
        whos = (f"invitation from {address}",)
        if site.attempts.begin(whos, site.now()):
            return site.page(request, "join.html", 429, error="Too many attempts. Try again in a quarter of an hour.")
        try:
            with site.attempts.made(whos):
                name = site.volunteers.redeem(invitation.rpartition("#")[2].strip(), site.now())
        except VolunteerError as refused:
            return site.page(request, "join.html", 401, error=str(refused))
        return come_in(name, "/password?first=yes")

    @routes.get("/password")
    def password_page(request: Request, volunteer: SignedIn, first: str = "") -> Response:
        return site.page(request, "password.html", error="", first=bool(first), least=PASSWORD_MIN)

    @routes.post("/password", dependencies=[require_own_form])
    def set_password(
        request: Request, volunteer: SignedIn, password: Typed = "", again: Typed = "", first: Typed = ""
    ) -> Response:
        try:
            site.volunteers.set_password(volunteer, password, again)
        except VolunteerError as refused:
            return site.page(request, "password.html", 422, error=str(refused), first=bool(first), least=PASSWORD_MIN)
        return come_in(volunteer, "/")

    @routes.post("/sign-out", dependencies=[require_own_form])
    def sign_out(request: Request) -> Response:
        if secret := site.secret_of(request):
            site.volunteers.close_session(secret)
        response = see("/sign-in")
        response.delete_cookie(site.cookie_name, secure=site.https, httponly=True, samesite="strict")
        return response

    return routes


def own_path(address: str) -> str:
    """A path of this site to go on to; anything else becomes the front page, so that nobody is led elsewhere."""
    plain = address.isascii() and address.isprintable() and "\\" not in address
    return address if plain and address.startswith("/") and not address.startswith("//") else "/"
