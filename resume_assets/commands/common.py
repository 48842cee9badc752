"""What every command needs: the terminal, the settings option, and how errors are told."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from resources.errors import ServiceError
from resume_assets.settings import ConfigError

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
def errors_told() -> Iterator[None]:
    """Errors that a person can mend are told in plain words, with exit status 1 (2 for the configuration)."""
    try:
        yield
    except ConfigError as error:
        errors.print(f"[red]The configuration has {len(error.mistakes)} mistake(s):[/red]")
        for mistake in error.mistakes:
            errors.print(f"  {mistake}", markup=False, soft_wrap=True)
        raise typer.Exit(2) from None
    except ServiceError as error:
        errors.print(f"[red]Error:[/red] {error}")
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        errors.print("Stopped.")
        raise typer.Exit(130) from None
