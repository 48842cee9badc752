"""Who asks: the dependencies that let in volunteers only, and forms of our own only."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Form, Header, Request

from labelling.site import Site


class SignInNeededError(Exception):
    """Nobody is signed in."""


class ForgedFormError(Exception):
    """A form that we did not show to this browser."""


def volunteer_of(site: Site) -> Callable[[Request], str]:
    """A dependency: the name of whoever is signed in.

    Raises SignInNeededError when nobody is.
    """

    def dependency(request: Request) -> str:
        secret = site.secret_of(request)
        session = site.volunteers.session(secret, site.now()) if secret else None
        if session is None:
            raise SignInNeededError
        request.state.volunteer = session.volunteer
        return session.volunteer

    return dependency


def own_form(site: Site) -> Callable[..., None]:
    """A dependency: the request brings the token of the page that it comes from.

    Raises ForgedFormError when it does not.
    """

    def dependency(
        request: Request,
        form_token: Annotated[str, Form()] = "",
        x_form_token: Annotated[str, Header()] = "",
    ) -> None:
        secret = site.secret_of(request)
        if secret is None or not site.signing.is_form_token(form_token or x_form_token, secret):
            raise ForgedFormError

    return dependency
