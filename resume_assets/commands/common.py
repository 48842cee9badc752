"""What every command needs: the terminal, the settings option, the database, and how errors are told."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from resources.errors import ServiceError
from resume_assets.settings import ConfigError, Settings

if TYPE_CHECKING:
    from resources.document_store import DocumentStore

console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)

ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config",
        help="The settings file; by default config/pipeline.yaml of the project.",
        exists=True,
        dir_okay=False,
    ),
]


@contextmanager
def errors_told(*also: type[Exception]) -> Iterator[None]:
    """Errors that a person can mend are told in plain words, with exit status 1 (2 for the configuration).

    `also` are those of the command itself, beside the configuration's and the services'.
    """
    expected: tuple[type[Exception], ...] = (ServiceError, *also)
    try:
        yield
    except ConfigError as error:
        errors.print(f"[red]The configuration has {len(error.mistakes)} mistake(s):[/red]")
        for mistake in error.mistakes:
            errors.print(f"  {mistake}", markup=False, soft_wrap=True)
        raise typer.Exit(2) from None
    except expected as error:
        errors.print("[red]Error:[/red]", end=" ")
        errors.print(str(error), markup=False)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        errors.print("Stopped.")
        raise typer.Exit(130) from None


@contextmanager
def open_documents(settings: Settings) -> Iterator["DocumentStore"]:
    """The documents; the embedded database is started for the command where it does not run."""
    from resources.embedded import running
    from resume_assets.definitions import build_resources
    from resume_assets.local import embedded_services

    with running([service for service in embedded_services(settings) if service.name == "documents"]):
        documents: DocumentStore = build_resources(settings)["documents"]
        documents.ping()
        yield documents
