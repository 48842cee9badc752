"""`volunteers`: who may label on the label page."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from resume_assets.commands.common import ConfigOption, console, errors, errors_told, open_documents
from resume_assets.settings import Settings, load_settings

if TYPE_CHECKING:
    from resources.volunteers import Volunteers

app = typer.Typer(help="The people who label: let them in, list them, shut them out.", no_args_is_help=True)

NameArgument = Annotated[str, typer.Argument(help="The volunteer's name; it stands beside their labels.")]


@app.command()
def add(name: NameArgument, config: ConfigOption = None) -> None:
    """Let a volunteer in: prints a personal link that works once. For somebody known, it is a new link.

    Send it over a channel that only they read. On their first visit they may set a password to come back with.
    """
    from resources.volunteers import VolunteerError

    with errors_told(VolunteerError):
        settings = load_settings(config)
        with _volunteers(settings) as volunteers:
            secret = volunteers.invite(name, _now())
    console.print(f"{settings.label_page_url}/join#{secret}", markup=False, soft_wrap=True)
    errors.print(
        f"The link lets {name!r} in once, within {settings.labelling.invite_days} days. It is shown only now.",
        markup=False,
    )


@app.command(name="list")
def list_volunteers(
    config: ConfigOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
) -> None:
    """Everybody who may label or might once, without their secrets."""
    from dataclasses import asdict

    with errors_told():
        settings = load_settings(config)
        with _volunteers(settings) as volunteers:
            everybody = volunteers.all()
    if as_json:
        console.print_json(data=[asdict(each) for each in everybody], default=str)
        return
    if not everybody:
        console.print("No volunteers yet: resume-assets volunteers add NAME")
        return
    table = Table()
    for column in ("name", "may come in", "last signed in"):
        table.add_column(column)
    now = _now()
    for each in everybody:
        invited = each.invited_until is not None and each.invited_until > now
        ways = [*(["password"] if each.has_password else []), *(["unused link"] if invited else [])]
        if each.revoked_at:
            ways = [f"no, since {each.revoked_at:%Y-%m-%d}"]
        seen = f"{each.last_seen_at:%Y-%m-%d %H:%M} UTC" if each.last_seen_at else ""
        table.add_row(escape(each.name), ", ".join(ways) or "until the session ends", seen)
    console.print(table)


@app.command()
def revoke(name: NameArgument, config: ConfigOption = None) -> None:
    """Shut a volunteer out at once: sessions, link and password end. Their labels stay."""
    with errors_told():
        settings = load_settings(config)
        with _volunteers(settings) as volunteers:
            known = volunteers.revoke(name, _now())
    if not known:
        errors.print(f"There is no volunteer {name!r}.", markup=False)
        raise typer.Exit(1)
    console.print(f"{name!r} is shut out.", markup=False)


@contextmanager
def _volunteers(settings: Settings) -> Iterator["Volunteers"]:
    from resources.configured import volunteers

    with open_documents(settings) as documents:
        yield volunteers(settings, documents)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
